/// The true classes of some rows beside a model's scores: what every metric of a binary classifier
/// is computed from.
public struct ScoredLabels: Sendable {
  /// Probabilities of the positive class, or any scores that rank rows alike.
  public let scores: [Double]
  /// Whether each row is of the positive class.
  public let labels: [Bool]
  public let positives: Int

  public var count: Int { scores.count }
  public var negatives: Int { count - positives }

  /// - Throws: ``ModelError`` where the two differ in number, are empty, or a score is NaN.
  public init(scores: [Double], labels: [Bool]) throws(ModelError) {
    guard scores.count == labels.count else {
      throw ModelError("there are \(scores.count) scores for \(labels.count) labels")
    }
    guard !scores.isEmpty else { throw ModelError("there are no rows to compute metrics of") }
    guard !scores.contains(where: \.isNaN) else { throw ModelError("a score is NaN") }
    self.scores = scores
    self.labels = labels
    positives = labels.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  /// - Throws: ``ModelError`` where all rows are of one class, of which no ranking can be judged.
  func requireBothClasses() throws(ModelError) {
    guard positives > 0, negatives > 0 else {
      throw ModelError("all \(count) rows are \(positives > 0 ? "positive" : "negative")")
    }
  }
}
