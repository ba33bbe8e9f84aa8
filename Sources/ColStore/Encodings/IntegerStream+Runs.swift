import CKernels

/// Codes decoded as runs: what they are where rows of equal codes lie together.
struct DecodedRuns {
  /// A code a run.
  let codes: Buffer
  /// For each run, one past its last row.
  let ends: Buffer
  let count: Int

  func vectorRuns() -> CodeRuns {
    CodeRuns(
      codes: UnsafePointer(codes.pointer(UInt32.self)),
      ends: UnsafePointer(ends.pointer(UInt32.self)), count: count, owners: [codes, ends])
  }
}

extension IntegerStream {
  /// Decodes `count` codes as runs where they are stored as runs or as repeats; returns nil, and
  /// reads nothing, where they are stored in another way.
  static func decodeRuns(
    _ reader: inout ByteReader, count: Int, includingRepeats: Bool, scratch: DecodingScratch
  ) throws(StoreError) -> DecodedRuns? {
    guard count > 0 else { return nil }
    var ahead = reader
    switch IntegerEncoding(rawValue: try ahead.byte()) {
    case .constant:
      reader = ahead
      let runs = DecodedRuns(
        codes: Buffer(UInt32.self, count: 1), ends: Buffer(UInt32.self, count: 1), count: 1)
      try ConstantEncoding.decode(&reader, into: runs.codes.pointer(UInt32.self), count: 1)
      runs.ends.pointer(UInt32.self)[0] = UInt32(count)
      return runs
    case .runs:
      reader = ahead
      return try RunEncoding.decodeRuns(&reader, count: count, scratch: scratch)
    case .repeats where includingRepeats:
      reader = ahead
      return try RepeatEncoding.decodeRuns(&reader, count: count, scratch: scratch)
    default: return nil
    }
  }

  /// Decodes only the values at `rows`, which ascend and lie among the stream's `count`. The reader
  /// is left anywhere.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, at rows: UnsafePointer<UInt32>, _ rowCount: Int,
    into values: UnsafeMutablePointer<Word>, count: Int, scratch: DecodingScratch, depth: Int = 0
  ) throws(StoreError) {
    guard rowCount > 0 else { return }
    guard depth < 3 else { throw StoreError("integer streams are nested too deeply") }
    var ahead = reader
    switch IntegerEncoding(rawValue: try ahead.byte()) {
    case .constant: try ConstantEncoding.decode(&ahead, into: values, count: rowCount)
    case .planes:
      try PlaneEncoding.decode(
        &ahead, at: rows, rowCount, into: values, count: count, scratch: scratch)
    case .bitPacked:
      try BitPackedEncoding.decode(&ahead, at: rows, rowCount, into: values, count: count)
    case .repeats:
      try RepeatEncoding.decode(
        &ahead, at: rows, rowCount, into: values, count: count, scratch: scratch, depth: depth)
    case .runs, .delta, .newcomers, nil:
      try scratch.lend(Word.self, count) { all throws(StoreError) in
        try decode(&reader, into: all, count: count, scratch: scratch, depth: depth)
        for index in 0..<rowCount { values[index] = all[Int(rows[index])] }
      }
      return
    }
    reader = ahead
  }
}
