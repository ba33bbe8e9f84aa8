extension SplitFinder {
  /// LightGBM's splits of categories: one against the others where there are few; else sorted by
  /// their mean derivative, a prefix or suffix of that order goes left (Fisher 1958). Missing and
  /// rare categories go right.
  func improveByCategories(
    _ best: inout SplitCandidate, _ feature: Int, _ histogram: UnsafePointer<GradientPair>,
    _ bins: UnsafeBufferPointer<UInt8>, _ facts: NodeFacts
  ) {
    let categorical = rule.categorical
    let (g, h) = (scale.first(facts.sums), scale.second(facts.sums))
    let rowsPerWeight = Double(facts.rowCount) / max(h, 1e-300)
    func rows(_ bin: UInt8) -> Int {
      Int((scale.second(histogram[Int(bin)]) * rowsPerWeight + 0.5).rounded(.down))
    }
    func isAllowed(_ sums: GradientPair, _ count: Int) -> Bool {
      scale.second(sums) >= rule.childWeightMin && sums.y > 0 && count >= rule.childRowsMin
    }
    let floor = rule.gain(g, h) + rule.gainMin
    var rule = rule
    func consider(_ left: GradientPair, _ leftBins: () -> [UInt8]) {
      let right = facts.sums &- left
      let gain =
        rule.gain(scale.first(left), scale.second(left))
        + rule.gain(scale.first(right), scale.second(right)) - floor
      guard gain > best.gain else { return }
      best = SplitCandidate(
        gain: gain, feature: feature, left: left,
        leftValue: rule.value(scale.first(left), scale.second(left)),
        rightValue: rule.value(scale.first(right), scale.second(right)), leftBins: leftBins())
    }
    if bins.count <= categorical.oneHotMax {
      for bin in bins {
        let left = histogram[Int(bin)]
        let count = rows(bin)
        if isAllowed(left, count), isAllowed(facts.sums &- left, facts.rowCount - count) {
          consider(left) { [bin] }
        }
      }
      return
    }
    rule.regLambda += categorical.regLambda
    func order(_ bin: UInt8) -> Double {
      let sums = histogram[Int(bin)]
      return scale.first(sums) / (scale.second(sums) + categorical.smoothing)
    }
    let sorted = bins.filter { Double(rows($0)) >= categorical.smoothing }
      .sorted { (order($0), $0) < (order($1), $1) }
    let taken = min(categorical.categoriesMax, (sorted.count + 1) / 2)
    for isReversed in [false, true] {
      let sequence = isReversed ? sorted.reversed() : sorted
      var left = GradientPair.zero
      var count = 0
      var inGroup = 0
      for place in 0..<taken {
        left &+= histogram[Int(sequence[place])]
        let added = rows(sequence[place])
        count += added
        inGroup += added
        guard isAllowed(left, count) else { continue }
        let rightRows = facts.rowCount - count
        guard rightRows >= categorical.groupRowsMin, isAllowed(facts.sums &- left, rightRows)
        else { break }
        guard inGroup >= categorical.groupRowsMin else { continue }
        inGroup = 0
        consider(left) { Array(sequence[...place]) }
      }
    }
  }
}
