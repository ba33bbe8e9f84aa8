extension SplitFinder {
  /// Whether a node has weight enough for two children.
  func mayBeSplit(_ facts: NodeFacts) -> Bool {
    if rule.childRowsMin > 0 && facts.rowCount < 2 * rule.childRowsMin { return false }
    if scale.second(facts.sums) < 2 * rule.childWeightMin { return false }
    // Of a forest, all rows of one class have nothing to part.
    return rule.flavour != .forest || (facts.sums.x != 0 && facts.sums.x != -facts.sums.y)
  }

  /// The best split over `features`, of which each node tries as many as the rule says, drawn anew.
  ///
  /// - Parameter sums: The feature's histogram and the bins in it that have rows.
  func best(
    _ facts: NodeFacts, features: [Int], seed: UInt64, borders: [BinBorders],
    sums: (Int) -> (UnsafePointer<GradientPair>, UnsafeBufferPointer<UInt8>)
  ) -> SplitCandidate {
    var best = SplitCandidate()
    guard let tried = rule.featuresPerNode, tried < features.count else {
      for feature in features {
        let (histogram, bins) = sums(feature)
        improve(
          &best, feature: feature, borders: borders[feature], histogram: histogram, bins: bins,
          facts: facts)
      }
      setValues(&best, facts: facts)
      return best
    }
    // Features of one value in the node do not count as tried, as in scikit-learn.
    var random = SplitMix64(seed: seed)
    var left = features
    var varied = 0
    while !left.isEmpty && varied < tried {
      let drawn = random.next(below: left.count)
      let feature = left[drawn]
      left.swapAt(drawn, left.count - 1)
      left.removeLast()
      let (histogram, bins) = sums(feature)
      let border = borders[feature]
      let hasMissing = border.hasMissing && histogram[border.missingCode] != .zero
      guard bins.count + (hasMissing ? 1 : 0) > 1 else { continue }
      varied += 1
      improve(
        &best, feature: feature, borders: border, histogram: histogram, bins: bins, facts: facts)
    }
    setValues(&best, facts: facts)
    return best
  }

  /// What is known of the children of a node: sums, rows, and how far monotone constraints let
  /// their values go.
  func childFacts(
    _ parent: NodeFacts, _ split: SplitCandidate, leftRows: Int
  ) -> (left: NodeFacts, right: NodeFacts) {
    var left = parent
    var right = parent
    left.sums = split.left
    left.rowCount = leftRows
    right.sums = parent.sums &- split.left
    right.rowCount = parent.rowCount - leftRows
    guard !rule.monotone.isEmpty else { return (left, right) }
    left.gain = rule.gain(
      scale.first(left.sums), scale.second(left.sums), value: split.leftValue)
    right.gain = rule.gain(
      scale.first(right.sums), scale.second(right.sums), value: split.rightValue)
    let monotone = rule.monotone[split.feature]
    if monotone != 0 {
      let middle = (split.leftValue + split.rightValue) / 2
      if monotone > 0 {
        left.upper = min(left.upper, middle)
        right.lower = max(right.lower, middle)
      } else {
        left.lower = max(left.lower, middle)
        right.upper = min(right.upper, middle)
      }
    }
    return (left, right)
  }
}
