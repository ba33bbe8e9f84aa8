/// Rows ranked by score and cut into tenths: how much better than chance each tenth is.
public struct LiftTable: Sendable {
  public struct Band: Equatable, Sendable {
    /// Rows of the band, and their weight.
    public let rowCount: Int
    public let weight: Double
    /// The weight of the band's positives.
    public let positives: Double
    /// Lowest and highest score; nil of a band without rows.
    public let scores: ClosedRange<Double>?
    /// The share of positives in the band.
    public let rate: Double
    /// The band's rate over the rate of all rows.
    public let lift: Double
    /// Positives of this band and all above it, as a share of all positives.
    public let cumulativeGain: Double
    /// The rate of this band and all above it over the rate of all rows.
    public let cumulativeLift: Double
  }

  /// From the highest scores down.
  public let bands: [Band]

  /// Rows of equal score keep their order. A row belongs to the band in which its weight begins, so
  /// that without weights the sizes differ by one at most. O(n).
  ///
  /// - Throws: ``ModelError`` where all rows are of one class.
  public init(_ rows: ScoredLabels, bandCount: Int = 10) throws(ModelError) {
    precondition(bandCount > 0, "there is at least one band")
    try rows.requireBothClasses()
    let order = try rows.descendingOrder()
    let baseRate = rows.positives / rows.total
    var bands: [Band] = []
    var at = 0
    var above = 0.0
    var found = 0.0
    for band in 1...bandCount {
      let first = at
      var weight = 0.0
      var positives = 0.0
      while at < order.count,
        band == bandCount || (above + weight) * Double(bandCount) < rows.total * Double(band)
      {
        let row = Int(order[at])
        weight += rows.weight(row)
        if rows.labels[row] == 1 { positives += rows.weight(row) }
        at += 1
      }
      above += weight
      found += positives
      let rate = weight > 0 ? positives / weight : 0
      bands.append(
        Band(
          rowCount: at - first, weight: weight, positives: positives,
          scores: first < at
            ? rows.scores[Int(order[at - 1])]...rows.scores[Int(order[first])] : nil,
          rate: rate, lift: rate / baseRate, cumulativeGain: found / rows.positives,
          cumulativeLift: above > 0 ? found / above / baseRate : 0))
    }
    self.bands = bands
  }
}
