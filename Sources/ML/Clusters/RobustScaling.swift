/// Values by their distance from the median in interquartile ranges, as scikit-learn's
/// `RobustScaler`: a range of 0 counts as 1.
public struct RobustScaling: Sendable, Equatable {
  public let median: Double
  public let range: Double

  /// Quartiles are interpolated between the two nearest values.
  public init(_ values: [Double]) {
    let count = values.count
    func places(_ share: Double) -> (below: Int, part: Double) {
      let place = share * Double(max(count - 1, 0))
      return (Int(place), place - Double(Int(place)))
    }
    let shares = [0.25, 0.5, 0.75].map(places)
    let wanted = shares.flatMap { [$0.below, min($0.below + 1, max(count - 1, 0))] }
    let found = count > 0 ? OrderStatistics.values(at: wanted, of: values) : wanted.map { _ in 0 }
    func quantile(_ number: Int) -> Double {
      let (below, above) = (found[2 * number], found[2 * number + 1])
      return below + shares[number].part * (above - below)
    }
    median = quantile(1)
    let spread = quantile(2) - quantile(0)
    range = spread == 0 ? 1 : spread
  }

  public init(median: Double, range: Double) {
    self.median = median
    self.range = range
  }

  public func scaled(_ value: Double) -> Double { (value - median) / range }
}
