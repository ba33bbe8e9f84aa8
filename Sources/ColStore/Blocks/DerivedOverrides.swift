/// For a derived column of words: what its map is, for the length of one row group, where that
/// differs from the store's map. A value that changes slowly, like a price, so costs one entry a
/// row group and not one a row.
///
///     varint count
///     integer stream (32 bit) of the parent's codes, ascending
///     integer stream of their words
struct DerivedOverrides {
  private let expectedBuffer: Buffer
  private let changed: [(code: UInt32, word: UInt64)]

  /// The word that each row is expected to have.
  var expected: UnsafePointer<UInt64> { UnsafePointer(expectedBuffer.pointer(UInt64.self)) }

  /// The first row of a code in the row group says what the code's word is throughout it.
  init(
    _ words: UnsafePointer<UInt64>, parentCodes: UnsafePointer<UInt32>, count: Int,
    map: StableArray<UInt64>
  ) {
    expectedBuffer = Buffer(UInt64.self, count: count)
    let expected = expectedBuffer.pointer(UInt64.self)
    var highest: UInt32 = 0
    for row in 0..<count { highest = max(highest, parentCodes[row]) }
    let current = Buffer(UInt64.self, count: Int(highest) + 1)
    let isKnown = Buffer(UInt8.self, count: Int(highest) + 1)
    isKnown.zero()
    let currentWords = current.pointer(UInt64.self)
    let known = isKnown.pointer(UInt8.self)
    var changed: [(code: UInt32, word: UInt64)] = []
    for row in 0..<count {
      let code = Int(parentCodes[row])
      if known[code] == 0 {
        known[code] = 1
        currentWords[code] = words[row]
        if words[row] != map[code] { changed.append((parentCodes[row], words[row])) }
      }
      expected[row] = currentWords[code]
    }
    changed.sort { $0.code < $1.code }
    self.changed = changed
  }

  func encode(into writer: inout ByteWriter, scratch: EncodingScratch) throws(StoreError) {
    let codes = changed.map(\.code)
    let words = changed.map(\.word)
    writer.append(varint: changed.count)
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

  /// Applies stored overrides to a copy of the store's map.
  static func decode(
    _ reader: inout ByteReader, into map: UnsafeMutablePointer<UInt64>, count: Int,
    scratch: DecodingScratch
  ) throws(StoreError) {
    let changes = try reader.count(atMost: count)
    try scratch.lend(UInt32.self, changes) { codes throws(StoreError) in
      try scratch.lend(UInt64.self, changes) { words throws(StoreError) in
        try IntegerStream.decode(&reader, into: codes, count: changes, scratch: scratch)
        try IntegerStream.decode(&reader, into: words, count: changes, scratch: scratch)
        for index in 0..<changes {
          guard Int(codes[index]) < count else {
            throw StoreError("an override lies outside its map")
          }
          map[Int(codes[index])] = words[index]
        }
      }
    }
  }
}
