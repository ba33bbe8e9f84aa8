/// By how much two models differ on the same rows, with an interval that their pairing makes narrow.
///
/// Rates come from the eight cells of (class, first model's prediction, second model's): drawing rows
/// with replacement is drawing these counts, so that the bootstrap costs nothing a row. The AUC's
/// interval is DeLong's (1988), the log loss's that of a mean of paired differences.
public struct PairedComparison: Sendable {
  public struct Difference: Sendable {
    public let metric: String
    public let first: Double
    public let second: Double
    /// The bounds within which `second − first` lies with 95 % confidence.
    public let interval: ClosedRange<Double>

    public var difference: Double { second - first }
    /// Whether the interval leaves out 0.
    public var isClear: Bool { !interval.contains(0) }
  }

  public let differences: [Difference]
  public let rowCount: Int

  private static let draws = 2000
  private static let twoSided95 = 1.959963984540054

  /// - Parameter first: The rows as the first model scores them, unweighted.
  /// - Parameter second: The same rows, in the same order.
  public init(
    _ first: ScoredLabels, _ second: ScoredLabels, threshold: Double = 0.5, seed: UInt64
  ) throws(ModelError) {
    guard first.labels == second.labels, first.weights == nil, second.weights == nil else {
      throw ModelError("only scores of the same rows, without weights, can be compared")
    }
    rowCount = first.count
    var cells = [Int](repeating: 0, count: 8)
    for row in 0..<first.count {
      let place =
        Int(first.labels[row]) * 4 + (first.scores[row] > threshold ? 2 : 0)
        + (second.scores[row] > threshold ? 1 : 0)
      cells[place] += 1
    }
    var differences = Self.rates(of: cells, rowCount: first.count, seed: seed)
    differences.append(try Self.areas(first, second))
    differences.append(try Self.losses(first, second))
    self.differences = differences
  }

  // MARK: Rates, by bootstrap

  private static func matrix(_ cells: [Int], second: Bool) -> ConfusionMatrix {
    func count(_ label: Int, _ predicted: Int) -> Double {
      let places = [0, 1].map { other in
        label * 4 + (second ? other * 2 + predicted : predicted * 2 + other)
      }
      return Double(places.reduce(0) { $0 + cells[$1] })
    }
    return ConfusionMatrix(
      truePositives: count(1, 1), falsePositives: count(0, 1), falseNegatives: count(1, 0),
      trueNegatives: count(0, 0))
  }

  private static func rates(of cells: [Int], rowCount: Int, seed: UInt64) -> [Difference] {
    let metrics: [(name: String, value: (ConfusionMatrix) -> Double)] = [
      ("weighted_f1", { $0.weightedF1 }), ("precision", { $0.precision }),
      ("recall", { $0.recall }), ("accuracy", { $0.accuracy }),
    ]
    var random = SplitMix64(seed: SplitMix64.mix(seed ^ 0x7061_6972))
    var drawn = metrics.map { _ in [Double]() }
    for _ in 0..<draws {
      let sample = multinomial(cells, rowCount, &random)
      let (first, second) = (matrix(sample, second: false), matrix(sample, second: true))
      for (place, metric) in metrics.enumerated() {
        drawn[place].append(metric.value(second) - metric.value(first))
      }
    }
    let (first, second) = (matrix(cells, second: false), matrix(cells, second: true))
    return metrics.enumerated().map { place, metric in
      let sorted = drawn[place].sorted()
      return Difference(
        metric: metric.name, first: metric.value(first), second: metric.value(second),
        interval: sorted[draws / 40]...sorted[draws - 1 - draws / 40])
    }
  }

  /// How often each cell comes when as many rows are drawn with replacement as there are.
  private static func multinomial(
    _ cells: [Int], _ total: Int, _ random: inout SplitMix64
  ) -> [Int] {
    var rowsLeft = total
    var drawsLeft = total
    return cells.map { cell in
      guard drawsLeft > 0, rowsLeft > 0 else { return 0 }
      let draw = random.nextBinomial(drawsLeft, Double(cell) / Double(rowsLeft))
      rowsLeft -= cell
      drawsLeft -= draw
      return draw
    }
  }

  // MARK: Means of paired differences

  private static func difference(
    _ metric: String, _ first: Double, _ second: Double, variance: Double
  ) -> Difference {
    let half = twoSided95 * max(variance, 0).squareRoot()
    return Difference(
      metric: metric, first: first, second: second,
      interval: second - first - half...second - first + half)
  }

  /// Mean and variance of the mean of `values`.
  private static func mean(of values: [Double]) -> (mean: Double, variance: Double) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, count > 1 ? squares / (count - 1) / count : 0)
  }

  private static func areas(
    _ first: ScoredLabels, _ second: ScoredLabels
  ) throws(ModelError) -> Difference {
    let firsts = try placements(first)
    let seconds = try placements(second)
    var ofPositives: [Double] = []
    var ofNegatives: [Double] = []
    var sums = (first: 0.0, second: 0.0)
    for row in 0..<first.count {
      if first.labels[row] == 1 {
        ofPositives.append(seconds[row] - firsts[row])
        sums.first += firsts[row]
        sums.second += seconds[row]
      } else {
        ofNegatives.append(seconds[row] - firsts[row])
      }
    }
    return difference(
      "auc_roc", sums.first / first.positives, sums.second / first.positives,
      variance: mean(of: ofPositives).variance + mean(of: ofNegatives).variance)
  }

  /// Of a positive, the share of negatives that score lower; of a negative, the share of positives
  /// that score higher; ties count half.
  private static func placements(_ rows: ScoredLabels) throws(ModelError) -> [Double] {
    try rows.requireBothClasses()
    let order = try rows.descendingOrder()
    var placements = [Double](repeating: 0, count: rows.count)
    var above = SIMD2<Double>.zero
    var start = 0
    while start < order.count {
      var end = start
      var tied = SIMD2<Double>.zero
      while end < order.count, rows.scores[Int(order[end])] == rows.scores[Int(order[start])] {
        tied[Int(rows.labels[Int(order[end])])] += 1
        end += 1
      }
      let below = SIMD2(rows.negatives, rows.positives) - above - tied
      for entry in order[start..<end] {
        let row = Int(entry)
        placements[row] =
          rows.labels[row] == 1
          ? (below.x + tied.x / 2) / rows.negatives : (above.y + tied.y / 2) / rows.positives
      }
      above += tied
      start = end
    }
    return placements
  }

  private static func losses(
    _ first: ScoredLabels, _ second: ScoredLabels
  ) throws(ModelError) -> Difference {
    let differences = first.labels.indices.map { row in
      second.logLoss(ofRow: row) - first.logLoss(ofRow: row)
    }
    return difference(
      "log_loss", try first.logLoss, try second.logLoss,
      variance: mean(of: differences).variance)
  }
}
