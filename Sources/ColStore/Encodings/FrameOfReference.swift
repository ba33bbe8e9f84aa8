/// Where some values lie: the smallest, and how far above it the greatest is.
struct FrameOfReference<Word: StreamWord> {
  let reference: Word
  let range: Word

  /// - Parameter count: At least 1.
  init(_ values: UnsafePointer<Word>, count: Int) {
    let (least, greatest) = Word.extent(values, count)
    reference = least
    range = greatest &- least
  }

  /// Writes the distances of values to the reference.
  func distances(
    _ values: UnsafePointer<Word>, count: Int, into output: UnsafeMutablePointer<Word>
  ) {
    Word.distances(values, count, to: reference, into: output)
  }
}

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

  private static func greatestCommonDivisor<Word: StreamWord>(_ left: Word, _ right: Word) -> Word {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return left
  }
}
