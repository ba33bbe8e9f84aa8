/// 128-bit values: the low halves and the high halves as integer streams of 64 bits.
enum WideBlock {
  static func encode(
    _ values: UnsafePointer<Int128>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    try scratch.lend(UInt64.self, count) { half throws(StoreError) in
      for shift in [Int128(0), 64] {
        for row in 0..<count { half[row] = UInt64(truncatingIfNeeded: values[row] >> shift) }
        try IntegerStream.encode(
          half, count: count, into: &writer, scratch: scratch, candidates: [.planes])
      }
    }
  }

  static func decode(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Int128>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    try scratch.lend(UInt64.self, count * 2) { halves throws(StoreError) in
      try IntegerStream.decode(&reader, into: halves, count: count, scratch: scratch)
      try IntegerStream.decode(&reader, into: halves + count, count: count, scratch: scratch)
      for row in 0..<count {
        values[row] =
          Int128(truncatingIfNeeded: UInt128(halves[count + row]) << 64 | UInt128(halves[row]))
      }
    }
  }
}
