/// Precision against recall as the threshold rises; scikit-learn's `precision_recall_curve`.
public struct PrecisionRecallCurve: Sendable {
  public struct Point: Equatable, Sendable {
    /// Positive is predicted where the score is at least this.
    public let threshold: Double
    public let precision: Double
    public let recall: Double
  }

  /// One point a distinct score, thresholds ascending, then the end where nothing is predicted
  /// positive: threshold infinite, precision 1, recall 0.
  public let points: [Point]

  public init(_ curve: ThresholdCurve) {
    var points = curve.points.reversed().map { point in
      Point(
        threshold: point.threshold,
        precision: point.truePositives / (point.truePositives + point.falsePositives),
        recall: point.truePositives / curve.all.truePositives)
    }
    points.append(Point(threshold: .infinity, precision: 1, recall: 0))
    self.points = points
  }
}
