extension ScoredLabels {
  /// Row numbers by descending score, rows of equal score in their own order. O(n).
  func descendingOrder() throws(ModelError) -> [UInt32] {
    try RadixOrder(scores.map(Self.descendingKey)).rows
  }

  /// An integer that is smaller the larger the score is; 0 and −0 have the same.
  private static func descendingKey(_ score: Double) -> UInt64 {
    let bits = (score + 0).bitPattern
    let ascending = bits >> 63 == 1 ? ~bits : bits | 1 << 63
    return ~ascending
  }
}
