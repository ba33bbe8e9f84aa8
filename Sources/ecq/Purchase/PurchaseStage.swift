import Analytics
import ColStore
import ML
import Plot
import Query

/// Predicts who buys, twice: with features and label of the same period, as it is often done, and
/// with features from before a day and the label from after it, which is what can be known in time.
struct PurchaseStage {
  let events: AnalysisOptions
  /// The day between features and label; nil: as long before the end of the events as the label
  /// looks ahead.
  let until: String?
  let labelWindow: String
  let seed: UInt64
  let folder: ResultFolder

  /// One of the two predictions.
  struct Prediction {
    let name: String
    let meaning: String
    let model: LogisticModel
    let judged: ScoredLabels
    let trainingRows: Int
    let features: [String]
  }

  func run() throws -> [Prediction] {
    let analysis = try events.open()
    let until = try until ?? lastDay(of: analysis)
    let same = try predict(
      analysis, "same_period", label: "is_buyer",
      meaning: "features and label of the same period", arguments: FunctionArguments())
    var arguments = FunctionArguments()
    arguments.set("until", until)
    arguments.set("label_window", labelWindow)
    let honest = try predict(
      analysis, "honest", label: "will_purchase",
      meaning: "features before \(until), label in the \(labelWindow) after", arguments: arguments)
    let both = [same, honest]
    try Self.comparison(both).write(
      to: folder.sink("purchase_prediction", title: "how well purchases are predicted"))
    for prediction in both {
      try coefficients(prediction).write(
        to: folder.sink(
          "purchase_coefficients_\(prediction.name)",
          title: "what speaks for a purchase: \(prediction.meaning)"))
    }
    try PurchasePictures(both).write(to: folder, source: "ecq purchase · \(analysis.table)")
    return both
  }

  /// The first day from which the label's window ends with the events.
  private func lastDay(of analysis: Analysis) throws -> String {
    let table = ResultTable()
    let window = labelWindow.split(separator: "'").joined()
    let unit = window.last.map { ["d": "day", "h": "hour", "m": "minute", "s": "second"][$0] }
    guard let unit = unit ?? nil, let length = Int(window.dropLast()), length > 0 else {
      throw UsageFailure("--label-window \(labelWindow) is no time like 30d")
    }
    try QuerySession(database: analysis.database, sink: table).run(
      analysis.common + """
        SELECT CAST(CAST(CAST(max(event_time) AS DATE) + INTERVAL 1 DAY
          - INTERVAL \(length) \(unit) AS DATE) AS VARCHAR) AS day FROM ev
        """)
    guard let day = table.names("day").first, day != "(none)" else {
      throw ModelError("there are no events to learn from")
    }
    return day
  }

  private func predict(
    _ analysis: Analysis, _ name: String, label: String, meaning: String,
    arguments: FunctionArguments
  ) throws -> Prediction {
    let threads = events.threads.count
    let store = folder.file("users_\(name).ecq", title: "the users: \(meaning)")
    _ = try analysis.database.run(
      analysis.request(UsersFunction(report: AnalysisReport()), arguments.values), intoStore: store)
    let source = try Store(path: store)
    let selection = try FeatureSelection(defaultsFor: label, of: source.columns)
    let classes = try BinaryLabel(source, column: label, threads: threads)
    let split = try RowSplit.stratified(classes.values, seed: seed)
    var parameters = TrainingParameters(.logistic)
    parameters.seed = seed
    var training = ModelTraining(parameters)
    training.threads = threads
    let outcome = try training.train(
      StoredFeatures(source, columns: selection.names, threads: threads), label: classes,
      training: split.training)
    try ModelFile.write(
      outcome.model, to: folder.file("purchase_\(name)_model.json", title: "the model: \(meaning)"))
    guard case .logistic(let model) = outcome.model.form else {
      throw ModelError("the model is not logistic")
    }
    let scores = try Scorer(outcome.model, source, threads: threads).probabilities(of: split.test)
    return Prediction(
      name: name, meaning: meaning, model: model,
      judged: try ScoredLabels(
        scores: scores, labels: split.test.map { classes.values[Int($0)] }),
      trainingRows: split.training.count, features: selection.names)
  }

  static func comparison(_ predictions: [Prediction]) throws -> SmallTable {
    var table = SmallTable(
      fields: ["prediction", "meaning"].map { Field(name: $0, type: .varchar) }
        + ["training_users", "test_users", "test_buyers"].map { Field(name: $0, type: .bigint) }
        + [
          "base_rate", "auc_roc", "auc_pr", "log_loss", "accuracy", "precision", "recall", "f1",
          "weighted_f1", "lift_top_decile",
        ].map { Field(name: $0, type: .double) })
    for prediction in predictions {
      let metrics = try ClassificationMetrics(prediction.judged)
      let matrix = metrics.confusion
      let lift = try LiftTable(prediction.judged).bands.first?.lift ?? 0
      table.rows.append(
        [
          .string(prediction.name), .string(prediction.meaning),
          .int64(Int64(prediction.trainingRows)), .int64(Int64(prediction.judged.count)),
          .int64(Int64(prediction.judged.positives)),
        ]
          + [
            prediction.judged.positives / prediction.judged.total, metrics.areaUnderROC,
            metrics.areaUnderPR, metrics.logLoss, matrix.accuracy, matrix.precision,
            matrix.recall, matrix.f1, matrix.weightedF1, lift,
          ].map { .double($0) })
    }
    return table
  }

  private func coefficients(_ prediction: Prediction) throws -> SmallTable {
    try Importances(Model(.logistic(prediction.model))).coefficients()
  }
}
