import Glibc

/// A borrowed run of UTF-8 bytes: 16 bytes that a flat VARCHAR vector holds for each row.
///
/// Whoever hands out a view keeps its bytes alive, as a ``Vector`` does through its owners.
public struct StringView: BitwiseCopyable, @unchecked Sendable {
  public let start: UnsafePointer<UInt8>
  public let count: Int

  @inlinable
  public init(start: UnsafePointer<UInt8>, count: Int) {
    self.start = start
    self.count = count
  }

  /// The empty text; its address is valid and never read.
  public static let empty = StringView(
    start: UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1)), count: 0)

  @inlinable public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: count)
  }

  /// The text as a Swift string; for messages and single values, not for loops over rows.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Byte order, which for UTF-8 is code point order: negative, zero or positive, as `memcmp`.
  @inlinable
  public func compare(_ other: StringView) -> Int {
    let order = memcmp(start, other.start, min(count, other.count))
    return order != 0 ? Int(order) : count - other.count
  }
}

extension StringView: Hashable {
  @inlinable
  public static func == (left: StringView, right: StringView) -> Bool {
    left.count == right.count && memcmp(left.start, right.start, left.count) == 0
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(bytes: UnsafeRawBufferPointer(start: start, count: count))
  }
}
