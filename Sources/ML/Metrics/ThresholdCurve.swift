/// How many positives and negatives score at least each distinct score, from the highest down: the
/// points that ROC and precision–recall curves are drawn through.
public struct ThresholdCurve: Sendable {
  public struct Point: Equatable, Sendable {
    public let threshold: Double
    /// Positives and negatives whose score is at least the threshold.
    public let truePositives: Int
    public let falsePositives: Int
  }

  /// One point a distinct score, thresholds descending. O(n log n).
  public let points: [Point]
  private let positives: Int
  private let negatives: Int

  public init(_ rows: ScoredLabels) throws(ModelError) {
    try rows.requireBothClasses()
    positives = rows.positives
    negatives = rows.negatives
    let order = rows.scores.indices.sorted { rows.scores[$0] > rows.scores[$1] }
    var points: [Point] = []
    var truePositives = 0
    var falsePositives = 0
    for (place, row) in order.enumerated() {
      if rows.labels[row] { truePositives += 1 } else { falsePositives += 1 }
      // Rows of equal score pass the threshold together.
      let isLastOfScore =
        place + 1 == order.count || rows.scores[order[place + 1]] != rows.scores[row]
      guard isLastOfScore else { continue }
      points.append(
        Point(
          threshold: rows.scores[row], truePositives: truePositives,
          falsePositives: falsePositives))
    }
    self.points = points
  }

  /// The area under the ROC curve, by trapezoids: the share of pairs of a positive and a negative
  /// in which the positive scores higher, ties counting half.
  public var areaUnderROC: Double {
    var doubledArea = 0.0
    var previous = Point(threshold: .infinity, truePositives: 0, falsePositives: 0)
    for point in points {
      let width = Double(point.falsePositives - previous.falsePositives)
      doubledArea += width * Double(point.truePositives + previous.truePositives)
      previous = point
    }
    return doubledArea / 2 / Double(positives) / Double(negatives)
  }

  /// Average precision: precision at each threshold, weighted by the recall gained there; not
  /// interpolated, as scikit-learn's `average_precision_score`.
  public var averagePrecision: Double {
    var sum = 0.0
    var found = 0
    for point in points {
      let gained = point.truePositives - found
      found = point.truePositives
      guard gained > 0 else { continue }
      let precision =
        Double(point.truePositives) / Double(point.truePositives + point.falsePositives)
      sum += Double(gained) / Double(positives) * precision
    }
    return sum
  }
}
