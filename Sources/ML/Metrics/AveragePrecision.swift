extension ThresholdCurve {
  /// Average precision: precision at each threshold, weighted by the recall gained there; not
  /// interpolated; scikit-learn's `average_precision_score`.
  public var averagePrecision: Double {
    var sum = 0.0
    var found = 0.0
    for point in points {
      let gained = point.truePositives - found
      found = point.truePositives
      guard gained > 0 else { continue }
      let precision = point.truePositives / (point.truePositives + point.falsePositives)
      sum += gained / all.truePositives * precision
    }
    return sum
  }
}
