import ColStore

/// What the models of a bake-off are trained on and judged by.
public struct BakeOffData: Sendable {
  public let source: any RowSource
  public let selection: FeatureSelection
  public let label: BinaryLabel
  /// Every model is trained on the one part and judged on the other.
  public let split: RowSplit
  /// Tells data apart: equal for equal rows, features, split and seed.
  public let identity: String

  /// - Parameter contents: What tells the source's rows and the split apart.
  public init(
    _ source: any RowSource, selection: FeatureSelection, label: BinaryLabel, split: RowSplit,
    contents: String
  ) {
    self.source = source
    self.selection = selection
    self.label = label
    self.split = split
    let text = ([contents, selection.label] + selection.names).joined(separator: "\u{1f}")
    identity = String(contentHash(of: text), radix: 16)
  }

  /// The classes of the test part.
  public var testLabels: [UInt8] { split.test.map { label.values[Int($0)] } }
}

/// Keeps what a finished run leaves behind, beside its line in the log.
public protocol BakeOffKeeper {
  func has(_ run: BakeOffRun) -> Bool
  /// - Parameter judged: The test part as the model scored it.
  func keep(_ run: BakeOffRun, model: Model, judged: ScoredLabels) throws(ModelError)
}

/// Trains models of all kinds, tunes the best, and ranks them by the weighted F1 of the test part.
///
/// Every finished run is logged at once: a bake-off that was interrupted goes on where it was.
public struct BakeOff: Sendable {
  public let data: BakeOffData
  public var kinds: [ModelKind] = [.xgboost, .lightgbm, .randomForest, .logistic]
  public var grids: [ParameterGrid]
  public var foldCount = 3
  /// How many of the kinds that have a grid are tuned.
  public var tunedMax = 2
  public var seed: UInt64 = RowSplit.defaultSeed
  public var threads = availableProcessors
  /// Called with the share that is done, and what is under way, from any thread.
  public var onProgress: @Sendable (Double, String) -> Void = { _, _ in }

  public init(_ data: BakeOffData, grids: [ParameterGrid]) {
    self.data = data
    self.grids = grids
  }

  /// Runs what the log does not have yet.
  ///
  /// - Returns: The runs judged by the test part, best first.
  public func run(
    log: RunLog, keeper: some BakeOffKeeper
  ) throws(ModelError) -> [BakeOffRun] {
    let meter = BakeOffMeter(self)
    var runs: [BakeOffRun] = []
    for kind in kinds {
      var parameters = TrainingParameters(kind)
      parameters.seed = seed
      runs.append(
        try train(parameters, .default, "", log: log, keeper: keeper, meter: meter))
    }
    let ranked = ranking(runs)
    let tuned = ranked.compactMap { run in grids.first { $0.kind == run.identity.kind } }
    for grid in tuned.prefix(tunedMax) {
      runs.append(try tune(grid, log: log, keeper: keeper, meter: meter))
    }
    return ranking(runs)
  }

  /// By weighted F1, best first; runs of equal ones stay in order.
  private func ranking(_ runs: [BakeOffRun]) -> [BakeOffRun] {
    runs.enumerated().sorted {
      ($1.element.metrics.confusion.weightedF1, $0.offset)
        < ($0.element.metrics.confusion.weightedF1, $1.offset)
    }.map(\.element)
  }

  private func identity(
    _ stage: BakeOffRun.Stage, _ kind: ModelKind, _ parameters: String, fold: Int? = nil
  ) -> BakeOffRun.Identity {
    BakeOffRun.Identity(
      data: stage == .default ? data.identity : "\(data.identity)-\(foldCount)", stage: stage,
      kind: kind, parameters: parameters, fold: fold)
  }

  /// Trains on the training part and judges by the test part, unless that was done before.
  ///
  /// - Parameter searchSeconds: What was spent to find the parameters.
  private func train(
    _ parameters: TrainingParameters, _ stage: BakeOffRun.Stage, _ text: String, log: RunLog,
    keeper: some BakeOffKeeper, meter: BakeOffMeter, searchSeconds: Double = 0
  ) throws(ModelError) -> BakeOffRun {
    let kind = parameters.kind
    let identity = identity(stage, kind, text)
    let cost = BakeOffMeter.cost(of: parameters)
    let title = identity.modelName
    if let run = log.run(identity), keeper.has(run) {
      meter.skip(cost)
      return run
    }
    var training = ModelTraining(parameters)
    training.threads = threads
    training.onProgress = { meter.update(title, cost * Double($0) / Double(max($1, 1)), title) }
    let outcome = try training.train(
      try features(of: kind), label: data.label, training: data.split.training)
    let scores = try Scorer(outcome.model, data.source, threads: threads)
      .probabilities(of: data.split.test)
    let judged = try ScoredLabels(scores: scores, labels: data.testLabels)
    let run = BakeOffRun(
      identity: identity, metrics: try ClassificationMetrics(judged),
      trainingSeconds: outcome.seconds + searchSeconds)
    try keeper.keep(run, model: outcome.model, judged: judged)
    try log.append([run])
    meter.finish(title, cost)
    return run
  }

  private func features(of kind: ModelKind) throws(ModelError) -> StoredFeatures {
    try StoredFeatures(
      data.source, columns: data.selection.names, nativeCategories: kind == .lightgbm,
      threads: threads)
  }

  /// Searches a grid, and trains the point of the highest mean weighted F1.
  private func tune(
    _ grid: ParameterGrid, log: RunLog, keeper: some BakeOffKeeper, meter: BakeOffMeter
  ) throws(ModelError) -> BakeOffRun {
    let points = try grid.points(seed: seed)
    try search(grid, points, log: log, meter: meter)
    var best: (point: ParameterGrid.Point, mean: Double)?
    var seconds = 0.0
    for point in points {
      var sum = 0.0
      for fold in 1...foldCount {
        guard let run = log.run(identity(.search, grid.kind, point.text, fold: fold)) else {
          continue
        }
        sum += run.metrics.confusion.weightedF1
        seconds += run.trainingSeconds
      }
      let mean = sum / Double(foldCount)
      if best.map({ mean > $0.mean }) ?? true { best = (point, mean) }
    }
    guard let best else { throw ModelError("the grid of \(grid.kind.rawValue) has no points") }
    return try train(
      best.point.parameters, .tuned, best.point.text, log: log, keeper: keeper, meter: meter,
      searchSeconds: seconds)
  }

  private func search(
    _ grid: ParameterGrid, _ points: [ParameterGrid.Point], log: RunLog, meter: BakeOffMeter
  ) throws(ModelError) {
    let kind = grid.kind
    let search = GridSearch(
      features: try features(of: kind), label: data.label, source: data.source,
      folds: try StratifiedFolds(
        data.label.values, rows: data.split.training, count: foldCount, seed: seed),
      threads: threads)
    for fold in 0..<foldCount {
      var missing: [GridSearch.Family] = []
      for family in GridSearch.Family.all(of: points) {
        let isKnown = family.points.allSatisfy {
          log.run(identity(.search, kind, $0.text, fold: fold + 1)) != nil
        }
        if isKnown { meter.skip(meter.cost(of: family)) } else { missing.append(family) }
      }
      let title = "\(kind.displayName) grid, fold \(fold + 1) of \(foldCount)"
      try search.judge(
        missing, fold: fold,
        onProgress: { family, share in
          meter.update(family.points[0].text, share * meter.cost(of: family), title)
        },
        onFinished: { family, results throws(ModelError) in
          try log.append(
            results.map {
              BakeOffRun(
                identity: identity(.search, kind, $0.point.text, fold: fold + 1),
                metrics: $0.metrics, trainingSeconds: $0.seconds)
            })
          meter.finish(family.points[0].text, meter.cost(of: family))
        })
    }
  }
}
