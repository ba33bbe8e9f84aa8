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
  /// A bit a row, set where the value is one more than all before it, and the other values.
  case newcomers = 5
  /// Frame of reference, and the same number of bits for each value.
  case bitPacked = 6

  /// What a block may be tried with, cheapest to decode first: the first of equals wins.
  /// `constant` is not among them, since it is known, not tried.
  static let candidates: [IntegerEncoding] = [
    .runs, .bitPacked, .planes, .repeats, .newcomers, .delta,
  ]
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
    var possible = candidates.filter { isWorthATry($0, values, count: count) }
    // What was best for the block before may not suit this one.
    if possible.isEmpty {
      possible = IntegerEncoding.candidates.filter { isWorthATry($0, values, count: count) }
    }
    let best = try smallest(possible, of: values, count: min(count, trialMax), scratch: scratch)
    if let bytes = best.bytes, count <= trialMax {
      writer.append(contentsOf: bytes.bytes)
    } else {
      try encode(values, count: count, with: best.encoding, into: &writer, scratch: scratch)
    }
    return best.encoding
  }

  /// So many values tell which encoding is best for a block, and so many which are out of the
  /// question.
  private static let trialMax = 1 << 13
  private static let firstTrialMax = 1 << 11

  /// The encoding that makes the least of some values, with what that is where it was tried on all of
  /// them.
  private static func smallest<Word: StreamWord>(
    _ candidates: [IntegerEncoding], of values: UnsafePointer<Word>, count: Int,
    scratch: EncodingScratch
  ) throws(StoreError) -> (encoding: IntegerEncoding, bytes: ByteWriter?) {
    func attempt(_ encoding: IntegerEncoding, _ count: Int) throws(StoreError) -> ByteWriter {
      var bytes = ByteWriter()
      try encode(values, count: count, with: encoding, into: &bytes, scratch: scratch)
      return bytes
    }
    var left = candidates
    if candidates.count > 1 && count > firstTrialMax {
      let sizes = try candidates.map { candidate throws(StoreError) in
        try attempt(candidate, firstTrialMax).count
      }
      let least = sizes.min() ?? 0
      left = zip(candidates, sizes).filter { $0.1 <= least + least / 4 }.map(\.0)
    }
    guard var best = left.first else { preconditionFailure("planes can hold any integers") }
    if left.count == 1 { return (best, nil) }
    var bytes = try attempt(best, count)
    for candidate in left.dropFirst() {
      let next = try attempt(candidate, count)
      // Later candidates are slower to decode: they must save a sixteenth.
      if next.count <= bytes.count - bytes.count / 16 { (best, bytes) = (candidate, next) }
    }
    return (best, bytes)
  }

  private static func isWorthATry<Word: StreamWord>(
    _ encoding: IntegerEncoding, _ values: UnsafePointer<Word>, count: Int
  ) -> Bool {
    switch encoding {
    case .runs: RunEncoding.pays(values, count: count)
    case .newcomers: NewcomerEncoding.pays(values, count: count)
    case .bitPacked: BitPackedEncoding.applies(values, count: count)
    case .constant, .planes, .delta, .repeats: true
    }
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
    case .newcomers:
      try NewcomerEncoding.encode(values, count: count, into: &writer, scratch: scratch)
    case .bitPacked:
      try BitPackedEncoding.encode(values, count: count, into: &writer, scratch: scratch)
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
    case .newcomers:
      try NewcomerEncoding.decode(
        &reader, into: values, count: count, scratch: scratch, depth: depth)
    case .bitPacked:
      try BitPackedEncoding.decode(&reader, into: values, count: count, scratch: scratch)
    case nil: throw StoreError("there is no integer encoding \(tag)")
    }
  }
}
