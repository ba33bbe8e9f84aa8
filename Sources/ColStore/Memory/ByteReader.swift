/// Reads what ``ByteWriter`` wrote, with every length checked against the bytes that are there.
///
/// The bytes are borrowed: whoever makes the reader keeps them alive.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var remaining: Int { bytes.count - offset }

  static let truncated = StoreError("the data ends too early")

  mutating func byte() throws(StoreError) -> UInt8 {
    guard offset < bytes.count else { throw Self.truncated }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func littleEndian<Integer: FixedWidthInteger>(
    _ type: Integer.Type = Integer.self
  ) throws(StoreError) -> Integer {
    let raw = try take(MemoryLayout<Integer>.size)
    return Integer(littleEndian: raw.loadUnaligned(as: Integer.self))
  }

  mutating func varint() throws(StoreError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      guard shift < 63 || byte <= 1 else { throw StoreError("a number has more than 64 bits") }
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  mutating func signed() throws(StoreError) -> Int64 { unzigzag(try varint()) }

  /// A count or length of at most `limit`.
  mutating func count(atMost limit: Int) throws(StoreError) -> Int {
    let value = try varint()
    guard value <= UInt64(limit) else {
      throw StoreError("a count of \(value) is more than the \(limit) that can be")
    }
    return Int(value)
  }

  /// The next `count` bytes, borrowed.
  mutating func take(_ count: Int) throws(StoreError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw Self.truncated }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  mutating func text() throws(StoreError) -> String {
    let length = try count(atMost: remaining)
    let utf8 = try take(length)
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw StoreError("a text is not valid UTF-8")
    }
    return text
  }
}
