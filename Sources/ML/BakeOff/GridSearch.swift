import ColStore

/// Judges the points of a grid by cross-validation.
///
/// Trainings that differ in the number of boosting rounds alone are one training, judged on the way:
/// the trees of fewer rounds are the first trees of more.
struct GridSearch: Sendable {
  /// The features of all rows, and the classes.
  let features: StoredFeatures
  let label: BinaryLabel
  let source: any RowSource
  let folds: StratifiedFolds
  let threads: Int

  /// A point's result on a fold.
  struct Result: Sendable {
    let point: ParameterGrid.Point
    let metrics: ClassificationMetrics
    /// What training took; of a training judged on the way, since the point before.
    let seconds: Double
  }

  /// Points that one training serves, fewest rounds first.
  struct Family: Sendable {
    private(set) var points: [ParameterGrid.Point]

    /// The parameters of the longest training.
    var parameters: TrainingParameters { points[points.count - 1].parameters }

    static func all(of points: [ParameterGrid.Point]) -> [Family] {
      var families: [Family] = []
      for point in points {
        if let place = families.firstIndex(where: { $0.serves(point.parameters) }) {
          families[place].points.append(point)
          families[place].points.sort { $0.parameters.estimators < $1.parameters.estimators }
        } else {
          families.append(Family(points: [point]))
        }
      }
      return families
    }

    /// Whether the rounds of one training are the first rounds of the other.
    private func serves(_ other: TrainingParameters) -> Bool {
      guard parameters.isJudgedOnTheWay else { return false }
      var same = other
      same.estimators = parameters.estimators
      return same == parameters
    }
  }

  /// Trains and judges families on one fold, from 0; from any thread, `onFinished` gets the results
  /// of each training at once, `onProgress` the share of it that is done.
  ///
  /// Each training has a thread of its own: they need not wait for each other, as threads that share
  /// one training do.
  func judge(
    _ families: [Family], fold: Int, onProgress: @escaping @Sendable (Family, Double) -> Void,
    onFinished: @Sendable (Family, [Result]) throws(ModelError) -> Void
  ) throws(ModelError) {
    let split = folds.splits[fold]
    for family in families where !family.parameters.isJudgedOnTheWay {
      for point in family.points {
        let result = try judgeAlone(point, split) { onProgress(family, $0) }
        try onFinished(family, [result])
      }
    }
    var together = families.filter(\.parameters.isJudgedOnTheWay)
    while let binsMax = together.first?.parameters.binsMax {
      // The longest first, so that none is left over at the end.
      let batch = together.filter { $0.parameters.binsMax == binsMax }
        .sorted { $0.parameters.roughCost > $1.parameters.roughCost }
      together.removeAll { $0.parameters.binsMax == binsMax }
      let data = try prepare(batch[0].parameters, split)
      let work = WorkCounter(count: batch.count)
      let workers = max(1, min(threads, batch.count))
      do {
        try runWorkers(workers) { _ in
          while let place = work.next() {
            let family = batch[place]
            do {
              let results = try judge(family, data, threads: max(1, threads / workers)) {
                onProgress(family, $0)
              }
              try onFinished(family, results)
            } catch {
              work.cancel()
              throw error
            }
          }
        }
      } catch {
        throw (error as? ModelError) ?? ModelError("\(error)")
      }
    }
  }

  private func judge(
    _ family: Family, _ data: TrainingSet, threads: Int,
    onProgress: @escaping @Sendable (Double) -> Void
  ) throws(ModelError) -> [Result] {
    var training = BoostedTrees(parameters: family.parameters, data: data, threads: threads) {
      onProgress(Double($0) / Double($1))
    }
    training.stages = family.points.map(\.parameters.estimators)
    let stages = try training.train().stages
    return zip(family.points, stages).map {
      Result(point: $0, metrics: $1.metrics, seconds: $1.seconds)
    }
  }

  private func prepare(
    _ parameters: TrainingParameters, _ split: RowSplit
  ) throws(ModelError) -> TrainingSet {
    var binning = parameters.binning
    binning.categorical = Set(features.categories.keys)
    return try TrainingSet(
      features, labels: label.values, training: split.training, validation: split.test,
      weights: nil, binning: binning, groups: true, threads: threads)
  }

  private func judgeAlone(
    _ point: ParameterGrid.Point, _ split: RowSplit,
    onProgress: @escaping @Sendable (Double) -> Void
  ) throws(ModelError) -> Result {
    var training = ModelTraining(point.parameters)
    training.threads = threads
    training.onProgress = { onProgress(Double($0) / Double($1)) }
    let outcome = try training.train(features, label: label, training: split.training)
    let scores = try Scorer(outcome.model, source, threads: threads)
      .probabilities(of: split.test)
    let judged = try ScoredLabels(
      scores: scores, labels: split.test.map { label.values[Int($0)] })
    return Result(
      point: point, metrics: try ClassificationMetrics(judged), seconds: outcome.seconds)
  }
}

extension TrainingParameters {
  /// Whether a training's first rounds are those of any shorter one.
  fileprivate var isJudgedOnTheWay: Bool {
    (kind == .xgboost || kind == .lightgbm) && earlyStoppingRounds == nil
  }

  /// Grows with what the training takes.
  fileprivate var roughCost: Double {
    Double(estimators) * Double(depthMax ?? 0) + Double(estimators) * Double(leavesMax ?? 0)
  }
}
