import ColStore

/// Trains one model on some rows of a table.
public struct ModelTraining: Sendable {
  public var parameters: TrainingParameters
  public var threads = availableProcessors
  /// Puts equal rows together where that pays; the result is the same without.
  public var groupsRows = true
  /// Called with steps done and in all, from any thread.
  public var onProgress: @Sendable (Int, Int) -> Void = { _, _ in }

  public init(_ parameters: TrainingParameters) { self.parameters = parameters }

  /// What training made, and how.
  public struct Outcome: Sendable {
    public var model: Model
    /// Rows trained on, and how many of them were different.
    public var rowCount: Int
    public var distinctRowCount: Int
    /// Seconds from features in memory to the model.
    public var seconds: Double
    public var outOfBagScore: Double?
    /// Rounds until the validation part's loss was least; nil without early stopping.
    public var bestRound: Int?
  }

  /// - Parameter labels: The class of every row of `features`.
  /// - Parameter training: The rows to train on, ascending; nil: all.
  /// - Parameter weights: A weight for every row; nil: 1 each.
  public func train(
    _ features: StoredFeatures, label: BinaryLabel, training: [UInt32]?, weights: [Double]? = nil
  ) throws(ModelError) -> Outcome {
    try train(
      features, categories: features.categories, labels: label.values, labelName: label.name,
      training: training, weights: weights)
  }

  func train(
    _ features: any FeatureSource, categories: [Int: [String]] = [:], labels: [UInt8],
    labelName: String?, training: [UInt32]?, weights: [Double]? = nil
  ) throws(ModelError) -> Outcome {
    guard features.rowCount > 0, !(training?.isEmpty ?? false) else {
      throw ModelError("there are no rows to train on")
    }
    try Self.requireBothClasses(labels, training)
    let watch = Stopwatch()
    var outcome: Outcome
    if parameters.kind == .logistic {
      outcome = try trainLogistic(features, labels, training, weights)
    } else {
      outcome = try trainTrees(features, categories, labels, training, weights)
    }
    outcome.model.label = labelName
    outcome.seconds = watch.seconds
    return outcome
  }

  private static func requireBothClasses(
    _ labels: [UInt8], _ training: [UInt32]?
  ) throws(ModelError) {
    var positives = 0
    if let training {
      for row in training where labels[Int(row)] != 0 { positives += 1 }
    } else {
      for label in labels where label != 0 { positives += 1 }
    }
    let count = training?.count ?? labels.count
    guard positives > 0, positives < count else {
      throw ModelError(
        "all \(count) training rows are \(positives > 0 ? "positive" : "negative"); "
          + "a classifier needs rows of both classes")
    }
  }

  private func trainLogistic(
    _ features: any FeatureSource, _ labels: [UInt8], _ training: [UInt32]?, _ weights: [Double]?
  ) throws(ModelError) -> Outcome {
    var columns: [FeatureColumn] = []
    for feature in features.names.indices { columns.append(try features.column(at: feature)) }
    let rows = try LinearRows(
      FeatureMatrix(columns: columns, rowCount: features.rowCount), rows: training, labels: labels,
      weights: weights, groups: groupsRows && weights == nil, threads: threads
    ) { parameters.classWeights(negatives: $0.x, positives: $0.y) }
    let regression = LogisticRegression(
      parameters: parameters, rows: rows, names: features.names, threads: threads,
      onIteration: onProgress)
    return Outcome(
      model: Model(.logistic(try regression.train())), rowCount: rows.originalCount,
      distinctRowCount: rows.count, seconds: 0)
  }

  private func trainTrees(
    _ features: any FeatureSource, _ categories: [Int: [String]], _ labels: [UInt8],
    _ training: [UInt32]?, _ weights: [Double]?
  ) throws(ModelError) -> Outcome {
    var training = training
    var validation: [UInt32]?
    if parameters.earlyStoppingRounds != nil {
      (training, validation) = try Self.holdOut(labels, training, seed: parameters.seed)
    }
    var binning = parameters.binning
    binning.categorical = Set(categories.keys)
    let data = try TrainingSet(
      features, labels: labels, training: training, validation: validation, weights: weights,
      binning: binning, groups: groupsRows, threads: threads)
    var outcome = Outcome(
      model: Model(
        .trees(
          TreeEnsemble(
            dialect: .xgboost, link: .logistic, featureNames: [], trees: [], baseMargin: 0))),
      rowCount: data.rows.originalCount, distinctRowCount: data.rows.count, seconds: 0)
    var ensemble: TreeEnsemble
    if parameters.kind == .randomForest {
      let forest = try RandomForest(
        parameters: parameters, data: data, threads: threads, onTree: onProgress
      ).train()
      ensemble = forest.ensemble
      outcome.outOfBagScore = forest.outOfBagScore
    } else {
      let boosted = try BoostedTrees(
        parameters: parameters, data: data, threads: threads, onRound: onProgress
      ).train()
      ensemble = boosted.ensemble
      outcome.bestRound = boosted.bestRound
    }
    ensemble.categories = categories
    ensemble.featureRanges = data.rows.borders.map(LightGBMFile.range)
    outcome.model.form = .trees(ensemble)
    return outcome
  }

  /// Sets a fifth of the training rows aside, stratified, to say when to stop.
  private static func holdOut(
    _ labels: [UInt8], _ training: [UInt32]?, seed: UInt64
  ) throws(ModelError) -> ([UInt32], [UInt32]) {
    guard let training else {
      let split = try RowSplit.stratified(labels, testShare: 0.2, seed: seed)
      return (split.training, split.test)
    }
    let split = try RowSplit.stratified(
      training.map { labels[Int($0)] }, testShare: 0.2, seed: seed)
    return (split.training.map { training[Int($0)] }, split.test.map { training[Int($0)] })
  }
}
