/// How predictions and true classes meet at one threshold, and the rates that follow from it.
///
/// A row is predicted positive where its score is above the threshold. A rate whose denominator is
/// 0 is 0.
public struct ConfusionMatrix: Equatable, Sendable {
  public let truePositives: Int
  public let falsePositives: Int
  public let falseNegatives: Int
  public let trueNegatives: Int

  public init(_ rows: ScoredLabels, threshold: Double = 0.5) {
    var truePositives = 0
    var predicted = 0
    for row in rows.scores.indices where rows.scores[row] > threshold {
      predicted += 1
      if rows.labels[row] { truePositives += 1 }
    }
    self.truePositives = truePositives
    falsePositives = predicted - truePositives
    falseNegatives = rows.positives - truePositives
    trueNegatives = rows.negatives - falsePositives
  }

  public var count: Int { truePositives + falsePositives + falseNegatives + trueNegatives }

  public var accuracy: Double { Self.rate(truePositives + trueNegatives, of: count) }

  /// Of the rows predicted positive, the share that is.
  public var precision: Double { Self.rate(truePositives, of: truePositives + falsePositives) }

  /// Of the positive rows, the share that was predicted so.
  public var recall: Double { Self.rate(truePositives, of: truePositives + falseNegatives) }

  /// The harmonic mean of precision and recall of the positive class.
  public var f1: Double {
    Self.rate(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives)
  }

  /// The F1 of both classes, each weighted by its number of rows.
  public var weightedF1: Double {
    let ofNegatives = Self.rate(
      2 * trueNegatives, of: 2 * trueNegatives + falsePositives + falseNegatives)
    let positives = Double(truePositives + falseNegatives)
    let negatives = Double(trueNegatives + falsePositives)
    guard count > 0 else { return 0 }
    return (f1 * positives + ofNegatives * negatives) / Double(count)
  }

  private static func rate(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
