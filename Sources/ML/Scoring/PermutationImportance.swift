import ColStore

extension Scorer {
  /// By how much the area under the ROC curve falls when one feature's values are shuffled among the
  /// rows (Breiman 2001), a value a feature. Of many rows, evenly spaced ones stand for all.
  public func permutationImportance(
    label: BinaryLabel, rows: [UInt32]?, seed: UInt64, rowsMax: Int = 200_000
  ) throws(ModelError) -> [Double] {
    let all = rows ?? (0..<UInt32(rowCount)).map { $0 }
    let step = max(1, (all.count + rowsMax - 1) / rowsMax)
    let chosen = stride(from: 0, to: all.count, by: step).map { all[$0] }
    let table = try table(of: chosen)
    let labels = chosen.map { label.values[Int($0)] }
    func area(_ scores: [Double]) throws(ModelError) -> Double {
      try ThresholdCurve(ScoredLabels(scores: scores, labels: labels)).areaUnderROC
    }
    let base = try area(probabilities(of: table, count: chosen.count))
    var falls: [Double] = []
    for feature in table.indices {
      var shuffled = table
      var random = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(feature)))
      shuffled[feature].shuffle(using: &random)
      falls.append(base - (try area(probabilities(of: shuffled, count: chosen.count))))
    }
    return falls
  }
}
