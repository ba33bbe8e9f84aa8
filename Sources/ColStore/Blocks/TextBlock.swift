import Glibc

/// Texts: an integer stream (32 bit) of the lengths in bytes, and a byte stream of all bytes.
enum TextBlock {
  static func encode(
    _ views: UnsafePointer<StringView>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    var total = 0
    for row in 0..<count { total += views[row].count }
    try scratch.lend(UInt32.self, count) { lengths throws(StoreError) in
      for row in 0..<count { lengths[row] = UInt32(truncatingIfNeeded: views[row].count) }
      try IntegerStream.encode(
        lengths, count: count, into: &writer, scratch: scratch, candidates: [.planes])
    }
    try scratch.lend(UInt8.self, total) { bytes throws(StoreError) in
      var at = 0
      for row in 0..<count {
        memcpy(bytes + at, views[row].start, views[row].count)
        at += views[row].count
      }
      try ByteStream.encode(
        UnsafeRawBufferPointer(start: bytes, count: total), of: .texts, into: &writer,
        scratch: scratch)
    }
  }

  /// Decodes into a buffer of views and the buffer that they point into.
  static func decode(
    _ reader: inout ByteReader, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> (views: Buffer, bytes: Buffer) {
    let views = Buffer(StringView.self, count: count)
    let bytes = try decode(&reader, into: views.pointer(), count: count, scratch: scratch)
    return (views, bytes)
  }

  /// Texts of one block have at most this many bytes: a damaged length must not ask for more.
  static let bytesMax = 1 << 34

  static func decode(
    _ reader: inout ByteReader, into views: UnsafeMutablePointer<StringView>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) -> Buffer {
    try scratch.lend(UInt32.self, count) { lengths throws(StoreError) in
      try IntegerStream.decode(&reader, into: lengths, count: count, scratch: scratch)
      var total = 0
      for row in 0..<count { total += Int(lengths[row]) }
      guard total <= bytesMax, try total <= ByteStream.countMax(at: reader) else {
        throw StoreError("text lengths are damaged")
      }
      let bytes = Buffer(byteCount: total)
      try ByteStream.decode(
        &reader, into: UnsafeMutableRawBufferPointer(start: bytes.base, count: total),
        scratch: scratch)
      let start = UnsafePointer(bytes.pointer(UInt8.self))
      var at = 0
      for row in 0..<count {
        views[row] = StringView(start: start + at, count: Int(lengths[row]))
        at += Int(lengths[row])
      }
      return bytes
    }
  }
}
