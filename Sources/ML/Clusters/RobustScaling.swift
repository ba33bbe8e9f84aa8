/// Values by their distance from the median in interquartile ranges, as scikit-learn's
/// `RobustScaler`: a range of 0 counts as 1.
public struct RobustScaling: Sendable, Equatable {
  public let median: Double
  public let range: Double

  /// Quartiles are interpolated between the two nearest values.
  public init(_ values: [Double]) {
    var keys = values.map { value -> UInt64 in
      let bits = (value + 0).bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
    RadixSort.sort(&keys)
    func quantile(_ share: Double) -> Double {
      guard !keys.isEmpty else { return 0 }
      let place = share * Double(keys.count - 1)
      let below = Int(place)
      let above = min(below + 1, keys.count - 1)
      func value(_ at: Int) -> Double {
        let key = keys[at]
        return Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
      }
      return value(below) + (place - Double(below)) * (value(above) - value(below))
    }
    median = quantile(0.5)
    let spread = quantile(0.75) - quantile(0.25)
    range = spread == 0 ? 1 : spread
  }

  public init(median: Double, range: Double) {
    self.median = median
    self.range = range
  }

  public func scaled(_ value: Double) -> Double { (value - median) / range }
}
