/// The weight of the positives and negatives that score at least each distinct score, from the
/// highest down: what areas and curves of a ranking are computed from.
public struct ThresholdCurve: Sendable {
  public struct Point: Equatable, Sendable {
    public let threshold: Double
    /// The weight of the positives and negatives whose score is at least the threshold: without
    /// weights, their number.
    public let truePositives: Double
    public let falsePositives: Double
  }

  /// One point a distinct score, thresholds descending; rows of weight 0 make none.
  public let points: [Point]
  /// The last point: everything is taken for positive.
  let all: Point

  /// O(n).
  ///
  /// - Throws: ``ModelError`` where all rows are of one class.
  public init(_ rows: ScoredLabels) throws(ModelError) {
    try rows.requireBothClasses()
    let order = try rows.descendingOrder()
    var points: [Point] = []
    var last = Point(threshold: .infinity, truePositives: 0, falsePositives: 0)
    for entry in order {
      let row = Int(entry)
      let weight = rows.weight(row)
      if weight == 0 { continue }
      let score = rows.scores[row]
      // Rows of equal score pass the threshold together.
      let isNew = score != last.threshold || points.isEmpty
      let isPositive = rows.labels[row] == 1
      last = Point(
        threshold: score, truePositives: last.truePositives + (isPositive ? weight : 0),
        falsePositives: last.falsePositives + (isPositive ? 0 : weight))
      if isNew { points.append(last) } else { points[points.count - 1] = last }
    }
    self.points = points
    all = last
  }
}
