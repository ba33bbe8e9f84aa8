/// Codes or words that (nearly) follow from another column: what was expected, and the exceptions.
///
///     varint exception count
///     integer stream (32 bit) of the exceptions' rows within the block, ascending
///     integer stream of their codes or words
enum DerivedBlock {
  /// Whether so few rows are exceptions that this is likely to be smaller than storing all.
  static func pays<Word: StreamWord>(
    _ values: UnsafePointer<Word>, expected: UnsafePointer<Word>, count: Int
  ) -> Bool {
    var exceptions = 0
    var index = 0
    while index < count {
      exceptions &+= values[index] != expected[index] ? 1 : 0
      index += 1
    }
    return exceptions <= count / 4
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, expected: UnsafePointer<Word>, count: Int,
    into writer: inout ByteWriter, scratch: EncodingScratch
  ) throws(StoreError) {
    try scratch.lend(UInt32.self, count) { rows throws(StoreError) in
      try scratch.lend(Word.self, count) { exceptions throws(StoreError) in
        var found = 0
        for row in 0..<count where values[row] != expected[row] {
          rows[found] = UInt32(truncatingIfNeeded: row)
          exceptions[found] = values[row]
          found += 1
        }
        writer.append(varint: found)
        try IntegerStream.encode(
          rows, count: found, into: &writer, scratch: scratch, candidates: [.delta])
        try IntegerStream.encode(
          exceptions, count: found, into: &writer, scratch: scratch,
          candidates: [.planes, .repeats])
      }
    }
  }

  /// `values` holds what is expected, and gets the exceptions.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    let found = try reader.count(atMost: count)
    try scratch.lend(UInt32.self, found) { rows throws(StoreError) in
      try scratch.lend(Word.self, found) { exceptions throws(StoreError) in
        try IntegerStream.decode(&reader, into: rows, count: found, scratch: scratch)
        try IntegerStream.decode(&reader, into: exceptions, count: found, scratch: scratch)
        for index in 0..<found {
          guard Int(rows[index]) < count else {
            throw StoreError("an exception lies outside its block")
          }
          values[Int(rows[index])] = exceptions[index]
        }
      }
    }
  }
}
