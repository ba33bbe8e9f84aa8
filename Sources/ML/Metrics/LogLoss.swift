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
      var sum = 0.0
      for row in scores.indices { sum += weight(row) * logLoss(ofRow: row) }
      return sum / total
    }
  }

  /// The negative logarithm of the probability given to the row's class.
  func logLoss(ofRow row: Int) -> Double {
    let clip = Self.probabilityClip
    let probability = min(max(scores[row], clip), 1 - clip)
    return -(labels[row] == 1 ? log(probability) : log(1 - probability))
  }
}
