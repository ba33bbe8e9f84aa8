/// Values that often repeat the row before, but not in long runs.
///
///     byte stream of ceil(n / 8) bytes: bit i % 8 of byte i / 8 is set where row i differs from
///       row i - 1; row 0 always differs
///     integer stream of the differing rows' values, as many as bits are set
enum RepeatEncoding {
  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    let byteCount = (count + 7) / 8
    try scratch.lend(UInt8.self, byteCount) { bits throws(StoreError) in
      try scratch.lend(Word.self, count) { changed throws(StoreError) in
        bits.update(repeating: 0, count: byteCount)
        var changes = 0
        for index in 0..<count where index == 0 || values[index] != values[index - 1] {
          bits[index >> 3] |= 1 << UInt8(index & 7)
          changed[changes] = values[index]
          changes += 1
        }
        let bytes = UnsafeRawBufferPointer(start: bits, count: byteCount)
        try ByteStream.encode(bytes, into: &writer, scratch: scratch)
        try IntegerStream.encode(
          changed, count: changes, into: &writer, scratch: scratch,
          candidates: [.bitPacked, .planes])
      }
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch, depth: Int
  ) throws(StoreError) {
    let byteCount = (count + 7) / 8
    try scratch.lend(UInt8.self, byteCount) { bits throws(StoreError) in
      try ByteStream.decode(
        &reader, into: UnsafeMutableRawBufferPointer(start: bits, count: byteCount),
        scratch: scratch)
      if count & 7 != 0 { bits[byteCount - 1] &= (1 << UInt8(count & 7)) - 1 }
      guard bits[0] & 1 == 1 else { throw StoreError("the first row repeats no row") }
      var changes = 0
      for byte in 0..<byteCount { changes &+= bits[byte].nonzeroBitCount }
      try scratch.lend(Word.self, changes) { changed throws(StoreError) in
        try IntegerStream.decode(
          &reader, into: changed, count: changes, scratch: scratch, depth: depth + 1)
        Word.expandRepeats(changed, bits: bits, count, into: values)
      }
    }
  }
}
