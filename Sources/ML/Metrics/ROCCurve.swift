/// The receiver operating characteristic: the share of positives found against the share of
/// negatives wrongly taken, as the threshold falls; scikit-learn's `roc_curve`.
public struct ROCCurve: Sendable {
  public struct Point: Equatable, Sendable {
    /// Positive is predicted where the score is at least this.
    public let threshold: Double
    public let falsePositiveRate: Double
    public let truePositiveRate: Double
  }

  /// From (0, 0), whose threshold is infinite, to (1, 1).
  public let points: [Point]

  /// - Parameter keepsAll: Keeps points that lie between two others on a line, too. They are left
  ///   out where both counts grow by the same steps before and after, which changes no picture.
  public init(_ curve: ThresholdCurve, keepsAll: Bool = false) {
    let counts = curve.points
    var points = [Point(threshold: .infinity, falsePositiveRate: 0, truePositiveRate: 0)]
    for at in counts.indices {
      let point = counts[at]
      if !keepsAll && at > 0 && at + 1 < counts.count {
        let (before, after) = (counts[at - 1], counts[at + 1])
        let bendsDown =
          after.falsePositives - point.falsePositives
          != point.falsePositives - before.falsePositives
        let bendsUp =
          after.truePositives - point.truePositives != point.truePositives - before.truePositives
        if !bendsDown && !bendsUp { continue }
      }
      points.append(
        Point(
          threshold: point.threshold,
          falsePositiveRate: point.falsePositives / curve.all.falsePositives,
          truePositiveRate: point.truePositives / curve.all.truePositives))
    }
    self.points = points
  }
}
