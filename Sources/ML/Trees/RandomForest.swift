import ColStore
import Synchronization

/// A forest of trees on bootstrap samples, each split the best of a few features drawn anew; the
/// prediction is the mean of the leaves' shares of positives.
///
/// Trees are independent, so each thread grows its own. With g = −(weight of positives) and
/// h = weight, the second-order gain is the fall of Gini impurity, and −G/H the share of positives.
struct RandomForest: Sendable {
  let parameters: TrainingParameters
  let data: TrainingSet
  let threads: Int
  /// Called after each tree with trees done and in all, from any thread.
  var onTree: @Sendable (Int, Int) -> Void = { _, _ in }

  struct Result: Sendable {
    var ensemble: TreeEnsemble
    /// The accuracy of predictions by the trees that a row was not drawn for; nil unless asked for.
    var outOfBagScore: Double?
  }

  func train() throws(ModelError) -> Result {
    let rows = data.rows
    let rule = try parameters.splitRule(features: data.names)
    let classWeights = parameters.classWeights(negatives: rows.totals.x, positives: rows.totals.y)
    let weighted = rows.totals * classWeights
    // In a bootstrap sample the heavier class may come up more often than it is in the data.
    let scale = GradientScale(totalWeight: 4 * (weighted.x + weighted.y + rows.totals.sum()))
    let finder = SplitFinder(rule: rule, scale: scale)
    let sample = RowSample(rows)
    let trees = Mutex([Int: DecisionTree]())
    let work = WorkCounter(count: parameters.estimators)
    let votes = parameters.scoresOutOfBag ? OutOfBagVotes(rows) : nil
    do {
      try runWorkers(max(1, min(threads, parameters.estimators))) { _ in
        try WorkerTeam.with(workers: 1) { team throws(ModelError) in
          let grower = TreeGrower(rows: rows, finder: finder, team: team)
          let counts = Buffer(SIMD2<Double>.self, count: rows.count)
          let pairs = Buffer(GradientPair.self, count: rows.count)
          while let number = work.next() {
            let seed = SplitMix64.mix(parameters.seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
            let drawn = counts.pointer(SIMD2<Double>.self)
            if parameters.bootstraps {
              sample.bootstrap(seed: seed, into: drawn)
            } else {
              drawn.update(from: rows.weights, count: rows.count)
            }
            write(drawn, scale, classWeights, into: pairs.pointer(GradientPair.self))
            let grown = grower.grow(
              TreeGrower.Input(
                gradients: UnsafePointer(pairs.pointer(GradientPair.self)), isSampled: true,
                features: Array(0..<rows.featureCount), seed: seed)
            ) { _, _, _ in }
            votes?.add(CodeRouter(grown, borders: rows.borders), drawn: drawn)
            let share = Double(parameters.estimators)
            let tree = grown.decisionTree(rows.borders, scale: scale, flavour: .forest) {
              Double(Float($0 / share))
            }
            let done = trees.withLock { trees in
              trees[number] = tree
              return trees.count
            }
            onTree(done, parameters.estimators)
          }
        }
      }
    } catch {
      throw (error as? ModelError) ?? ModelError("\(error)")
    }
    let grown = trees.withLock { $0 }
    let ensemble = TreeEnsemble(
      dialect: .xgboost, link: .identity, featureNames: data.names,
      trees: (0..<parameters.estimators).compactMap { grown[$0] }, baseMargin: 0)
    return Result(ensemble: ensemble, outOfBagScore: votes?.accuracy)
  }

  private func write(
    _ drawn: UnsafePointer<SIMD2<Double>>, _ scale: GradientScale, _ classWeights: SIMD2<Double>,
    into pairs: UnsafeMutablePointer<GradientPair>
  ) {
    var row = 0
    while row < data.rows.count {
      let weight = drawn[row] * classWeights
      let positives = scale.fixed(weight.y * scale.units)
      pairs[row] = GradientPair(0 &- positives, scale.fixed(weight.x * scale.units) &+ positives)
      row &+= 1
    }
  }
}
