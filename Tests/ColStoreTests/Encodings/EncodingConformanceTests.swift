import Testing

@testable import ColStore

/// What every integer encoding must do, for both widths: give back what it was given, use up
/// exactly its own bytes, and end in an error, never in a trap, on bytes that are cut or changed.
@Suite struct EncodingConformanceTests {
  static let cases: [(name: String, values: [UInt64])] = {
    var random = SeededGenerator(seed: 7)
    var cases: [(String, [UInt64])] = [
      ("one value", [42]),
      ("one extreme", [UInt64.max]),
      ("all equal", [UInt64](repeating: 9, count: 1000)),
      ("two values", [0, UInt64.max]),
      ("64-bit extremes", [0, 1 << 63, (1 << 63) - 1, UInt64.max, 1]),
      ("ascending", (0..<5000).map(UInt64.init)),
      (
        "seconds as microseconds", (0..<3000).map { 1_569_888_000_000_000 + 1_000_000 * UInt64($0) }
      ),
      ("negative numbers", (0..<500).map { UInt64(bitPattern: Int64(-250 + $0)) }),
      ("long runs", (0..<4000).map { UInt64($0 / 97) }),
    ]
    var seen: UInt64 = 70
    cases.append(
      (
        "newcomers among others",
        (0..<3000).map { _ in
          if random.next() % 3 > 0 { return random.next() % (seen + 1) }
          seen += 1
          return seen
        }
      ))
    cases.append(("random bits", (0..<2000).map { _ in random.next() }))
    cases.append(("random bytes", (0..<2000).map { _ in random.next() % 256 }))
    cases.append(
      (
        "short runs",
        (0..<3000).flatMap { _ in
          [UInt64](repeating: random.next() % 90_000, count: Int(random.next() % 4) + 1)
        }
      ))
    cases.append(
      (
        "skewed",
        (0..<4000).map { _ in
          UInt64(1) << (random.next() % 20)
        }
      ))
    return cases
  }()

  @Test(arguments: IntegerEncoding.allCases, cases.indices)
  func givesBackWords(encoding: IntegerEncoding, index: Int) throws {
    let values = Self.cases[index].values
    guard Self.applies(encoding, values) else { return }
    try check(values, encoding)
  }

  /// Whether an encoding can hold the values at all.
  private static func applies<Word: StreamWord>(
    _ encoding: IntegerEncoding, _ values: [Word]
  ) -> Bool {
    switch encoding {
    case .constant: Set(values).count == 1
    case .bitPacked: BitPackedEncoding.applies(values, count: values.count)
    default: true
    }
  }

  @Test(arguments: IntegerEncoding.allCases, cases.indices)
  func givesBackCodes(encoding: IntegerEncoding, index: Int) throws {
    let values = Self.cases[index].values.map { UInt32(truncatingIfNeeded: $0) }
    guard Self.applies(encoding, values) else { return }
    try check(values, encoding)
  }

  @Test(arguments: cases.indices)
  func choosesAnEncodingThatHolds(index: Int) throws {
    let values = Self.cases[index].values
    var writer = ByteWriter()
    let scratch = try EncodingScratch.make()
    try values.withUnsafeBufferPointer { values in
      _ = try IntegerStream.encode(
        values.baseAddress.unsafelyUnwrapped, count: values.count, into: &writer, scratch: scratch)
    }
    #expect(try decode(writer.bytes, as: UInt64.self, count: values.count) == values)
    #expect(writer.count <= values.count * 8 + 32, "no encoding is chosen that swells its values")
  }

  @Test func noValuesTakeNoBytes() throws {
    var writer = ByteWriter()
    let scratch = try EncodingScratch.make()
    var nothing: UInt64 = 0
    try IntegerStream.encode(&nothing, count: 0, with: .planes, into: &writer, scratch: scratch)
    #expect(writer.count == 0)
    #expect(try decode([], as: UInt64.self, count: 0) == [])
  }

  private func check<Word: StreamWord>(_ values: [Word], _ encoding: IntegerEncoding) throws {
    let bytes = try encode(values, encoding)
    #expect(try decode(bytes, as: Word.self, count: values.count) == values)
    // Some rows alone are those rows of all.
    var selection = SeededGenerator(seed: 3)
    for share in [1, 3, 50, max(1, values.count)] {
      let rows = values.indices.filter { _ in selection.next() % UInt64(share) == 0 }
      #expect(try decode(bytes, at: rows, of: values) == rows.map { values[$0] })
    }
    // Every cut must be noticed; every changed byte may change values, and no more.
    for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
      #expect(throws: StoreError.self) {
        try decode(Array(bytes[..<length]), as: Word.self, count: values.count)
      }
    }
    var random = SeededGenerator(seed: UInt64(bytes.count))
    for _ in 0..<60 {
      var damaged = bytes
      let place = Int(random.next() % UInt64(bytes.count))
      damaged[place] ^= UInt8(truncatingIfNeeded: random.next() | 1)
      let read = try? decode(damaged, as: Word.self, count: values.count, usesAll: false)
      #expect(read == nil || read?.count == values.count)
    }
  }

  private func encode<Word: StreamWord>(
    _ values: [Word], _ encoding: IntegerEncoding
  ) throws -> [UInt8] {
    var writer = ByteWriter()
    let scratch = try EncodingScratch.make()
    try values.withUnsafeBufferPointer { values in
      try IntegerStream.encode(
        values.baseAddress.unsafelyUnwrapped, count: values.count, with: encoding, into: &writer,
        scratch: scratch)
    }
    return writer.bytes
  }

  private func decode<Word: StreamWord>(
    _ bytes: [UInt8], at rows: [Int], of values: [Word]
  ) throws -> [Word] {
    let scratch = DecodingScratch()
    let output = Buffer(Word.self, count: rows.count + runSlack)
    let selected = Buffer(UInt32.self, count: rows.count)
    for (index, row) in rows.enumerated() { selected.pointer(UInt32.self)[index] = UInt32(row) }
    try bytes.withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      try IntegerStream.decode(
        &reader, at: selected.pointer(UInt32.self), rows.count, into: output.pointer(Word.self),
        count: values.count, scratch: scratch)
    }
    return Array(UnsafeBufferPointer(start: output.pointer(Word.self), count: rows.count))
  }

  private func decode<Word: StreamWord>(
    _ bytes: [UInt8], as type: Word.Type, count: Int, usesAll: Bool = true
  ) throws -> [Word] {
    let scratch = DecodingScratch()
    let output = Buffer(Word.self, count: count)
    try bytes.withUnsafeBytes { raw in
      var reader = ByteReader(raw)
      try IntegerStream.decode(
        &reader, into: output.pointer(Word.self), count: count, scratch: scratch)
      if usesAll { #expect(reader.remaining == 0) }
    }
    return Array(UnsafeBufferPointer(start: output.pointer(Word.self), count: count))
  }
}
