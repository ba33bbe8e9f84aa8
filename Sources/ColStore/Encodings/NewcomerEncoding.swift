/// Numbers given in order of first appearance: each is either the next new one, one more than all
/// before it, or an old one. Codes of a dictionary are such numbers where their rows come in
/// the order in which the dictionary grew.
///
///     signed base   the greatest number that is not new
///     byte stream of ceil(n / 8) bytes: bit i % 8 of byte i / 8 is set where value i is new:
///       base + 1, base + 2, … in this order
///     integer stream of the other values
enum NewcomerEncoding {
  /// Whether enough values are new to be worth a try.
  static func pays<Word: StreamWord>(_ values: UnsafePointer<Word>, count: Int) -> Bool {
    guard count >= 64 else { return false }
    var greatest = base(values, count: count)
    var newcomers = 0
    for index in 0..<count where values[index] == greatest &+ 1 {
      greatest = values[index]
      newcomers += 1
    }
    return newcomers >= count / 16
  }

  /// One less than the first of the last unbroken sequence of new greatest values.
  private static func base<Word: StreamWord>(_ values: UnsafePointer<Word>, count: Int) -> Word {
    var greatest = values[0]
    var start = values[0]
    for index in 1..<count where values[index] > greatest {
      if values[index] != greatest &+ 1 { start = values[index] }
      greatest = values[index]
    }
    return start &- 1
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    let byteCount = (count + 7) / 8
    try scratch.lend(UInt8.self, byteCount) { bits throws(StoreError) in
      try scratch.lend(Word.self, count) { others throws(StoreError) in
        bits.update(repeating: 0, count: byteCount)
        var greatest = base(values, count: count)
        writer.append(signed: greatest.asInt64)
        var otherCount = 0
        for index in 0..<count {
          if values[index] == greatest &+ 1 {
            greatest = values[index]
            bits[index >> 3] |= 1 << UInt8(index & 7)
          } else {
            others[otherCount] = values[index]
            otherCount += 1
          }
        }
        let bytes = UnsafeRawBufferPointer(start: bits, count: byteCount)
        try ByteStream.encode(bytes, into: &writer, scratch: scratch)
        guard otherCount > 0 else { return }
        try IntegerStream.encode(
          others, count: otherCount, into: &writer, scratch: scratch,
          candidates: [.planes, .bitPacked])
      }
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch, depth: Int
  ) throws(StoreError) {
    guard let base = Word(exactlyInt64: try reader.signed()) else {
      throw StoreError("a base does not fit its column")
    }
    let byteCount = (count + 7) / 8
    try scratch.lend(UInt8.self, byteCount) { bits throws(StoreError) in
      try ByteStream.decode(
        &reader, into: UnsafeMutableRawBufferPointer(start: bits, count: byteCount),
        scratch: scratch)
      if count & 7 != 0 { bits[byteCount - 1] &= (1 << UInt8(count & 7)) - 1 }
      var newcomers = 0
      for byte in 0..<byteCount { newcomers &+= bits[byte].nonzeroBitCount }
      // One value more, which the kernel may look at and not use.
      try scratch.lend(Word.self, count - newcomers + 1) { others throws(StoreError) in
        others[count - newcomers] = 0
        try IntegerStream.decode(
          &reader, into: others, count: count - newcomers, scratch: scratch, depth: depth + 1)
        Word.expandNewcomers(others, bits: bits, base: base, count, into: values)
      }
    }
  }
}
