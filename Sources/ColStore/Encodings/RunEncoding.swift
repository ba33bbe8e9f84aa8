/// Runs of equal values.
///
///     varint run count
///     integer stream (32 bit) of the run lengths, each at least 1, together n
///     integer stream of the runs' values
enum RunEncoding {
  /// Whether runs are long enough, two values on average, to be worth a try.
  static func pays<Word: StreamWord>(_ values: UnsafePointer<Word>, count: Int) -> Bool {
    var runs = 1
    var index = 1
    while index < count {
      runs &+= values[index] != values[index - 1] ? 1 : 0
      index += 1
    }
    return runs <= count / 2
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    try scratch.lend(UInt32.self, count) { lengths throws(StoreError) in
      try scratch.lend(Word.self, count) { heads throws(StoreError) in
        var runs = 0
        heads[0] = values[0]
        lengths[0] = 1
        for index in 1..<count {
          if values[index] == heads[runs] {
            lengths[runs] += 1
          } else {
            runs += 1
            heads[runs] = values[index]
            lengths[runs] = 1
          }
        }
        runs += 1
        writer.append(varint: runs)
        try IntegerStream.encode(
          lengths, count: runs, with: .planes, into: &writer, scratch: scratch)
        try IntegerStream.encode(
          heads, count: runs, into: &writer, scratch: scratch, candidates: [.planes, .delta])
      }
    }
  }

  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch, depth: Int
  ) throws(StoreError) {
    let runs = try reader.count(atMost: count)
    try scratch.lend(UInt32.self, runs) { lengths throws(StoreError) in
      try scratch.lend(Word.self, runs) { heads throws(StoreError) in
        try IntegerStream.decode(
          &reader, into: lengths, count: runs, scratch: scratch, depth: depth + 1)
        try IntegerStream.decode(
          &reader, into: heads, count: runs, scratch: scratch, depth: depth + 1)
        try check(lengths, runs, count: count)
        try scratch.lend(Word.self, count + runSlack) { expanded throws(StoreError) in
          Word.expandRuns(heads, lengths: lengths, runs, into: expanded)
          values.update(from: expanded, count: count)
        }
      }
    }
  }

  /// Decodes codes as they are stored: a code and an end a run.
  static func decodeRuns(
    _ reader: inout ByteReader, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> DecodedRuns {
    let runs = try reader.count(atMost: count)
    let decoded = DecodedRuns(
      codes: Buffer(UInt32.self, count: runs), ends: Buffer(UInt32.self, count: runs), count: runs)
    let ends = decoded.ends.pointer(UInt32.self)
    try IntegerStream.decode(&reader, into: ends, count: runs, scratch: scratch, depth: 1)
    try IntegerStream.decode(
      &reader, into: decoded.codes.pointer(UInt32.self), count: runs, scratch: scratch, depth: 1)
    try check(ends, runs, count: count)
    var end: UInt32 = 0
    for run in 0..<runs {
      end &+= ends[run]
      ends[run] = end
    }
    return decoded
  }

  private static func check(
    _ lengths: UnsafePointer<UInt32>, _ runs: Int, count: Int
  ) throws(StoreError) {
    var total = 0
    var isEmptyRunIn = false
    for run in 0..<runs {
      total &+= Int(lengths[run])
      isEmptyRunIn = isEmptyRunIn || lengths[run] == 0
    }
    guard total == count, !isEmptyRunIn else {
      throw StoreError("run lengths do not add up to the block's rows")
    }
  }
}
