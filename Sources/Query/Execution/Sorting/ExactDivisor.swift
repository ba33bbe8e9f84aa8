/// Tells the multiples of a number and divides them by it, with a multiplication each (Granlund and
/// Montgomery 1994, section 9).
struct ExactDivisor {
  let divisor: UInt64
  /// Of the divisor's odd part, modulo 2^64.
  private let inverse: UInt64
  private let shift: UInt64
  private let quotientMax: UInt64

  /// - Parameter divisor: above 0.
  init(_ divisor: UInt64) {
    self.divisor = divisor
    shift = UInt64(divisor.trailingZeroBitCount)
    let odd = divisor >> shift
    // Five bits are right to begin with, and each step of Newton's doubles them.
    var inverse = (odd &* 3) ^ 2
    for _ in 0..<4 { inverse = inverse &* (2 &- odd &* inverse) }
    self.inverse = inverse
    quotientMax = UInt64.max / divisor
  }

  @inline(__always)
  func divides(_ number: UInt64) -> Bool {
    let product = number &* inverse
    return (product &>> shift) | (product &<< (64 &- shift)) <= quotientMax
  }

  /// - Parameter number: a multiple of the divisor.
  @inline(__always)
  func quotient(of number: UInt64) -> UInt64 { (number &* inverse) &>> shift }
}
