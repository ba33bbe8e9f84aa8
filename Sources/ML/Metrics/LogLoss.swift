import Glibc

extension ScoredLabels {
  /// Probabilities nearer to 0 or 1 are taken for this near, or one sure error would cost without
  /// bound: the spacing of doubles at 1, as scikit-learn has it.
  public static let probabilityClip = Double.ulpOfOne

  /// The mean negative logarithm of the probability given to the true class.
  ///
  /// - Throws: ``ModelError`` where a score is not a probability.
  public var logLoss: Double {
    get throws(ModelError) {
      try requireProbabilities()
      let clip = Self.probabilityClip
      var sum = 0.0
      for row in scores.indices {
        let probability = min(max(scores[row], clip), 1 - clip)
        sum -= weight(row) * (labels[row] == 1 ? log(probability) : log(1 - probability))
      }
      return sum / total
    }
  }
}
