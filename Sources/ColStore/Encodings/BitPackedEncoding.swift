import Glibc

/// Frame of reference, then as few bits a value as hold the largest distance to it. As small as
/// planes where values have no more structure than a range, and far faster to read than zstd.
///
///     signed reference   the smallest value
///     u8     bits        of a distance, 0…56
///     ceil(n × bits / 8) bytes: distance i is bits i × bits and following, lowest first
enum BitPackedEncoding {
  /// The most bits that lie within eight bytes wherever in a byte they start.
  private static let bitsMax = 56

  /// The smallest value and how many bits the distances to it take; nil where that is too many.
  private static func frame<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int
  ) -> (reference: Word, bits: Int)? {
    let frame = FrameOfReference(values, count: count)
    let bits = Word.bitWidth - frame.range.leadingZeroBitCount
    return bits <= bitsMax ? (frame.reference, bits) : nil
  }

  static func applies<Word: StreamWord>(_ values: UnsafePointer<Word>, count: Int) -> Bool {
    count > 0 && frame(values, count: count) != nil
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    guard let (reference, bits) = frame(values, count: count) else {
      preconditionFailure("the values' range was looked at before")
    }
    writer.append(signed: reference.asInt64)
    writer.append(UInt8(bits))
    let byteCount = (count * bits + 7) / 8
    try scratch.lend(UInt8.self, byteCount + 8) { packed throws(StoreError) in
      Word.packBits(values, count, bits: bits, reference: reference, into: packed)
      writer.append(contentsOf: UnsafeRawBufferPointer(start: packed, count: byteCount))
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    let (reference, bits, bytes) = try parts(&reader, Word.self, count)
    // Eight bytes more than there are, which the kernel reads and does not use.
    try scratch.lend(UInt8.self, bytes.count + 8) { packed throws(StoreError) in
      if let start = bytes.baseAddress { memcpy(packed, start, bytes.count) }
      memset(packed + bytes.count, 0, 8)
      Word.unpackBits(packed, count, bits: bits, reference: reference, into: values)
    }
  }

  /// Decodes the values at `rows` alone, from where they lie.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, at rows: UnsafePointer<UInt32>, _ rowCount: Int,
    into values: UnsafeMutablePointer<Word>, count: Int
  ) throws(StoreError) {
    let (reference, bits, bytes) = try parts(&reader, Word.self, count)
    let mask = (UInt64(1) << UInt64(bits)) - 1
    for index in 0..<rowCount {
      let position = Int(rows[index]) * bits
      let first = position >> 3
      var word: UInt64 = 0
      if first + 8 <= bytes.count {
        word = bytes.loadUnaligned(fromByteOffset: first, as: UInt64.self)
      } else {
        for byte in first..<max(first, bytes.count) {
          word |= UInt64(bytes[byte]) << UInt64(8 * (byte - first))
        }
      }
      let distance = word >> UInt64(position & 7) & mask
      values[index] = reference &+ Word(truncatingIfNeeded: distance)
    }
  }

  private static func parts<Word: StreamWord>(
    _ reader: inout ByteReader, _ type: Word.Type, _ count: Int
  ) throws(StoreError) -> (reference: Word, bits: Int, bytes: UnsafeRawBufferPointer) {
    guard let reference = Word(exactlyInt64: try reader.signed()) else {
      throw StoreError("a frame of reference does not fit its column")
    }
    let bits = Int(try reader.byte())
    guard bits <= min(bitsMax, Word.bitWidth) else {
      throw StoreError("values of \(bits) bits do not fit their column")
    }
    return (reference, bits, try reader.take((count * bits + 7) / 8))
  }
}
