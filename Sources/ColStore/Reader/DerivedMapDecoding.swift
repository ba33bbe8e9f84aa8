/// The decoding of a derived column's map, a segment a part: by the parent's code, the column's code
/// (where it has a dictionary) or word.
final class DerivedMapDecoding: @unchecked Sendable {
  private let segments: [StoreFooter.SegmentReference]
  private let starts: [Int]
  private let file: MappedFile
  /// Codes must be less; nil for words.
  private let codeLimit: Int?
  private let map: DerivedMap
  private let work: SharedWork
  /// Takes what cannot be decoded; without it that is an error.
  private let damaged: DamagedEntries?

  init(
    _ segments: [StoreFooter.SegmentReference], codeLimit: Int?, file: MappedFile,
    damaged: DamagedEntries? = nil
  ) throws(StoreError) {
    self.damaged = damaged
    for segment in segments where segment.entryCount > segmentEntriesMax {
      throw StoreError("a map's segment has the wrong size", at: file.path)
    }
    self.segments = segments
    self.codeLimit = codeLimit
    self.file = file
    starts = segments.startsOfEntries(from: 0)
    let count = segments.reduce(0) { $0 + $1.entryCount }
    map = DerivedMap(count: count, bytesPerEntry: codeLimit == nil ? 8 : 4)
    work = SharedWork(parts: segments.count)
  }

  func join(_ scratch: DecodingScratch) throws(StoreError) -> DerivedMap {
    try work.join { number throws(StoreError) in
      do throws(StoreError) { try decode(number, scratch) } catch {
        guard let damaged else { throw error }
        damaged.insert(starts[number]..<starts[number] + segments[number].entryCount)
      }
    }
    return map
  }

  private func decode(_ number: Int, _ scratch: DecodingScratch) throws(StoreError) {
    let count = segments[number].entryCount
    var reader = ByteReader(try file.blob(segments[number].blob))
    guard let codeLimit else {
      return try IntegerStream.decode(
        &reader, into: map.values.pointer(UInt64.self) + starts[number], count: count,
        scratch: scratch)
    }
    let codes = map.values.pointer(UInt32.self) + starts[number]
    try IntegerStream.decode(&reader, into: codes, count: count, scratch: scratch)
    for index in 0..<count where Int(codes[index]) >= codeLimit {
      throw StoreError("a map points outside its dictionary", at: file.path)
    }
  }
}

/// A derived column's map, decoded.
final class DerivedMap: @unchecked Sendable {
  let count: Int
  fileprivate let values: Buffer
  var codes: UnsafePointer<UInt32> { UnsafePointer(values.pointer(UInt32.self)) }
  var words: UnsafePointer<UInt64> { UnsafePointer(values.pointer(UInt64.self)) }

  fileprivate init(count: Int, bytesPerEntry: Int) {
    self.count = count
    values = Buffer(byteCount: count * bytesPerEntry)
  }
}
