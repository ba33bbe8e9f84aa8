import Glibc

/// For a derived column of words: what its map is for the length of one row group, where that
/// differs from the store's map. A value that changes slowly, like a price, so costs one entry a
/// row group and not one a row.
///
///     varint count
///     integer stream (32 bit) of the parent's codes, ascending
///     integer stream of their words
struct RowGroupMap {
  private let overrides: [(code: UInt32, word: UInt64)]
  /// The word that each row is expected to have, and how its exceptions are to be read.
  let expectation: Expectation

  struct Expectation {
    fileprivate let words: Buffer
    let exceptionCount: Int
    /// Whether an exception holds for the later rows of its block with the same parent too.
    let isCarriedForward: Bool

    var expected: UnsafePointer<UInt64> { UnsafePointer(words.pointer(UInt64.self)) }
  }

  /// Each block's first row with a code has a vote on what the code's word is in the row group: the
  /// rows after it follow that one if exceptions are carried forward. The vote is that of Boyer and
  /// Moore, which finds a majority in one pass and constant memory a code.
  init(
    _ words: UnsafePointer<UInt64>, parentCodes: UnsafePointer<UInt32>, blocks: [Range<Int>],
    map: StableArray<UInt64>, pool: BufferPool
  ) {
    let count = blocks.last?.upperBound ?? 0
    let codes = LocalNumbering(parentCodes, count: count, pool: pool)
    var ballots = (0..<codes.count).map { Ballot(word: map[Int(codes.values[$0])]) }
    overrides = ballots.withUnsafeMutableBufferPointer { ballots in
      for (number, block) in blocks.enumerated() {
        var last = UInt32.max
        for row in block where codes.numbers[row] != last {
          last = codes.numbers[row]
          ballots[Int(last)].vote(words[row], block: number)
        }
      }
      var found: [(code: UInt32, word: UInt64)] = []
      for (number, ballot) in ballots.enumerated() {
        let code = codes.values[number]
        if ballot.word != map[Int(code)] { found.append((code, ballot.word)) }
      }
      return found.sorted { $0.code < $1.code }
    }
    let carried = Self.carriedForward(words, codes, blocks: blocks, ballots, pool)
    expectation =
      carried.expectation.exceptionCount < carried.fixedExceptionCount
      ? carried.expectation : Self.fixed(words, codes, count: count, ballots, pool)
  }

  private struct Ballot {
    var word: UInt64
    var majority: Int32 = 0
    /// The block that voted last, or in which `word` was last set.
    var block: Int32 = -1

    init(word: UInt64) { self.word = word }

    @inline(__always)
    mutating func vote(_ candidate: UInt64, block number: Int) {
      guard block != Int32(truncatingIfNeeded: number) else { return }
      block = Int32(truncatingIfNeeded: number)
      if candidate == word {
        majority &+= 1
      } else if majority == 0 {
        word = candidate
        majority = 1
      } else {
        majority &-= 1
      }
    }
  }

  private static func fixed(
    _ words: UnsafePointer<UInt64>, _ codes: LocalNumbering, count: Int, _ ballots: [Ballot],
    _ pool: BufferPool
  ) -> Expectation {
    let buffer = pool.buffer(UInt64.self, count: count)
    let expected = buffer.pointer(UInt64.self)
    var exceptions = 0
    for row in 0..<count {
      expected[row] = ballots[Int(codes.numbers[row])].word
      exceptions &+= expected[row] != words[row] ? 1 : 0
    }
    return Expectation(words: buffer, exceptionCount: exceptions, isCarriedForward: false)
  }

  /// - Returns: also, how many exceptions there would be if none were carried forward.
  private static func carriedForward(
    _ words: UnsafePointer<UInt64>, _ codes: LocalNumbering, blocks: [Range<Int>],
    _ ballots: [Ballot], _ pool: BufferPool
  ) -> (expectation: Expectation, fixedExceptionCount: Int) {
    let buffer = pool.buffer(UInt64.self, count: blocks.last?.upperBound ?? 0)
    let expected = buffer.pointer(UInt64.self)
    var exceptions = 0
    var fixedExceptions = 0
    // What holds in each block before its first exception is what was elected.
    var states = ballots.map { Carried(elected: $0.word, current: $0.word, block: -1) }
    states.withUnsafeMutableBufferPointer { states in
      for (number, block) in blocks.enumerated() {
        let stamp = Int32(truncatingIfNeeded: number)
        for row in block {
          let state = states.baseAddress.unsafelyUnwrapped + Int(codes.numbers[row])
          let word = words[row]
          let current = state.pointee.block == stamp ? state.pointee.current : state.pointee.elected
          expected[row] = current
          fixedExceptions &+= word != state.pointee.elected ? 1 : 0
          if current != word {
            exceptions &+= 1
            state.pointee.current = word
            state.pointee.block = stamp
          }
        }
      }
    }
    let expectation = Expectation(
      words: buffer, exceptionCount: exceptions, isCarriedForward: true)
    return (expectation, fixedExceptions)
  }

  private struct Carried {
    let elected: UInt64
    var current: UInt64
    /// The block in which `current` was set.
    var block: Int32
  }

  func encode(into writer: inout ByteWriter, scratch: EncodingScratch) throws(StoreError) {
    let codes = overrides.map(\.code)
    let words = overrides.map(\.word)
    writer.append(varint: overrides.count)
    try codes.withUnsafeBufferPointer { codes throws(StoreError) in
      guard let start = codes.baseAddress else { return }
      try IntegerStream.encode(
        start, count: codes.count, into: &writer, scratch: scratch, candidates: [.delta])
    }
    try words.withUnsafeBufferPointer { words throws(StoreError) in
      guard let start = words.baseAddress else { return }
      try IntegerStream.encode(
        start, count: words.count, into: &writer, scratch: scratch, candidates: [.planes])
    }
  }

  /// What is stored, by the parent's codes.
  static func decode(
    _ reader: inout ByteReader, mapCount: Int, scratch: DecodingScratch
  ) throws(StoreError) -> [(code: Int, word: UInt64)] {
    let changes = try reader.count(atMost: mapCount)
    return try scratch.lend(UInt32.self, changes) { codes throws(StoreError) in
      try scratch.lend(UInt64.self, changes) { words throws(StoreError) in
        try IntegerStream.decode(&reader, into: codes, count: changes, scratch: scratch)
        try IntegerStream.decode(&reader, into: words, count: changes, scratch: scratch)
        var overrides: [(code: Int, word: UInt64)] = []
        overrides.reserveCapacity(changes)
        for index in 0..<changes {
          guard Int(codes[index]) < mapCount else {
            throw StoreError("an override lies outside its map")
          }
          overrides.append((Int(codes[index]), words[index]))
        }
        return overrides
      }
    }
  }
}
