import ColStore

/// How many marked rows stand before each: bits are counted.
final class RowRanks: Sendable {
  /// How many rows are marked.
  let count: Int
  private let bits: Buffer
  /// By word of bits, how many are set before it.
  private let before: Buffer

  /// - Parameter bits: Bit `row % 64` of word `row / 64`, for `rowCount` rows and at least one more.
  init(bits: Buffer, count rowCount: Int) {
    self.bits = bits
    before = Buffer(UInt32.self, count: rowCount / 64 + 1)
    let word = bits.pointer(UInt64.self)
    var sum = 0
    for index in 0...rowCount / 64 {
      before.pointer(UInt32.self)[index] = UInt32(truncatingIfNeeded: sum)
      sum += word[index].nonzeroBitCount
    }
    count = sum
  }

  /// - Parameter marks: A byte a row, 0 or 1.
  convenience init(marks: UnsafePointer<UInt8>, count rowCount: Int) {
    let bits = Self.noBits(count: rowCount)
    let word = bits.pointer(UInt64.self)
    for row in 0..<rowCount { word[row >> 6] |= UInt64(marks[row]) << UInt64(row & 63) }
    self.init(bits: bits, count: rowCount)
  }

  /// Bits of so many rows, none of which is marked.
  static func noBits(count rowCount: Int) -> Buffer {
    Buffer(zeroed: UInt64.self, count: rowCount / 64 + 1)
  }

  @inline(__always)
  func rank(of row: Int) -> UInt32 {
    let below = bits.pointer(UInt64.self)[row >> 6] & (1 << UInt64(row & 63) &- 1)
    return before.pointer(UInt32.self)[row >> 6]
      &+ UInt32(truncatingIfNeeded: below.nonzeroBitCount)
  }
}
