import ColStore
import Glibc
import Synchronization

/// The runs of a bake-off that are finished, in a CSV file that grows by a line a run: each line is
/// on the disk before the next run begins.
///
/// A line that a kill has cut short is dropped when the file is opened again.
public final class RunLog: Sendable {
  private let path: String
  private let descriptor: Int32
  private let known = Mutex<[BakeOffRun.Identity: BakeOffRun]>([:])

  private static let columns = [
    "stage", "model_name", "parameters", "fold", "weighted_avg_f1", "recall", "precision",
    "accuracy", "auc_roc", "auc_pr", "log_loss", "train_time_sec", "true_positives",
    "false_positives", "false_negatives", "true_negatives", "model", "data",
  ]
  private static let header = columns.joined(separator: ",")

  /// Opens the file, or makes it, for one process at a time.
  ///
  /// - Throws: ``ModelError`` where it cannot be read or written, another process has it, or a line
  ///   is no run.
  public init(path: String) throws(ModelError) {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure("cannot open the file", path) }
    do throws(ModelError) {
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        throw errno == EWOULDBLOCK
          ? ModelError("\(path): another process is running this bake-off")
          : Self.failure("cannot lock the file", path)
      }
      try load()
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  private static func failure(_ what: String, _ path: String) -> ModelError {
    ModelError("\(path): \(what): \(String(cString: strerror(errno)))")
  }

  private func load() throws(ModelError) {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path) } catch { throw ModelError("\(error)") }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, 0, SEEK_END) >= 0 else {
      throw Self.failure("cannot write the file", path)
    }
    if end == 0 { return try write(Self.header + "\n") }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n")
    guard lines.first.map({ $0 == Self.header }) ?? false else {
      throw ModelError("\(path):1: these are not the runs of a bake-off of this version")
    }
    for (number, line) in lines.enumerated().dropFirst() {
      guard let run = Self.parse(line) else {
        throw ModelError("\(path):\(number + 1): this is no run of a bake-off")
      }
      known.withLock { $0[run.identity] = run }
    }
  }

  public func run(_ identity: BakeOffRun.Identity) -> BakeOffRun? {
    known.withLock { $0[identity] }
  }

  /// Adds finished runs; they are on the disk when this returns.
  public func append(_ runs: [BakeOffRun]) throws(ModelError) {
    try known.withLock { known throws(ModelError) in
      try write(runs.map { Self.line($0) + "\n" }.joined())
      for run in runs { known[run.identity] = run }
    }
  }

  private func write(_ text: String) throws(ModelError) {
    let buffer = TextBuffer()
    buffer.append(text)
    do {
      try WholeFile.append(buffer.bytes, to: descriptor, of: path)
    } catch {
      throw ModelError("\(error)")
    }
  }

  private static func line(_ run: BakeOffRun) -> String {
    let identity = run.identity
    let matrix = run.metrics.confusion
    let numbers = [
      matrix.weightedF1, matrix.recall, matrix.precision, matrix.accuracy,
      run.metrics.areaUnderROC, run.metrics.areaUnderPR, run.metrics.logLoss, run.trainingSeconds,
    ].map(\.description)
    let counts = [
      matrix.truePositives, matrix.falsePositives, matrix.falseNegatives, matrix.trueNegatives,
    ].map { String(Int($0)) }
    let texts = [
      identity.stage.rawValue, run.modelName, identity.parameters,
      identity.fold.map(String.init) ?? "",
    ]
    return (texts + numbers + counts + [identity.kind.rawValue, identity.data])
      .joined(separator: ",")
  }

  private static func parse(_ line: Substring) -> BakeOffRun? {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == columns.count else { return nil }
    let cells = Dictionary(uniqueKeysWithValues: zip(columns, fields))
    func number(_ name: String) -> Double? { cells[name].flatMap { Double($0) } }
    guard let stage = cells["stage"].flatMap({ BakeOffRun.Stage(rawValue: $0) }),
      let kind = cells["model"].flatMap({ ModelKind(rawValue: $0) }),
      let parameters = cells["parameters"], let data = cells["data"], let fold = cells["fold"],
      let truePositives = number("true_positives"), let falsePositives = number("false_positives"),
      let falseNegatives = number("false_negatives"), let trueNegatives = number("true_negatives"),
      let areaUnderROC = number("auc_roc"), let areaUnderPR = number("auc_pr"),
      let logLoss = number("log_loss"), let seconds = number("train_time_sec")
    else { return nil }
    return BakeOffRun(
      identity: BakeOffRun.Identity(
        data: data, stage: stage, kind: kind, parameters: parameters, fold: Int(fold)),
      metrics: ClassificationMetrics(
        confusion: ConfusionMatrix(
          truePositives: truePositives, falsePositives: falsePositives,
          falseNegatives: falseNegatives, trueNegatives: trueNegatives),
        areaUnderROC: areaUnderROC, areaUnderPR: areaUnderPR, logLoss: logLoss),
      trainingSeconds: seconds)
  }
}
