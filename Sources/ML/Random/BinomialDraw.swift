import Glibc

extension SplitMix64 {
  /// How many of `count` independent events of probability `probability` happen.
  ///
  /// By inversion where few are expected, else by transformed rejection (Hörmann 1993, BTRS).
  mutating func nextBinomial(_ count: Int, _ probability: Double) -> Int {
    if count <= 0 || probability <= 0 { return 0 }
    if probability >= 1 { return count }
    if probability > 0.5 { return count - nextBinomial(count, 1 - probability) }
    return Double(count) * probability < 10
      ? invertBinomial(count, probability) : rejectBinomial(count, probability)
  }

  private mutating func invertBinomial(_ count: Int, _ p: Double) -> Int {
    let odds = p / (1 - p)
    let none = exp(Double(count) * log1p(-p))
    while true {
      var left = nextUnit()
      var term = none
      var k = 0
      while left > term && k < count && k < 200 {
        left -= term
        k += 1
        term *= odds * Double(count - k + 1) / Double(k)
      }
      if k < 200 { return k }
    }
  }

  private mutating func rejectBinomial(_ count: Int, _ p: Double) -> Int {
    let n = Double(count)
    let q = 1 - p
    let spread = (n * p * q).squareRoot()
    let b = 1.15 + 2.53 * spread
    let a = -0.0873 + 0.0248 * b + 0.01 * p
    let c = n * p + 0.5
    let mode = ((n + 1) * p).rounded(.down)
    let ofMode = lgamma(mode + 1) + lgamma(n - mode + 1)
    while true {
      let u = nextUnit() - 0.5
      var v = nextUnit()
      let edge = 0.5 - u.magnitude
      let k = ((2 * a / edge + b) * u + c).rounded(.down)
      if edge >= 0.07 && v <= 0.92 - 4.2 / b { return Int(k) }
      if k < 0 || k > n { continue }
      v *= (2.83 + 5.1 / b) * spread / (a / (edge * edge) + b)
      let limit = ofMode - lgamma(k + 1) - lgamma(n - k + 1) + (k - mode) * log(p / q)
      if log(v) <= limit { return Int(k) }
    }
  }
}
