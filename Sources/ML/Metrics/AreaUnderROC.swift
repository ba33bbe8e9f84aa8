extension ThresholdCurve {
  /// The area under the ROC curve, by trapezoids: the share of pairs of a positive and a negative
  /// in which the positive scores higher, ties counting half; scikit-learn's `roc_auc_score`.
  public var areaUnderROC: Double {
    var doubledArea = 0.0
    var previous = Point(threshold: .infinity, truePositives: 0, falsePositives: 0)
    for point in points {
      let width = point.falsePositives - previous.falsePositives
      doubledArea += width * (point.truePositives + previous.truePositives)
      previous = point
    }
    return doubledArea / 2 / all.truePositives / all.falsePositives
  }
}
