import CKernels

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
    try withBits(&reader, count, scratch) { reader, bits, changes throws(StoreError) in
      try scratch.lend(Word.self, changes) { changed throws(StoreError) in
        try IntegerStream.decode(
          &reader, into: changed, count: changes, scratch: scratch, depth: depth + 1)
        Word.expandRepeats(changed, bits: bits, count, into: values)
      }
    }
  }

  /// Decodes the values at ascending `rows` alone.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, at rows: UnsafePointer<UInt32>, _ rowCount: Int,
    into values: UnsafeMutablePointer<Word>, count: Int, scratch: DecodingScratch, depth: Int
  ) throws(StoreError) {
    try withBits(&reader, count, scratch) { reader, bits, changes throws(StoreError) in
      try scratch.lend(UInt32.self, rowCount) { places throws(StoreError) in
        rank(rows, rowCount, bits, into: places)
        try IntegerStream.decode(
          &reader, at: places, rowCount, into: values, count: changes, scratch: scratch,
          depth: depth + 1)
      }
    }
  }

  /// For each of the ascending rows, how many bits are set before and at it, less one.
  private static func rank(
    _ rows: UnsafePointer<UInt32>, _ rowCount: Int, _ bits: UnsafePointer<UInt8>,
    into places: UnsafeMutablePointer<UInt32>
  ) {
    let words = UnsafeRawPointer(bits)
    var word = 0
    var before = 0
    for index in 0..<rowCount {
      let row = Int(rows[index])
      while word < row >> 6 {
        before &+= words.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self).nonzeroBitCount
        word += 1
      }
      let last = words.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
      let within = (last << UInt64(63 - row & 63)).nonzeroBitCount
      places[index] = UInt32(truncatingIfNeeded: before &+ within &- 1)
    }
  }

  /// Decodes codes as runs: one from each set bit to the next.
  static func decodeRuns(
    _ reader: inout ByteReader, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> DecodedRuns {
    try withBits(&reader, count, scratch) { reader, bits, changes throws(StoreError) in
      let decoded = DecodedRuns(
        codes: Buffer(UInt32.self, count: changes),
        ends: Buffer(UInt32.self, count: changes + runSlack), count: changes)
      try IntegerStream.decode(
        &reader, into: decoded.codes.pointer(UInt32.self), count: changes, scratch: scratch,
        depth: 1)
      // A run ends where the next begins.
      let ends = decoded.ends.pointer(UInt32.self)
      _ = ecq_bit_positions(bits, count, ends)
      (ends).update(from: ends + 1, count: changes - 1)
      ends[changes - 1] = UInt32(truncatingIfNeeded: count)
      return decoded
    }
  }

  /// Decodes the bits, with eight more bytes of zeros behind them, and counts those that are set.
  private static func withBits<Result>(
    _ reader: inout ByteReader, _ count: Int, _ scratch: DecodingScratch,
    _ body: (inout ByteReader, UnsafePointer<UInt8>, Int) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let byteCount = (count + 7) / 8
    return try scratch.lend(UInt8.self, byteCount + 8) { bits throws(StoreError) in
      try ByteStream.decode(
        &reader, into: UnsafeMutableRawBufferPointer(start: bits, count: byteCount),
        scratch: scratch)
      if count & 7 != 0 { bits[byteCount - 1] &= (1 << UInt8(count & 7)) - 1 }
      guard bits[0] & 1 == 1 else { throw StoreError("the first row repeats no row") }
      (bits + byteCount).update(repeating: 0, count: 8)
      var changes = 0
      for byte in 0..<byteCount { changes &+= bits[byte].nonzeroBitCount }
      return try body(&reader, UnsafePointer(bits), changes)
    }
  }
}
