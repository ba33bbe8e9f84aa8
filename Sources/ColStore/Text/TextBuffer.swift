import Glibc

/// A growable run of bytes that text is appended to and written from.
public final class TextBuffer {
  public private(set) var start: UnsafeMutablePointer<UInt8>
  public private(set) var count = 0
  private var capacity: Int
  private let limit: Int
  /// Whether there was more than the limit; what came last is all that is there.
  public private(set) var hasOverflowed = false

  /// - Parameter limit: The most bytes that are kept; nothing larger than that is appended at once.
  public init(capacity: Int = 256, limit: Int = .max) {
    self.capacity = max(capacity, 64)
    self.limit = limit
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  public var bytes: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: start, count: count)
  }

  /// The text as a Swift string, with invalid UTF-8 repaired.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  public func removeAll() { (count, hasOverflowed) = (0, false) }

  /// Makes room for `extra` bytes and returns where they go; ``commit(_:)`` says how many came.
  @inline(__always)
  public func reserve(_ extra: Int) -> UnsafeMutablePointer<UInt8> {
    if count + extra > capacity { grow(by: extra) }
    return start + count
  }

  @inline(__always)
  public func commit(_ written: Int) { count += written }

  private func grow(by extra: Int) {
    if count + extra > limit {
      (count, hasOverflowed) = (0, true)
      if extra <= capacity { return }
    }
    capacity = max(min(capacity * 2, limit), count + extra)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    memcpy(larger, start, count)
    start.deallocate()
    start = larger
  }

  @inline(__always)
  public func append(_ byte: UInt8) {
    reserve(1).pointee = byte
    count += 1
  }

  public func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress, bytes.count > 0 else { return }
    memcpy(reserve(bytes.count), source, bytes.count)
    count += bytes.count
  }

  public func append(_ view: StringView) { append(view.bytes) }

  public func append(_ text: StaticString) {
    append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  public func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }
}
