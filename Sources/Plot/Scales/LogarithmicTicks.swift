/// Numbers along a logarithmic axis: powers of ten, with 2 and 5 times them where there is room.
enum LogarithmicTicks {
  static func values(in domain: ClosedRange<Double>, atMost count: Int) -> [Double] {
    let low = logarithm10(domain.lowerBound)
    let high = logarithm10(domain.upperBound)
    guard low.isFinite, high.isFinite, low < high, count > 0 else { return [] }
    var best: [Double] = []
    for factors in [[1.0], [1, 3], [1, 2, 5]] {
      let values = multiples(of: factors, low, high, every: 1)
      if values.count <= max(count, 2) { best = values }
    }
    var every = 2
    while best.isEmpty, every < 700 {
      let values = multiples(of: [1], low, high, every: every)
      if values.count <= count { best = values }
      every += 1
    }
    if best.count < 2 {
      // Less than a decade: as on a linear axis.
      let linear = LinearTicks.values(in: domain, atMost: count).values.filter { $0 > 0 }
      if linear.count > best.count { return linear }
    }
    return best
  }

  private static func multiples(
    of factors: [Double], _ low: Double, _ high: Double, every: Int
  ) -> [Double] {
    var values: [Double] = []
    var exponent = (low.rounded(.down) / Double(every)).rounded(.down) * Double(every)
    while exponent <= high {
      for factor in factors {
        let place = exponent + logarithm10(factor)
        if place >= low - 1e-9, place <= high + 1e-9 {
          // Division gives the nearest number to 0.001, multiplication does not.
          values.append(
            exponent < 0 ? factor / power(10, -exponent) : factor * power(10, exponent))
        }
      }
      exponent += Double(every)
    }
    return values
  }
}
