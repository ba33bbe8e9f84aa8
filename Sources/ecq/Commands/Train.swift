import ArgumentParser
import ColStore
import ML
import Query

extension ModelKind: ExpressibleByArgument {}
extension Calibration.Method: ExpressibleByArgument {}

/// `ecq train`: a model from a store's rows.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a classifier on a store and print the metrics of the test part.",
    discussion: """
      Models and parameters have the names and defaults of scikit-learn, XGBoost and LightGBM. An \
      xgboost or random_forest model is written in XGBoost's JSON, a lightgbm model in LightGBM's \
      text format, and both libraries load them.

      EXAMPLES:
        ecq train sessions.ecq --label is_abandoned --model lightgbm -o model.txt
        ecq train users.ecq --label will_purchase --model xgboost --param max_depth=6 --split time -o model.json
      """)

  @Argument(
    help: ArgumentHelp("The store, usually of sessions or users.", valueName: "store"),
    completion: .file())
  var store: String

  @Option(name: .long, help: ArgumentHelp("The column to predict.", valueName: "column"))
  var label: String?

  @Option(name: .long, help: "The kind of model.")
  var model: ModelKind?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The champion.json of a bake-off: what is not given otherwise is as it was there.",
      valueName: "champion"))
  var from: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A parameter of the model; may be repeated.", valueName: "name=value"))
  var param: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The model to write.", valueName: "model"),
    completion: .file())
  var output: String

  @OptionGroup var task: LearningTask

  @Option(name: .long, help: ArgumentHelp("A column of row weights.", valueName: "column"))
  var weight: String?

  @Flag(name: .long, help: "Train on rows one by one, even where many are equal.")
  var plainRows = false

  @Option(
    name: .long,
    help: "Calibrate probabilities on a fifth of the training part: platt or isotonic.")
  var calibrate: Calibration.Method?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Choose the threshold on a fifth of the training part: f1, precision@recall=0.8, cost=FP:FN.",
      valueName: "goal"))
  var optimize: String?

  @OptionGroup var results: ResultOptions

  func run() throws {
    var task = task
    let champion = try from.map { path in try Champion(path: path) }
    if let champion { task.fill(from: champion) }
    guard let label = label ?? champion?.label else {
      throw UsageFailure("no label is given", hint: "name one with --label, or use --from")
    }
    guard let kind = model ?? champion?.kind else {
      throw UsageFailure("no model is given", hint: "name one with --model, or use --from")
    }
    let parameters = try parameters(of: kind, champion, seed: task.seed)
    let goal = try optimize.map { text in
      guard let goal = ThresholdGoal(text) else {
        throw UsageFailure("--optimize \(text) is not f1, precision@recall=R or cost=FP:FN")
      }
      return goal
    }
    let material = try task.read(store, label: label, extra: weight.map { [$0] } ?? [])
    try train(material, parameters, goal)
  }

  private func parameters(
    of kind: ModelKind, _ champion: Champion?, seed: UInt64?
  ) throws -> TrainingParameters {
    var parameters = TrainingParameters(kind)
    if let champion, champion.kind == kind { parameters = try champion.trainingParameters() }
    if let seed { parameters.seed = seed }
    for setting in param {
      guard let equals = setting.firstIndex(of: "=") else {
        throw UsageFailure("--param \(setting) has no =")
      }
      do {
        try parameters.set(
          String(setting[..<equals]), to: String(setting[setting.index(after: equals)...]))
      } catch {
        throw UsageFailure("\(error)")
      }
    }
    return parameters
  }

  private func train(
    _ material: LearningTask.Material, _ parameters: TrainingParameters, _ goal: ThresholdGoal?
  ) throws {
    let threads = task.rows.threads.count
    let (source, label) = (material.source, material.label)
    let weights = try weight.map {
      try SampleWeights.read(source, column: $0, threads: threads)
    }
    let data = try StoredFeatures(
      source, columns: material.selection.names, nativeCategories: parameters.kind == .lightgbm,
      threads: threads)
    var training = material.split?.training
    var judging: [UInt32]?
    if goal != nil || calibrate != nil {
      let all = training ?? (0..<UInt32(label.values.count)).map { $0 }
      let inner = try RowSplit.stratified(
        all.map { label.values[Int($0)] }, testShare: 0.2, seed: parameters.seed)
      training = inner.training.map { all[Int($0)] }
      judging = inner.test.map { all[Int($0)] }
    }
    let bar = ProgressBar("train", terminal: Terminal(color: .auto))
    var trainer = ModelTraining(parameters)
    trainer.threads = threads
    trainer.groupsRows = !plainRows
    trainer.onProgress = { done, all in
      bar.update(done, of: all, unit: "step")
    }
    var outcome: ModelTraining.Outcome
    do {
      defer { bar.finish() }
      outcome = try trainer.train(data, label: label, training: training, weights: weights)
    }
    if let judging { try adjust(&outcome.model, source, label, judging, goal) }
    try ModelFile.write(outcome.model, to: output)
    report(outcome, parameters.kind, material.selection)
    try printMetrics(outcome.model, source, label, material.split?.test, weights)
  }

  /// Calibrates the model and chooses its threshold on rows that it was not trained on.
  private func adjust(
    _ model: inout Model, _ source: any RowSource, _ label: BinaryLabel, _ judging: [UInt32],
    _ goal: ThresholdGoal?
  ) throws {
    func scored() throws -> ScoredLabels {
      let scorer = try Scorer(model, source, threads: task.rows.threads.count)
      return try ScoredLabels(
        scores: scorer.probabilities(of: judging), labels: judging.map { label.values[Int($0)] })
    }
    if let calibrate { model.calibration = try Calibration.fit(calibrate, to: scored()) }
    if let goal { model.threshold = try ThresholdCurve(scored()).threshold(for: goal) }
  }

  private func report(
    _ outcome: ModelTraining.Outcome, _ kind: ModelKind, _ selection: FeatureSelection
  ) {
    for column in selection.leftOut where column.reason.hasPrefix("it is derived") {
      writeToStandardError("ecq: \(column.name) is left out: \(column.reason)\n")
    }
    var text = "\(output): \(kind.rawValue) of \(counted(selection.names.count, "feature"))"
    text += " from \(counted(outcome.rowCount, "row"))"
    if outcome.distinctRowCount < outcome.rowCount {
      text += ", \(grouped(outcome.distinctRowCount)) of them different,"
    }
    text += " in \(fixed(outcome.seconds, 3)) s"
    if let round = outcome.bestRound { text += "; best after \(counted(round, "round"))" }
    if let score = outcome.outOfBagScore { text += "; out-of-bag score \(fixed(score, 5))" }
    writeToStandardError(text + "\n")
  }

  private func printMetrics(
    _ model: Model, _ source: any RowSource, _ label: BinaryLabel, _ test: [UInt32]?,
    _ weights: [Double]?
  ) throws {
    let scores = try Scorer(model, source, threads: task.rows.threads.count).probabilities(of: test)
    let judged = try ScoredLabels(
      scores: scores,
      labels: test.map { rows in rows.map { label.values[Int($0)] } } ?? label.values,
      weights: weights.map { weights in test.map { $0.map { weights[Int($0)] } } ?? weights })
    let stream = OutputStream.standardOutput()
    try MetricTable(judged, threshold: model.threshold).table.write(
      to: results.makeSink(to: stream))
    try stream.flush()
  }
}
