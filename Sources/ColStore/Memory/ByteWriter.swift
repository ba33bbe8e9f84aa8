/// Appends little-endian numbers and byte runs to a growing block of bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  var count: Int { bytes.count }

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append<Integer: FixedWidthInteger>(littleEndian value: Integer) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// LEB128: seven bits a byte, lowest first, the high bit set on all but the last.
  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func append(varint value: Int) {
    precondition(value >= 0, "counts and offsets are not negative")
    append(varint: UInt64(value))
  }

  /// A signed number, zigzag-coded so that small magnitudes are short.
  mutating func append(signed value: Int64) { append(varint: zigzag(value)) }

  mutating func append(text: String) {
    let utf8 = Array(text.utf8)
    append(varint: utf8.count)
    bytes.append(contentsOf: utf8)
  }

  mutating func append(contentsOf other: UnsafeRawBufferPointer) { bytes.append(contentsOf: other) }

  mutating func append(contentsOf other: [UInt8]) { bytes.append(contentsOf: other) }

  /// Appends what `body` writes into the `byteCount` fresh bytes that it is given; it returns how
  /// many of them it used.
  mutating func append(
    upTo byteCount: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int
  ) rethrows {
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: byteCount))
    let used = try bytes.withUnsafeMutableBytes { all in
      try body(UnsafeMutableRawBufferPointer(rebasing: all[start...]))
    }
    bytes.removeLast(byteCount - used)
  }
}

extension [UInt8] {
  /// Lends the bytes, with errors of one type.
  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try withUnsafeBufferPointer { bytes throws(StoreError) in
      try body(UnsafeRawBufferPointer(bytes))
    }
  }
}

/// Maps 0, -1, 1, -2, … to 0, 1, 2, 3, …
@inlinable
func zigzag(_ value: Int64) -> UInt64 {
  UInt64(bitPattern: (value << 1) ^ (value >> 63))
}

/// The inverse of ``zigzag(_:)``.
@inlinable
func unzigzag(_ value: UInt64) -> Int64 {
  Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
}
