import Glibc

/// Which rows of a block are not NULL: `u8 0` where all are, else `u8 1` and a byte stream with a
/// byte a row, 1 or 0. Dictionary columns, whose NULL is code 0, always have `u8 0`.
enum ValidityStream {
  /// Returns how many rows are NULL.
  static func encode(
    _ validity: UnsafePointer<UInt8>?, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) -> Int {
    var nulls = 0
    if let validity {
      for row in 0..<count { nulls &+= validity[row] == 0 ? 1 : 0 }
    }
    guard nulls > 0, let validity else {
      writer.append(UInt8(0))
      return 0
    }
    writer.append(UInt8(1))
    try ByteStream.encode(
      UnsafeRawBufferPointer(start: validity, count: count), into: &writer, scratch: scratch)
    return nulls
  }

  /// Returns nil where no row is NULL.
  static func decode(
    _ reader: inout ByteReader, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> Buffer? {
    switch try reader.byte() {
    case 0: return nil
    case 1: break
    default: throw StoreError("a validity stream is damaged")
    }
    let validity = Buffer(byteCount: count)
    try ByteStream.decode(
      &reader, into: UnsafeMutableRawBufferPointer(start: validity.base, count: count),
      scratch: scratch)
    let bytes = validity.pointer(UInt8.self)
    for row in 0..<count where bytes[row] > 1 {
      throw StoreError("a validity stream is damaged")
    }
    return validity
  }
}
