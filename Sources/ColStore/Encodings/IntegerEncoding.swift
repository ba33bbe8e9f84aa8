/// How a sequence of integers is stored. The numbers are part of the file format: append only.
enum IntegerEncoding: UInt8, CaseIterable, Sendable {
  /// All values are equal.
  case constant = 0
  /// Frame of reference and common divisor, split into byte planes.
  case planes = 1
  /// Zigzag differences of neighbours, as planes.
  case delta = 2
  /// Run lengths and one value a run.
  case runs = 3
  /// A bit a row, set where the value differs from the row before, and the differing values.
  case repeats = 4

  /// What a block may be tried with, cheapest to decode first: the first of equals wins.
  /// `constant` is not among them, since it is known, not tried.
  static let candidates: [IntegerEncoding] = [.runs, .planes, .repeats, .delta]
}

/// Integer streams: `u8 encoding` and the encoding's own bytes. The count is known from outside.
enum IntegerStream {
  /// Encodes with the encoding that came out smallest, and returns which that was.
  @discardableResult
  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, into writer: inout ByteWriter,
    scratch: EncodingScratch, candidates: [IntegerEncoding] = IntegerEncoding.candidates
  ) throws(StoreError) -> IntegerEncoding {
    if ConstantEncoding.applies(values, count: count) {
      try encode(values, count: count, with: .constant, into: &writer, scratch: scratch)
      return .constant
    }
    // Runs may have been best for the block before and not be worth a try here.
    let tried = candidates == [.runs] ? IntegerEncoding.candidates : candidates
    let possible = tried.filter { candidate in
      candidate != .runs || RunEncoding.pays(values, count: count)
    }
    if possible.count == 1 {
      try encode(values, count: count, with: possible[0], into: &writer, scratch: scratch)
      return possible[0]
    }
    var best: (encoding: IntegerEncoding, bytes: ByteWriter)?
    for candidate in possible {
      var attempt = ByteWriter()
      try encode(values, count: count, with: candidate, into: &attempt, scratch: scratch)
      // Later candidates are slower to decode: they must save a sixteenth.
      if let best, attempt.count > best.bytes.count - best.bytes.count / 16 { continue }
      best = (candidate, attempt)
    }
    guard let best else { preconditionFailure("planes can hold any integers") }
    writer.append(contentsOf: best.bytes.bytes)
    return best.encoding
  }

  static func encode<Word: StreamWord>(
    _ values: UnsafePointer<Word>, count: Int, with encoding: IntegerEncoding,
    into writer: inout ByteWriter, scratch: EncodingScratch
  ) throws(StoreError) {
    guard count > 0 else { return }
    writer.append(encoding.rawValue)
    switch encoding {
    case .constant: ConstantEncoding.encode(values, into: &writer)
    case .planes: try PlaneEncoding.encode(values, count: count, into: &writer, scratch: scratch)
    case .delta: try DeltaEncoding.encode(values, count: count, into: &writer, scratch: scratch)
    case .runs: try RunEncoding.encode(values, count: count, into: &writer, scratch: scratch)
    case .repeats: try RepeatEncoding.encode(values, count: count, into: &writer, scratch: scratch)
    }
  }

  /// Decodes exactly `count` values; throws where the bytes do not hold them.
  static func decode<Word: StreamWord>(
    _ reader: inout ByteReader, into values: UnsafeMutablePointer<Word>, count: Int,
    scratch: DecodingScratch, depth: Int = 0
  ) throws(StoreError) {
    guard count > 0 else { return }
    // Runs hold streams of their own; a hostile file must not nest them without end.
    guard depth < 3 else { throw StoreError("integer streams are nested too deeply") }
    let tag = try reader.byte()
    switch IntegerEncoding(rawValue: tag) {
    case .constant: try ConstantEncoding.decode(&reader, into: values, count: count)
    case .planes:
      try PlaneEncoding.decode(&reader, into: values, count: count, scratch: scratch)
    case .delta:
      try DeltaEncoding.decode(&reader, into: values, count: count, scratch: scratch)
    case .runs:
      try RunEncoding.decode(&reader, into: values, count: count, scratch: scratch, depth: depth)
    case .repeats:
      try RepeatEncoding.decode(
        &reader, into: values, count: count, scratch: scratch, depth: depth)
    case nil: throw StoreError("there is no integer encoding \(tag)")
    }
  }
}
