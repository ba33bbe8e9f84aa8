/// Differences of neighbours.
///
///     signed first value
///     planes of the n - 1 zigzag differences of each value to the one before
enum DeltaEncoding {
  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    // The first value travels apart, so that it does not widen all planes.
    writer.append(signed: values[0].asInt64)
    guard count > 1 else { return }
    try scratch.lend(Word.self, count - 1) { deltas throws(StoreError) in
      for index in 1..<count {
        deltas[index - 1] = Word.zigzagDelta(values[index], values[index - 1])
      }
      try PlaneEncoding.encode(deltas, count: count - 1, into: &writer, scratch: scratch)
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    guard let first = Word(exactlyInt64: try reader.signed()) else {
      throw StoreError("a first value does not fit its column")
    }
    values[0] = first
    guard count > 1 else { return }
    try PlaneEncoding.decode(&reader, into: values + 1, count: count - 1, scratch: scratch)
    Word.addDeltas(values, count)
  }
}
