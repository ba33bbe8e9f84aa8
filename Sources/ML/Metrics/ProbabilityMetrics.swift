import Glibc

/// Metrics of probabilities as such, not of the ranking they make.
extension ScoredLabels {
  /// Probabilities nearer to 0 or 1 are taken for this near, or one sure error would cost without
  /// bound: the spacing of doubles at 1, as scikit-learn has it.
  public static let probabilityClip = Double.ulpOfOne

  /// The mean negative logarithm of the probability given to the true class.
  public var logLoss: Double {
    let clip = Self.probabilityClip
    var sum = 0.0
    for row in scores.indices {
      let probability = min(max(scores[row], clip), 1 - clip)
      sum -= labels[row] ? log(probability) : log(1 - probability)
    }
    return sum / Double(count)
  }

  /// The Brier score: the mean squared distance of probability and outcome.
  public var brierScore: Double {
    var sum = 0.0
    for row in scores.indices {
      let error = scores[row] - (labels[row] ? 1 : 0)
      sum += error * error
    }
    return sum / Double(count)
  }
}
