/// Finds the best split of a node, feature by feature, from its histogram.
struct SplitFinder: Sendable {
  let rule: SplitRule
  let scale: GradientScale

  /// What is known of the node that is to be split.
  struct NodeFacts {
    var sums: GradientPair
    var rowCount: Int
    /// Of the node unsplit; nil: with the value that suits it best. Constraints may keep it from that.
    var gain: Double?
    /// Between which values monotone constraints keep the children's.
    var lower = -Double.infinity
    var upper = Double.infinity
  }

  /// Looks for a split on `feature` that is better than `best`.
  ///
  /// - Parameter histogram: The sums of each code of the feature.
  /// - Parameter bins: The codes that rows of the node have, ascending, the missing one left out.
  func improve(
    _ best: inout SplitCandidate, feature: Int, borders: BinBorders,
    histogram: UnsafePointer<GradientPair>, bins: UnsafeBufferPointer<UInt8>, facts: NodeFacts
  ) {
    guard !bins.isEmpty else { return }
    let hasMissing = borders.hasMissing && histogram[borders.missingCode] != .zero
    if borders.categories != nil {
      return improveByCategories(&best, feature, histogram, bins, facts)
    }
    let parent = facts.gain ?? rule.gain(scale.first(facts.sums), scale.second(facts.sums))
    let monotone = feature < rule.monotone.count ? rule.monotone[feature] : 0
    let isBounded = !rule.monotone.isEmpty
    let rowsPerWeight = Double(facts.rowCount) / max(scale.second(facts.sums), 1e-300)
    let last = bins.count - 1
    var found = best

    @inline(__always)
    func consider(_ left: GradientPair, _ leftRows: Int, _ bin: Int, _ missingGoesLeft: Bool) {
      let right = facts.sums &- left
      let (gl, hl) = (scale.first(left), scale.second(left))
      let (gr, hr) = (scale.first(right), scale.second(right))
      if hl < rule.childWeightMin || hr < rule.childWeightMin || left.y <= 0 || right.y <= 0 {
        return
      }
      if rule.childRowsMin > 0
        && (leftRows < rule.childRowsMin || facts.rowCount - leftRows < rule.childRowsMin)
      {
        return
      }
      var gain: Double
      if isBounded {
        let wl = min(max(rule.value(gl, hl), facts.lower), facts.upper)
        let wr = min(max(rule.value(gr, hr), facts.lower), facts.upper)
        if (monotone > 0 && wl > wr) || (monotone < 0 && wl < wr) { return }
        gain = rule.gain(gl, hl, value: wl) + rule.gain(gr, hr, value: wr) - parent
      } else {
        gain = rule.gain(gl, hl) + rule.gain(gr, hr) - parent
      }
      switch rule.flavour {
      case .lightgbm: if gain - rule.gainMin <= found.gain { return }
      case .xgboost, .forest:
        gain = Double(Float(gain))
        if gain <= found.gain { return }
      }
      found.gain = rule.flavour == .lightgbm ? gain - rule.gainMin : gain
      found.feature = feature
      found.bin = bin
      found.missingGoesLeft = missingGoesLeft
      found.left = left
      found.leftBins = nil
    }

    switch rule.flavour {
    case .xgboost, .forest:
      var sum = GradientPair.zero
      var place = 0
      while place < (hasMissing ? bins.count : last) {
        let bin = Int(bins[place])
        sum &+= histogram[bin]
        consider(sum, 0, bin, false)
        place &+= 1
      }
      if hasMissing {
        sum = .zero
        place = last
        while place >= 0 {
          let bin = Int(bins[place])
          sum &+= histogram[bin]
          consider(facts.sums &- sum, 0, bin &- 1, true)
          place &-= 1
        }
      }
    case .lightgbm:
      func rows(_ bin: Int) -> Int {
        Int((scale.second(histogram[bin]) * rowsPerWeight + 0.5).rounded(.down))
      }
      var sum = GradientPair.zero
      var count = 0
      var place = last
      while place >= 1 {
        let bin = Int(bins[place])
        sum &+= histogram[bin]
        count &+= rows(bin)
        consider(facts.sums &- sum, facts.rowCount &- count, bin &- 1, true)
        place &-= 1
      }
      if hasMissing {
        sum = .zero
        count = 0
        place = 0
        while place <= last {
          let bin = Int(bins[place])
          sum &+= histogram[bin]
          count &+= rows(bin)
          consider(sum, count, bin, false)
          place &+= 1
        }
      }
    }
    best = found
  }

  /// The values of the two children of a split that was found.
  func setValues(_ split: inout SplitCandidate, facts: NodeFacts) {
    guard split.isFound, split.leftBins == nil else { return }
    let right = facts.sums &- split.left
    split.leftValue = bounded(split.left, facts)
    split.rightValue = bounded(right, facts)
  }

  func bounded(_ sums: GradientPair, _ facts: NodeFacts) -> Double {
    min(max(rule.value(scale.first(sums), scale.second(sums)), facts.lower), facts.upper)
  }

  /// Whether a candidate is worth a split.
  func isWorthwhile(_ split: SplitCandidate) -> Bool {
    guard split.isFound else { return false }
    switch rule.flavour {
    case .xgboost: return split.gain > 1e-6 && split.gain >= rule.gainMin
    case .lightgbm: return split.gain > 0
    case .forest: return split.gain > 1e-9
    }
  }
}
