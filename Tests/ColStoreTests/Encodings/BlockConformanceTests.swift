import Testing

@testable import ColStore

/// What blocks that are more than one stream must do: give back what they were given, and end in an
/// error, never in a trap, on bytes that are cut.
@Suite struct BlockConformanceTests {
  private let encoding: EncodingScratch
  private let decoding: DecodingScratch
  private var random = SeededGenerator(seed: 17)

  init() throws {
    encoding = try EncodingScratch.make()
    decoding = DecodingScratch()
  }

  /// Runs `decode` on the bytes, and on cuts of them, which must fail.
  private func check(_ bytes: [UInt8], _ decode: (inout ByteReader) throws -> Void) throws {
    try bytes.withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      try decode(&reader)
      #expect(reader.remaining == 0)
      for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 40)) {
        var cut = ByteReader(UnsafeRawBufferPointer(rebasing: raw[..<length]))
        #expect(throws: StoreError.self) { try decode(&cut) }
      }
    }
  }

  @Test(arguments: [1, 2, 1000])
  func wides(count: Int) throws {
    var generator = random
    let values = (0..<count).map { row in
      row % 5 == 0 ? Int128.min : Int128(truncatingIfNeeded: generator.next()) << 60
    }
    var writer = ByteWriter()
    try values.withUnsafeBufferPointer { values in
      try WideBlock.encode(
        values.baseAddress.unsafelyUnwrapped, count: count, into: &writer, scratch: encoding)
    }
    let output = Buffer(Int128.self, count: count)
    try check(writer.bytes) { reader in
      try WideBlock.decode(&reader, into: output.pointer(), count: count, scratch: decoding)
      #expect((0..<count).allSatisfy { output.pointer(Int128.self)[$0] == values[$0] })
    }
  }

  /// Also of one letter alone, whose many bytes are stored in two.
  @Test(arguments: ["naïve ☃", "x"])
  func texts(word: String) throws {
    let texts = (0..<500).map { $0 % 7 == 0 ? "" : String(repeating: word, count: $0 * 2) }
    let bytes = texts.map { Array($0.utf8) }
    let memory = Buffer(byteCount: bytes.reduce(0) { $0 + $1.count })
    let views = Buffer(StringView.self, count: texts.count)
    var at = 0
    for (row, text) in bytes.enumerated() {
      let start = memory.pointer(UInt8.self) + at
      start.update(from: text, count: text.count)
      views.pointer(StringView.self)[row] = StringView(start: start, count: text.count)
      at += text.count
    }
    var writer = ByteWriter()
    try TextBlock.encode(views.pointer(), count: texts.count, into: &writer, scratch: encoding)
    try check(writer.bytes) { reader in
      let decoded = try TextBlock.decode(&reader, count: texts.count, scratch: decoding)
      for (row, text) in bytes.enumerated() {
        let view = decoded.views.pointer(StringView.self)[row]
        #expect(Array(UnsafeBufferPointer(start: view.start, count: view.count)) == text)
      }
      withExtendedLifetime(decoded) {}
    }
  }

  @Test(arguments: [false, true])
  func driftingWords(isCarriedForward: Bool) throws {
    var generator = random
    let count = 4000
    let parents = (0..<count).map { _ in UInt32(generator.next() % 50) }
    let map = (0..<50).map { UInt64($0) * 100 }
    var words: [UInt64] = []
    var current = map
    for (row, parent) in parents.enumerated() {
      if row % 90 == 0 { current[Int(parent)] = generator.next() }
      words.append(current[Int(parent)])
      if !isCarriedForward { current[Int(parent)] = map[Int(parent)] }
    }
    var expected: [UInt64] = []
    current = map
    for (row, parent) in parents.enumerated() {
      expected.append(current[Int(parent)])
      if isCarriedForward { current[Int(parent)] = words[row] }
    }
    var writer = ByteWriter()
    try words.withUnsafeBufferPointer { words in
      try expected.withUnsafeBufferPointer { expected in
        try DerivedBlock.encode(
          words.baseAddress.unsafelyUnwrapped, expected: expected.baseAddress.unsafelyUnwrapped,
          count: count, into: &writer, scratch: encoding)
      }
    }
    var changing = map
    var output = [UInt64](repeating: 0, count: count)
    try check(writer.bytes) { reader in
      if isCarriedForward {
        try DerivedBlock.decodeCarried(
          &reader, parentCodes: parents, map: &changing, into: &output, count: count,
          scratch: decoding)
      } else {
        for (row, parent) in parents.enumerated() { output[row] = map[Int(parent)] }
        try DerivedBlock.decode(&reader, into: &output, count: count, scratch: decoding)
      }
      #expect(output == words)
    }
    #expect(changing == map, "the map is left as it was")
  }
}
