/// What all of some values are multiples of.
enum CommonDivisor {
  /// So many values mostly tell the divisor of all.
  private static let sampleCount = 64

  /// Divides values by their greatest common divisor, which it returns; it is at least 1.
  static func divideOut<Word: StreamWord>(
    of values: UnsafeMutablePointer<Word>, count: Int
  ) -> Word {
    var divisor: Word = 0
    for checked in [min(sampleCount, count), count] {
      for index in 0..<checked where divisor != 1 {
        divisor = greatestCommonDivisor(values[index], divisor)
      }
      if divisor == 1 { return 1 }
      if divisor != 0, Word.divideExactly(values, count, by: divisor) { return divisor }
    }
    return 1
  }
}

/// The greatest number that divides both; the other where one is 0.
@inlinable
package func greatestCommonDivisor<Number: FixedWidthInteger & UnsignedInteger>(
  _ left: Number, _ right: Number
) -> Number {
  var (left, right) = (left, right)
  while right != 0 { (left, right) = (right, left % right) }
  return left
}
