import ArgumentParser
import ColStore
import ML
import Query

/// `ecq evaluate`: how good a model is on a store's rows.
struct Evaluate: ParsableCommand {
  enum Report: String, CaseIterable, ExpressibleByArgument {
    case metrics
    case lift
    case calibration
    case roc
    case pr
    case importance
    case coefficients
  }

  static let configuration = CommandConfiguration(
    abstract: "Print a model's metrics on a store, or its curves, lift table or importances.",
    discussion: """
      EXAMPLES:
        ecq evaluate sessions.ecq --model model.json
      """)

  @Argument(help: ArgumentHelp("The store.", valueName: "store"), completion: .file())
  var store: String

  @Option(name: .long, help: ArgumentHelp("The model.", valueName: "model"), completion: .file())
  var model: String

  @Option(
    name: .long,
    help: ArgumentHelp("The true classes (default: the label of training).", valueName: "column"))
  var label: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What to print: metrics, lift, calibration, roc, pr, importance, coefficients.",
      valueName: "report"))
  var report = Report.metrics

  @OptionGroup var rows: ModelRows

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Judge by the test part of this split only, as train made it (default: all rows).",
      valueName: "split"))
  var split = SplitChoice(.none)

  @Option(name: .long, help: ArgumentHelp("The share of rows to test with.", valueName: "share"))
  var testShare = RowSplit.defaultTestShare

  @Option(name: .long, help: "Of the split, and of permutations.")
  var seed: UInt64 = RowSplit.defaultSeed

  @Option(name: .long, help: "A threshold to print metrics at, beside 0.5.")
  var threshold: Double?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Choose the threshold on these rows: f1, precision@recall=0.8, cost=FP:FN.",
      valueName: "goal"))
  var optimize: String?

  @OptionGroup var results: ResultOptions

  func run() throws {
    let model = try ModelFile.read(model)
    guard let name = label ?? model.label else {
      throw UsageFailure("the model does not know its label: give it with --label")
    }
    let source = try rows.open(store) { store in store.columns.map(\.name) }
    let threads = rows.threads.count
    let label = try BinaryLabel(source, column: name, threads: threads)
    let test = try split.split(
      source, label: label, testShare: testShare, seed: seed, threads: threads)?.test
    let scorer = try Scorer(model, source, threads: threads)
    let stream = OutputStream.standardOutput()
    let sink = results.makeSink(to: stream)
    switch report {
    case .importance:
      try Importances(model).table(scorer, label, test, seed: seed).write(to: sink)
    case .coefficients:
      try Importances(model).coefficients().write(to: sink)
    case .metrics, .lift, .calibration, .roc, .pr:
      let judged = try ScoredLabels(
        scores: scorer.probabilities(of: test),
        labels: test.map { rows in rows.map { label.values[Int($0)] } } ?? label.values)
      try write(judged, threshold: threshold ?? model.threshold, to: sink)
    }
    try stream.flush()
  }

  private func write(
    _ judged: ScoredLabels, threshold given: Double, to sink: any ResultSink
  ) throws {
    switch report {
    case .metrics, .importance, .coefficients:
      var threshold = given
      if let optimize {
        guard let goal = ThresholdGoal(optimize) else {
          throw UsageFailure("--optimize \(optimize) is not f1, precision@recall=R or cost=FP:FN")
        }
        threshold = try ThresholdCurve(judged).threshold(for: goal)
      }
      try MetricTable(judged, threshold: threshold).table.write(to: sink)
    case .lift: try lift(judged).write(to: sink)
    case .calibration: try CalibrationTable(judged).table.write(to: sink)
    case .roc:
      var table = doubles(["threshold", "false_positive_rate", "true_positive_rate"])
      for point in ROCCurve(try ThresholdCurve(judged)).points {
        table.rows.append(
          [point.threshold, point.falsePositiveRate, point.truePositiveRate].map { .double($0) })
      }
      try table.write(to: sink)
    case .pr:
      var table = doubles(["threshold", "precision", "recall"])
      for point in PrecisionRecallCurve(try ThresholdCurve(judged)).points {
        table.rows.append([point.threshold, point.precision, point.recall].map { .double($0) })
      }
      try table.write(to: sink)
    }
  }

  private func doubles(_ names: [String], after integers: [String] = []) -> SmallTable {
    SmallTable(
      fields: integers.map { Field(name: $0, type: .bigint) }
        + names.map { Field(name: $0, type: .double) })
  }

  private func lift(_ judged: ScoredLabels) throws -> SmallTable {
    var table = doubles(
      [
        "positives", "lowest_score", "highest_score", "rate", "lift", "cumulative_gain",
        "cumulative_lift",
      ], after: ["decile", "rows"])
    for (place, band) in try LiftTable(judged).bands.enumerated() {
      table.rows.append(
        [.int64(Int64(place + 1)), .int64(Int64(band.rowCount)), .double(band.positives)]
          + [band.scores?.lowerBound, band.scores?.upperBound].map { score in
            score.map { .double($0) } ?? .null
          }
          + [band.rate, band.lift, band.cumulativeGain, band.cumulativeLift].map { .double($0) })
    }
    return table
  }
}
