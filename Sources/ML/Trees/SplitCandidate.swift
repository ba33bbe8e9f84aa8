/// The best split that was found for a node so far.
struct SplitCandidate {
  /// What the loss falls by.
  var gain = 0.0
  /// −1 where there is none.
  var feature = -1
  /// Left are the bins up to this one (−1: none).
  var bin = -1
  var missingGoesLeft = false
  var left = GradientPair.zero
  var leftValue = 0.0
  var rightValue = 0.0
  /// The bins that go left, in place of `bin`; nil of a numeric split.
  var leftBins: [UInt8]?

  var isFound: Bool { feature >= 0 }

  /// Writes, for every code, 1 where its rows go left.
  func route(_ borders: BinBorders, into table: UnsafeMutablePointer<UInt8>) {
    table.update(repeating: 0, count: BinBorders.codesMax)
    if let leftBins {
      for bin in leftBins { table[Int(bin)] = 1 }
      return
    }
    if bin >= 0 { table.update(repeating: 1, count: min(bin + 1, BinBorders.codesMax)) }
    if borders.missingCode < BinBorders.codesMax {
      table[borders.missingCode] = missingGoesLeft ? 1 : 0
    }
  }
}
