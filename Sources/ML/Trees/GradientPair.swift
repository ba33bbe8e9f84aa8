/// First and second derivative of the loss of a row, or their sums, as fixed-point numbers: sums are
/// exact, so that neither the order of adding nor the number of threads can change a tree, and equal
/// rows put together give the same sums as one by one.
typealias GradientPair = SIMD2<Int64>

/// How fixed-point derivatives are scaled.
struct GradientScale: Sendable {
  /// Units of 1; a power of two, so large that sums over all rows stay exact in 53 bits.
  let units: Double
  let inverse: Double

  init(totalWeight: Double) {
    var exponent = 0
    while exponent < 50 && Double(UInt64(1) << UInt64(exponent)) < totalWeight { exponent += 1 }
    units = Double(UInt64(1) << UInt64(51 - exponent))
    inverse = 1 / units
  }

  @inline(__always)
  func fixed(_ value: Double) -> Int64 {
    // Adding 1.5 · 2^52 leaves the rounded integer in the low bits of the mantissa.
    let shift = 6_755_399_441_055_744.0
    return Int64(bitPattern: (value + shift).bitPattern) &- Int64(bitPattern: shift.bitPattern)
  }

  @inline(__always)
  func first(_ pair: GradientPair) -> Double { Double(pair.x) * inverse }

  @inline(__always)
  func second(_ pair: GradientPair) -> Double { Double(pair.y) * inverse }
}
