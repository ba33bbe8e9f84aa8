import ColStore
import Glibc
import ML
import Query

/// The folder of a bake-off's results: a model, curves and a calibration table of each run that the
/// test part judged, beside the log of all runs.
struct BakeOffFolder: BakeOffKeeper {
  let path: String

  /// - Throws: ``StoreError`` where the folder cannot be made.
  init(_ path: String) throws(StoreError) {
    self.path = path
    for folder in [path, "\(path)/models", "\(path)/curves"] { try makeFolder(folder) }
  }

  var logPath: String { "\(path)/running_results.csv" }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The model's file, in the format of the library it comes from.
  func modelFile(_ run: BakeOffRun) -> String {
    file("models/\(run.modelName).\(run.identity.kind == .lightgbm ? "txt" : "json")")
  }

  func curveFile(_ run: BakeOffRun) -> String { file("curves/\(run.modelName)_curve.csv") }
  func calibrationFile(_ run: BakeOffRun) -> String {
    file("curves/\(run.modelName)_calibration.csv")
  }

  /// Says which run the files of a model's name belong to; written after them.
  private func markFile(_ run: BakeOffRun) -> String { file("models/\(run.modelName).run") }

  private func mark(_ run: BakeOffRun) -> String {
    "\(run.identity.data) \(run.identity.parameters)\n"
  }

  func has(_ run: BakeOffRun) -> Bool {
    guard let bytes = try? WholeFile.read(markFile(run)) else { return false }
    return String(decoding: bytes, as: UTF8.self) == mark(run)
      && [modelFile(run), curveFile(run), calibrationFile(run)].allSatisfy(fileExists)
  }

  func keep(_ run: BakeOffRun, model: Model, judged: ScoredLabels) throws(ModelError) {
    unlink(markFile(run))
    try ModelFile.write(model, to: modelFile(run))
    do {
      try JudgedCurve(judged).table.write(toFile: curveFile(run))
      try CalibrationTable(judged, binCount: 20).table.write(toFile: calibrationFile(run))
      let buffer = TextBuffer()
      buffer.append(mark(run))
      try WholeFile.write(buffer.bytes, to: markFile(run))
    } catch {
      throw (error as? ModelError) ?? ModelError("\(error)")
    }
  }
}

/// What a threshold brings, from none predicted positive to all: the points of ROC and PR curves,
/// thinned where they lie close.
struct JudgedCurve {
  struct Point {
    let threshold: Double
    let falsePositiveRate: Double
    let recall: Double
    let precision: Double
  }

  let points: [Point]

  private static let distanceMin = 0.002
  private static let columns = ["threshold", "false_positive_rate", "recall", "precision"]

  init(_ rows: ScoredLabels) throws(ModelError) {
    let curve = try ThresholdCurve(rows)
    var points: [Point] = []
    for (place, point) in curve.points.enumerated() {
      let recall = point.truePositives / rows.positives
      let falsePositiveRate = point.falsePositives / rows.negatives
      let precision = point.truePositives / (point.truePositives + point.falsePositives)
      if let last = points.last, place + 1 < curve.points.count,
        abs(last.recall - recall) < Self.distanceMin,
        abs(last.falsePositiveRate - falsePositiveRate) < Self.distanceMin,
        abs(last.precision - precision) < Self.distanceMin
      {
        continue
      }
      points.append(
        Point(
          threshold: point.threshold, falsePositiveRate: falsePositiveRate, recall: recall,
          precision: precision))
    }
    self.points = points
  }

  init(file path: String) throws {
    points = try readNumbers(path, columns: Self.columns).map {
      Point(threshold: $0[0], falsePositiveRate: $0[1], recall: $0[2], precision: $0[3])
    }
  }

  var table: SmallTable {
    var table = SmallTable(fields: Self.columns.map { Field(name: $0, type: .double) })
    table.rows = points.map {
      [$0.threshold, $0.falsePositiveRate, $0.recall, $0.precision].map { .double($0) }
    }
    return table
  }
}

/// Reads back a CSV file of numbers that this program wrote.
func readNumbers(_ path: String, columns: [String]) throws -> [[Double]] {
  let lines = String(decoding: try WholeFile.read(path), as: UTF8.self).split(separator: "\n")
  guard lines.first.map({ $0 == columns.joined(separator: ",") }) ?? false else {
    throw StoreError("does not have the columns \(columns.joined(separator: ", "))", at: path)
  }
  return try lines.enumerated().dropFirst().map { number, line in
    let cells = line.split(separator: ",").compactMap { Double($0) }
    guard cells.count == columns.count else {
      throw StoreError("line \(number + 1) is not \(counted(columns.count, "number"))", at: path)
    }
    return cells
  }
}
