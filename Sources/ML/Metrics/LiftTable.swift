/// Rows ranked by score and cut into tenths: how much better than chance each tenth is.
public struct LiftTable: Sendable {
  public struct Band: Equatable, Sendable {
    public let count: Int
    public let positives: Int
    /// Positives of this band and all above it, as a share of all positives.
    public let cumulativeGain: Double
    /// The band's rate of positives over the rate of all rows.
    public let lift: Double
  }

  /// From the highest scores down; sizes differ by one at most.
  public let bands: [Band]

  /// Rows of equal score keep their order.
  public init(_ rows: ScoredLabels, bandCount: Int = 10) throws(ModelError) {
    try rows.requireBothClasses()
    precondition(bandCount > 0, "there is at least one band")
    let order = rows.scores.indices.sorted {
      (rows.scores[$1], $0) < (rows.scores[$0], $1)
    }
    let baseRate = Double(rows.positives) / Double(rows.count)
    var bands: [Band] = []
    var found = 0
    for band in 0..<bandCount {
      let range = order.count * band / bandCount..<order.count * (band + 1) / bandCount
      let positives = order[range].reduce(0) { $0 + (rows.labels[$1] ? 1 : 0) }
      found += positives
      let rate = range.isEmpty ? 0 : Double(positives) / Double(range.count)
      bands.append(
        Band(
          count: range.count, positives: positives,
          cumulativeGain: Double(found) / Double(rows.positives), lift: rate / baseRate))
    }
    self.bands = bands
  }
}
