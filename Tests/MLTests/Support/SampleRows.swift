@testable import ML

/// The rows that Tests/Oracle/metrics_golden.py makes: `distinct` scores, 0 and 1 among them, so
/// that many are tied; some weights are 0.
func sampleRows(_ count: Int, distinct: Int, weighted: Bool = false) throws -> ScoredLabels {
  var random = SplitMix64(seed: 17)
  var scores: [Double] = []
  var labels: [UInt8] = []
  var weights: [Double] = []
  for _ in 0..<count {
    let score = Double(random.next() % UInt64(distinct)) / Double(distinct - 1)
    labels.append(Double(random.next() % 100) < 20 + 60 * score ? 1 : 0)
    scores.append(score)
    weights.append(Double(random.next() % 8) / 4)
  }
  return try ScoredLabels(scores: scores, labels: labels, weights: weighted ? weights : nil)
}
