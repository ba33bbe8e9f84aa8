import CKernels

/// Codes or words that (nearly) follow from another column: what was expected, and the exceptions.
///
///     varint exception count
///     integer stream (32 bit) of the exceptions' rows within the block, ascending
///     integer stream of their codes or words
enum DerivedBlock {
  /// Whether so few rows are exceptions that this is likely to be smaller than storing all.
  static func pays(exceptions: Int, count: Int) -> Bool { exceptions <= count / 4 }

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
    try decodeExceptions(&reader, Word.self, count: count, scratch: scratch) { row, word in
      values[row] = word
    }
  }

  /// Decodes words whose exceptions are carried forward: each changes what the map says of its
  /// row's parent for the rest of the block. `map` is as it was when this returns.
  static func decodeCarried(
    _ reader: inout ByteReader, parentCodes: UnsafePointer<UInt32>,
    map: UnsafeMutablePointer<UInt64>, into values: UnsafeMutablePointer<UInt64>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    var replaced: [(code: Int, word: UInt64)] = []
    defer { for change in replaced.reversed() { map[change.code] = change.word } }
    var next = 0
    try decodeExceptions(&reader, UInt64.self, count: count, scratch: scratch) { row, word in
      if row > next { ecq_gather_u64(map, parentCodes + next, row - next, values + next) }
      let code = Int(parentCodes[row])
      replaced.append((code, map[code]))
      map[code] = word
      next = row
    }
    ecq_gather_u64(map, parentCodes + next, count - next, values + next)
  }

  /// Calls `body` for each exception; rows ascend.
  @inline(__always)
  private static func decodeExceptions<Word: StreamWord>(
    _ reader: inout ByteReader, _ type: Word.Type, count: Int, scratch: DecodingScratch,
    _ body: (Int, Word) -> Void
  ) throws(StoreError) {
    let exceptions = try exceptions(&reader, type, count: count, scratch: scratch)
    for index in 0..<exceptions.count { body(Int(exceptions.rows[index]), exceptions.words[index]) }
    withExtendedLifetime(exceptions) {}
  }

  /// The exceptions of a block of `count` rows.
  static func exceptions<Word: StreamWord>(
    _ reader: inout ByteReader, _ type: Word.Type, count: Int, scratch: DecodingScratch
  ) throws(StoreError) -> Exceptions<Word> {
    let found = try reader.count(atMost: count)
    let exceptions = Exceptions<Word>(count: found)
    guard found > 0 else { return exceptions }
    try IntegerStream.decode(&reader, into: exceptions.rows, count: found, scratch: scratch)
    try IntegerStream.decode(&reader, into: exceptions.words, count: found, scratch: scratch)
    var least = 0
    for index in 0..<found {
      let row = Int(exceptions.rows[index])
      guard row < count, row >= least else {
        throw StoreError("an exception lies outside its block, or before another")
      }
      least = row + 1
    }
    return exceptions
  }
}

/// The rows of a derived block that are not what the map says; rows ascend.
struct Exceptions<Word: StreamWord> {
  let count: Int
  private let memory: Buffer
  let rows: UnsafeMutablePointer<UInt32>
  let words: UnsafeMutablePointer<Word>

  init(count: Int) {
    self.count = count
    memory = Buffer(byteCount: count * (8 + MemoryLayout<Word>.stride))
    words = memory.pointer(Word.self)
    rows = (memory.base + count * MemoryLayout<Word>.stride).assumingMemoryBound(to: UInt32.self)
  }
}
