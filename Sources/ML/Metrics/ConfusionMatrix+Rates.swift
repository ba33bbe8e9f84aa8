/// A rate whose denominator is 0 is 0.
extension ConfusionMatrix {
  public var accuracy: Double { Self.rate(truePositives + trueNegatives, of: total) }

  /// Of the rows predicted positive, the share that is.
  public var precision: Double { Self.rate(truePositives, of: truePositives + falsePositives) }

  /// Of the positive rows, the share that was predicted so.
  public var recall: Double { Self.rate(truePositives, of: truePositives + falseNegatives) }

  /// The harmonic mean of precision and recall of the positive class.
  public var f1: Double {
    Self.rate(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives)
  }

  /// The F1 of both classes, each weighted by the weight of its rows.
  public var weightedF1: Double {
    let ofNegatives = Self.rate(
      2 * trueNegatives, of: 2 * trueNegatives + falsePositives + falseNegatives)
    return Self.rate(
      f1 * (truePositives + falseNegatives) + ofNegatives * (trueNegatives + falsePositives),
      of: total)
  }

  private static func rate(_ part: Double, of whole: Double) -> Double {
    whole == 0 ? 0 : part / whole
  }
}
