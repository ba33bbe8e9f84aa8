extension ScoredLabels {
  /// The mean squared distance of probability and outcome.
  ///
  /// - Throws: ``ModelError`` where a score is not a probability.
  public var brierScore: Double {
    get throws(ModelError) {
      try requireProbabilities()
      var sum = 0.0
      for row in scores.indices {
        let error = scores[row] - Double(labels[row])
        sum += weight(row) * (error * error)
      }
      return sum / total
    }
  }
}
