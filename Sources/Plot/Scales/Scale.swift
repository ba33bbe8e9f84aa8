/// How values become places: fractions from 0 to 1 of an axis.
enum Scale: Hashable, Sendable {
  case linear(ClosedRange<Double>)
  /// Of positive numbers; a step of ten is as long everywhere.
  case logarithmic(ClosedRange<Double>)
  /// Seconds since 1970, UTC.
  case time(ClosedRange<Double>)
  /// Categories by number; category `i` lies at `i`, from `i − ½` to `i + ½`.
  case band(Int)

  /// Where a value lies; nil where the scale has no place for it.
  func fraction(_ value: Double) -> Double? {
    guard value.isUsable else { return nil }
    switch self {
    case .linear(let domain), .time(let domain):
      return (value - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    case .logarithmic(let domain):
      guard value > 0 else { return nil }
      let low = logarithm10(domain.lowerBound)
      return (logarithm10(value) - low) / (logarithm10(domain.upperBound) - low)
    case .band(let count):
      return (value + 0.5) / Double(max(count, 1))
    }
  }

  var isBand: Bool {
    if case .band = self { return true }
    return false
  }

  /// A linear scale whose ends are round and that is never without extent.
  ///
  /// - Parameter includesZero: Whether bars or areas stand on it.
  static func nice(
    _ range: ClosedRange<Double>?, includesZero: Bool = false, ticks: Int = 5
  ) -> Scale {
    var (low, high) = (range?.lowerBound ?? 0, range?.upperBound ?? 1)
    if includesZero { (low, high) = (min(low, 0), max(high, 0)) }
    if low == high {
      let margin = low == 0 ? 1 : low.magnitude * 0.1
      (low, high) = includesZero && low == 0 ? (0, 1) : (low - margin, high + margin)
    }
    let step = LinearTicks.step(over: high - low, atMost: ticks)
    let (first, last) = ((low / step).rounded(.down) * step, (high / step).rounded(.up) * step)
    // Numbers so near to each other that no step tells them apart stay as they are.
    return first < last ? .linear(first...last) : .linear(low...max(high, low.nextUp))
  }

  /// A logarithmic scale over the positive numbers of a range, to 1, 2 or 5 times powers of ten.
  ///
  /// - Parameter isTight: Whether it ends where the numbers end.
  static func logarithmic(over range: ClosedRange<Double>?, isTight: Bool = false) -> Scale {
    guard let range, range.upperBound > 1e-90 else { return .logarithmic(1...10) }
    let high = range.upperBound
    let low = max(range.lowerBound, high * 1e-12)
    if high / low < 1.05 { return .logarithmic(low / 2...high * 2) }
    return isTight
      ? .logarithmic(low...high) : .logarithmic(round(low, up: false)...round(high, up: true))
  }

  /// The nearest of 1, 2 and 5 times a power of ten.
  private static func round(_ value: Double, up isUp: Bool) -> Double {
    let decade = power(10, logarithm10(value).rounded(.down))
    let factors: [Double] = isUp ? [1, 2, 5, 10] : [5, 2, 1]
    let found = factors.first {
      isUp ? $0 * decade >= value * (1 - 1e-9) : $0 * decade <= value * (1 + 1e-9)
    }
    return (found ?? 1) * decade
  }
}
