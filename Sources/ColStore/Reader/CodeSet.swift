/// A set of codes of one column: a bit a code.
public final class CodeSet: @unchecked Sendable {
  public private(set) var count = 0
  private let words: Buffer

  /// An empty set of codes below `limit`.
  public init(limit: Int) { words = Buffer(zeroed: UInt64.self, count: (limit + 63) / 64) }

  func insert(_ code: UInt32) {
    let word = words.pointer(UInt64.self) + Int(code >> 6)
    let bit: UInt64 = 1 << UInt64(code & 63)
    if word.pointee & bit == 0 { count += 1 }
    word.pointee |= bit
  }

  @inlinable
  public func contains(_ code: UInt32) -> Bool {
    bits[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1
  }

  /// Bit `code % 64` of word `code / 64`.
  public var bits: UnsafePointer<UInt64> { UnsafePointer(words.pointer(UInt64.self)) }
}
