/// Round numbers along a linear axis.
enum LinearTicks {
  /// The least of 1, 2, 2.5 and 5 times a power of ten that is fit in at most `count` times.
  static func step(over extent: Double, atMost count: Int) -> Double {
    guard extent > 0, extent.isUsable, count > 0 else { return 1 }
    let least = extent / Double(count)
    let decade = power(10, logarithm10(least).rounded(.down))
    for factor in [1, 2, 2.5, 5, 10] where factor * decade >= least * (1 - 1e-9) {
      return factor * decade
    }
    return 10 * decade
  }

  /// The multiples of the step inside the domain.
  static func values(in domain: ClosedRange<Double>, atMost count: Int) -> (
    values: [Double], step: Double
  ) {
    let extent = domain.upperBound - domain.lowerBound
    let step = step(over: extent, atMost: count)
    let first = (domain.lowerBound / step - 1e-9).rounded(.up)
    let last = (domain.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000 else { return ([], step) }
    var values: [Double] = []
    var multiple = first
    while multiple <= last {
      values.append(multiple == 0 ? 0 : multiple * step)
      multiple += 1
    }
    return (values, step)
  }
}
