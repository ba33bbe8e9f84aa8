import ColStore
import Glibc

/// Gradient-boosted trees for two classes: in each round a tree is grown on the derivatives of the
/// log loss of all trees so far, and its leaves' values are added to the rows' margins.
struct BoostedTrees: Sendable {
  let parameters: TrainingParameters
  let data: TrainingSet
  let threads: Int
  /// Called after each round with rounds done and in all.
  var onRound: @Sendable (Int, Int) -> Void = { _, _ in }
  /// Numbers of rounds after which the held-out rows are judged: what shorter trainings would have
  /// ended with.
  var stages: [Int] = []

  struct Result: Sendable {
    var ensemble: TreeEnsemble
    /// The log loss of the validation rows after each round, where there are any.
    var validationLosses: [Double] = []
    /// The round, from 1, after which that loss was least.
    var bestRound: Int?
    /// One a stage, fewest rounds first.
    var stages: [Stage] = []
  }

  struct Stage: Sendable {
    let rounds: Int
    let metrics: ClassificationMetrics
    /// Seconds since the stage before, or the start, that training took.
    let seconds: Double
  }

  /// Rows and features below which threads cost more than they bring.
  private static let cellsPerWorkerMin = 60_000

  func train() throws(ModelError) -> Result {
    let rows = data.rows
    let workers = max(1, min(threads, rows.count * rows.featureCount / Self.cellsPerWorkerMin))
    let box = ResultBox()
    try WorkerTeam.with(workers: workers) { team throws(ModelError) in
      box.result = try train(with: team)
    }
    guard let result = box.result else { throw ModelError("training did not end") }
    return result
  }

  private final class ResultBox: @unchecked Sendable { var result: Result? }

  private func train(with team: WorkerTeam) throws(ModelError) -> Result {
    let rows = data.rows
    let names = data.names
    let rule = try parameters.splitRule(features: names)
    let isLightGBM = parameters.kind == .lightgbm
    let classWeights = parameters.classWeights(negatives: rows.totals.x, positives: rows.totals.y)
    let weighted = rows.totals * classWeights
    let scale = GradientScale(totalWeight: weighted.x + weighted.y + rows.totals.sum())
    // As in the libraries: XGBoost's mean counts class weights, LightGBM's does not.
    let mean = isLightGBM ? rows.totals : weighted
    let start = LogisticFunction.logit(mean.y / mean.sum())
    let baseScore = Float(mean.y / mean.sum())
    let base = isLightGBM ? start : Double(LogisticFunction.logit(baseScore))
    let gradients = LogisticGradients(scale: scale, classWeights: classWeights)
    let grower = TreeGrower(
      rows: rows, finder: SplitFinder(rule: rule, scale: scale), team: team)
    let margins = Buffer(Double.self, count: rows.count)
    margins.pointer(Double.self).initialize(repeating: base, count: rows.count)
    let pairs = Buffer(GradientPair.self, count: rows.count)
    let drawn = parameters.subsample < 1 ? Buffer(SIMD2<Double>.self, count: rows.count) : nil
    let sample = RowSample(rows)
    var counts = data.rowCounts
    let heldOut = data.validation.map { HeldOutMargins($0, base: base) }
    var stopping = parameters.earlyStoppingRounds.map { EarlyStopping(rounds: $0) }
    var open = Set(stages).sorted()[...]
    var judged: [Stage] = []
    var watch = Stopwatch()
    func judge(_ rows: HeldOutMargins, after rounds: Int) throws(ModelError) {
      let seconds = watch.seconds
      let metrics = try ClassificationMetrics(rows.scored())
      judged.append(Stage(rounds: rounds, metrics: metrics, seconds: seconds))
      watch = Stopwatch()
    }
    let rate = parameters.learningRate
    let leafValue: (Double) -> Double = { value in
      isLightGBM ? value * rate : Double(Float(value) * Float(rate))
    }
    var ensemble = TreeEnsemble(
      dialect: isLightGBM ? .lightgbm : .xgboost, link: .logistic, featureNames: names, trees: [],
      baseMargin: isLightGBM ? 0 : base)
    if !isLightGBM { ensemble.baseScore = baseScore }
    for round in 0..<parameters.estimators {
      let seed = SplitMix64.mix(parameters.seed &+ UInt64(round) &* 0x9E37_79B9_7F4A_7C15)
      var weights = rows.weights
      if let drawn {
        let into = drawn.pointer(SIMD2<Double>.self)
        sample.subsample(parameters.subsample, seed: seed, into: into)
        weights = UnsafePointer(into)
        if isLightGBM {
          counts = (0..<rows.count).map { UInt32(truncatingIfNeeded: Int(into[$0].sum())) }
        }
      }
      team.run { worker in
        let range =
          rows.count * worker / team.workers..<rows.count * (worker + 1) / team.workers
        gradients.write(
          margins: UnsafePointer(margins.pointer(Double.self)), weights: weights, range: range,
          into: pairs.pointer(GradientPair.self))
      }
      let tree = grow(grower, pairs, counts, seed, isSampled: drawn != nil) { list, count, value in
        guard drawn == nil else { return }
        let added = leafValue(value)
        let margins = margins.pointer(Double.self)
        var place = 0
        while place < count {
          margins[Int(list[place])] += added
          place &+= 1
        }
      }
      if isLightGBM && tree.nodes.count == 1 {
        // No leaf may be split any more, nor will one in a later round.
        if ensemble.trees.isEmpty {
          ensemble.trees = [DecisionTree(nodes: [.leaf(value: 0, cover: 0, rowCount: 0)])]
        }
        break
      }
      if drawn != nil || heldOut != nil {
        let router = CodeRouter(tree, borders: rows.borders)
        if drawn != nil {
          router.add(rows, 0..<rows.count, rate: leafValue, to: margins.pointer(Double.self))
        }
        if let heldOut {
          heldOut.add(router, rate: leafValue, team: team)
          if stopping != nil { stopping?.add(loss: heldOut.logLoss) }
        }
      }
      ensemble.trees.append(
        tree.decisionTree(
          rows.borders, scale: scale, flavour: rule.flavour, leafValue: leafValue))
      onRound(round + 1, parameters.estimators)
      if let heldOut, open.first == round + 1 { try judge(heldOut, after: open.removeFirst()) }
      if stopping?.isOver ?? false { break }
    }
    // Where trees ended early, more rounds would have changed nothing.
    if let heldOut { for rounds in open { try judge(heldOut, after: rounds) } }
    var result = Result(ensemble: ensemble, stages: judged)
    if let stopping {
      result.validationLosses = stopping.losses
      result.bestRound = stopping.bestRound
      result.ensemble.trees = Array(ensemble.trees.prefix(max(stopping.bestRound, 1)))
    }
    if isLightGBM {
      // The file has no other place for what the sum starts from than the first tree.
      for node in result.ensemble.trees[0].nodes.indices {
        result.ensemble.trees[0].nodes[node].value += start
      }
    }
    return result
  }

  private func grow(
    _ grower: TreeGrower, _ pairs: Buffer, _ counts: [UInt32]?, _ seed: UInt64, isSampled: Bool,
    onLeaf: TreeGrower.LeafVisitor
  ) -> GrownTree {
    func grow(_ counts: UnsafePointer<UInt32>?) -> GrownTree {
      grower.grow(
        TreeGrower.Input(
          gradients: UnsafePointer(pairs.pointer(GradientPair.self)), rowCounts: counts,
          isSampled: isSampled, features: drawnFeatures(seed), seed: seed),
        onLeaf: onLeaf)
    }
    guard let counts else { return grow(nil) }
    return counts.withUnsafeBufferPointer { grow($0.baseAddress) }
  }

  /// The features that a tree may use, ascending.
  private func drawnFeatures(_ seed: UInt64) -> [Int] {
    let count = data.rows.featureCount
    let wanted = max(1, Int(parameters.featureShare * Double(count)))
    guard wanted < count else { return Array(0..<count) }
    var random = SplitMix64(seed: SplitMix64.mix(seed ^ 3))
    var left = Array(0..<count)
    for place in 0..<wanted {
      left.swapAt(place, place + random.next(below: count - place))
    }
    return left[..<wanted].sorted()
  }
}
