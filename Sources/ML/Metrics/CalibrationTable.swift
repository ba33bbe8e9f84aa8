/// Rows in bins of predicted probability: whether what is predicted with 30 % comes true in 30 %.
///
/// Bins and means are those of scikit-learn's `calibration_curve`; a probability on an edge belongs
/// to the bin below it, and bins without rows are left out.
public struct CalibrationTable: Sendable {
  public enum Binning: Sendable {
    /// Bins of equal width over 0…1.
    case uniform
    /// Bins of nearly equal numbers of rows, cut at interpolated quantiles.
    case quantile
  }

  public struct Bin: Equatable, Sendable {
    public let rowCount: Int
    public let weight: Double
    public let meanProbability: Double
    /// The share of positives.
    public let rate: Double
  }

  /// From the lowest probability up.
  public let bins: [Bin]
  /// The mean distance of a bin's mean probability from its rate, bins weighted by their rows.
  public let expectedCalibrationError: Double

  /// - Throws: ``ModelError`` where a score is not a probability.
  public init(
    _ rows: ScoredLabels, binCount: Int = 10, binning: Binning = .uniform
  ) throws(ModelError) {
    precondition(binCount > 0, "there is at least one bin")
    try rows.requireProbabilities()
    let edges = try Self.innerEdges(rows, binCount, binning)
    var counts = [Int](repeating: 0, count: binCount)
    var weights = [Double](repeating: 0, count: binCount)
    var probabilities = weights
    var positives = weights
    for row in rows.scores.indices {
      let bin = Self.firstEdge(edges, notBelow: rows.scores[row])
      let weight = rows.weight(row)
      counts[bin] += 1
      weights[bin] += weight
      probabilities[bin] += weight * rows.scores[row]
      positives[bin] += weight * Double(rows.labels[row])
    }
    var bins: [Bin] = []
    var error = 0.0
    for bin in 0..<binCount where weights[bin] > 0 {
      let made = Bin(
        rowCount: counts[bin], weight: weights[bin],
        meanProbability: probabilities[bin] / weights[bin], rate: positives[bin] / weights[bin])
      error += made.weight / rows.total * abs(made.meanProbability - made.rate)
      bins.append(made)
    }
    self.bins = bins
    expectedCalibrationError = error
  }

  /// The edges between bins, ascending, computed in NumPy's steps, so that a probability on an edge
  /// falls on the same side.
  private static func innerEdges(
    _ rows: ScoredLabels, _ binCount: Int, _ binning: Binning
  ) throws(ModelError) -> [Double] {
    let step = 1 / Double(binCount)
    switch binning {
    case .uniform: return (1..<binCount).map { Double($0) * step }
    case .quantile:
      let descending = try rows.descendingOrder()
      func ascending(_ place: Int) -> Double {
        rows.scores[Int(descending[max(descending.count - 1 - place, 0)])]
      }
      return (1..<binCount).map { edge in
        let share = Double(edge) * step * 100 / 100
        let place = share * Double(rows.count - 1)
        let below = Int(place)
        let part = place - Double(below)
        let (low, high) = (ascending(below), ascending(below + 1))
        return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
      }
    }
  }

  private static func firstEdge(_ edges: [Double], notBelow value: Double) -> Int {
    var low = 0
    var high = edges.count
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
