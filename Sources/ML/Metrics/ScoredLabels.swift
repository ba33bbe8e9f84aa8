/// The true classes of some rows beside a model's scores: what every metric of a binary classifier
/// is computed from.
///
/// Rows may have weights; a row of weight 2 counts as two equal rows. Without weights every row
/// weighs 1.
public struct ScoredLabels: Sendable {
  /// Probabilities of the positive class, or any scores that rank rows alike.
  public let scores: [Double]
  /// 1 where a row is of the positive class, 0 where not.
  public let labels: [UInt8]
  /// A finite weight a row, none negative; nil where every row weighs 1.
  public let weights: [Double]?
  /// The weight of the rows of each class: without weights, their number.
  public let positives: Double
  public let negatives: Double

  public var count: Int { scores.count }
  /// The weight of all rows.
  public var total: Double { positives + negatives }

  /// Copies arrays and buffers of any kind; arrays are shared. O(n).
  ///
  /// - Throws: ``ModelError`` where the numbers of rows differ or are 0, a score is NaN, a label is
  ///   neither 0 nor 1, a weight is negative or not finite, or all weights are 0.
  public init(
    scores: some Collection<Double>, labels: some Collection<UInt8>, weights: [Double]? = nil
  ) throws(ModelError) {
    let scores = Array(scores)
    let labels = Array(labels)
    guard scores.count == labels.count else {
      throw ModelError("there are \(scores.count) scores for \(labels.count) labels")
    }
    guard !scores.isEmpty else { throw ModelError("there are no rows to compute metrics of") }
    if let row = scores.firstIndex(where: \.isNaN) {
      throw ModelError("the score of row \(row) is NaN")
    }
    if let row = labels.firstIndex(where: { $0 > 1 }) {
      throw ModelError("the label of row \(row) is \(labels[row]), neither 0 nor 1")
    }
    if let weights {
      guard weights.count == scores.count else {
        throw ModelError("there are \(weights.count) weights for \(scores.count) scores")
      }
      if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        throw ModelError("the weight of row \(row) is \(weights[row]), not a finite number from 0")
      }
    }
    var positives = 0.0
    var negatives = 0.0
    for row in labels.indices {
      let weight = weights?[row] ?? 1
      if labels[row] == 1 { positives += weight } else { negatives += weight }
    }
    guard positives + negatives > 0 else { throw ModelError("every row has weight 0") }
    self.scores = scores
    self.labels = labels
    self.weights = weights
    self.positives = positives
    self.negatives = negatives
  }

  func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

  /// - Throws: ``ModelError`` where all rows are of one class, of which no ranking can be judged.
  func requireBothClasses() throws(ModelError) {
    guard positives > 0, negatives > 0 else {
      throw ModelError(
        "all \(count) rows are \(positives > 0 ? "positive" : "negative"), "
          + "so no ranking of them can be judged")
    }
  }

  /// - Throws: ``ModelError`` where a score is not in 0…1.
  func requireProbabilities() throws(ModelError) {
    if let row = scores.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
      throw ModelError("the score of row \(row) is \(scores[row]), not a probability of 0 to 1")
    }
  }
}
