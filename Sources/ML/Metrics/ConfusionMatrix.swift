/// How predictions and true classes meet at one threshold.
///
/// A row is predicted positive where its score is above the threshold. Each cell holds the weight of
/// its rows: without weights, their number.
public struct ConfusionMatrix: Equatable, Sendable {
  public let truePositives: Double
  public let falsePositives: Double
  public let falseNegatives: Double
  public let trueNegatives: Double

  public init(_ rows: ScoredLabels, threshold: Double = 0.5) {
    // Each cell has a sum of its own: differences would leave rounding errors where 0 belongs.
    var cells = (0.0, 0.0, 0.0, 0.0)
    for row in rows.scores.indices {
      let weight = rows.weight(row)
      switch (rows.labels[row] == 1, rows.scores[row] > threshold) {
      case (true, true): cells.0 += weight
      case (false, true): cells.1 += weight
      case (true, false): cells.2 += weight
      case (false, false): cells.3 += weight
      }
    }
    (truePositives, falsePositives, falseNegatives, trueNegatives) = cells
  }

  public init(
    truePositives: Double, falsePositives: Double, falseNegatives: Double, trueNegatives: Double
  ) {
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
  }

  public var total: Double { truePositives + falsePositives + falseNegatives + trueNegatives }
}
