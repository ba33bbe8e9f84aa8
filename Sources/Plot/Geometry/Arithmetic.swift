import Glibc

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
func logarithm10(_ value: Double) -> Double { log10(value) }

extension Double {
  /// Whether a picture can place it: finite, and far enough from overflow to compute with.
  var isUsable: Bool { magnitude <= 1e100 }
}

extension Sequence<Double> {
  /// The least and the greatest usable number.
  var usableRange: ClosedRange<Double>? {
    var range: ClosedRange<Double>?
    for value in self where value.isUsable {
      guard let known = range else {
        range = value...value
        continue
      }
      if value < known.lowerBound { range = value...known.upperBound }
      if value > known.upperBound { range = known.lowerBound...value }
    }
    return range
  }
}
