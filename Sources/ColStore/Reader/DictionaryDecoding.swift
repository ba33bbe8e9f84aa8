import Glibc
import Synchronization

/// The decoding of a column's dictionary into a flat vector whose entry 0 is NULL, a segment a part.
final class DictionaryDecoding: @unchecked Sendable {
  private let file: MappedFile
  private let type: DataType
  private let segments: [StoreFooter.SegmentReference]
  private let starts: [Int]
  private let count: Int
  private let work: SharedWork
  /// Takes what cannot be decoded; without it that is an error.
  private let damaged: DamagedEntries?
  private let validity: Buffer?
  /// nil where the values are used as they lie in the file.
  private let values: Buffer?
  private let mapped: UnsafeRawPointer?
  /// What `mapped` points into, where that is not the file as it is mapped as a whole.
  private let pieces: MappedPieces?
  /// What texts point into.
  private let texts = Mutex<[Buffer]>([])

  /// - Parameter hasNulls: whether some row is NULL; else entry 0 is never looked at.
  init(
    _ reference: StoreFooter.DictionaryReference, type: DataType, hasNulls: Bool, file: MappedFile,
    damaged: DamagedEntries? = nil
  ) throws(StoreError) {
    self.file = file
    self.damaged = damaged
    self.type = type
    segments = reference.segments
    count = reference.entryCount
    try Self.check(segments, type, file)
    starts = segments.startsOfEntries(from: 1)
    work = SharedWork(parts: segments.count)
    let isWide = type.physical == .int128
    let whole = isWide ? Self.placeInFile(segments, file) : nil
    pieces = isWide && whole == nil ? MappedPieces(segments.map(\.blob), of: file) : nil
    mapped = whole ?? pieces.map { $0.start - 16 }
    values =
      mapped == nil
      ? Buffer(byteCount: count * (type.isStoredAsWords ? 8 : 16)) : nil
    values.map { _ = memset($0.base, 0, type.isStoredAsWords ? 8 : 16) }
    if type == .varchar { values?.pointer(StringView.self)[0] = .empty }
    validity = hasNulls ? Buffer(byteCount: count) : nil
    if let validity {
      memset(validity.base, 1, count)
      validity.pointer(UInt8.self)[0] = 0
    }
  }

  /// Takes part in the decoding and returns the dictionary.
  func join(_ scratch: DecodingScratch) throws(StoreError) -> Vector {
    try work.join { number throws(StoreError) in
      do throws(StoreError) { try decode(number, scratch) } catch {
        guard let damaged else { throw error }
        damaged.insert(starts[number]..<starts[number] + segments[number].entryCount)
      }
    }
    let owners: [AnyObject] =
      [file] + texts.withLock { $0 as [AnyObject] }
      + ([values, validity, pieces] as [AnyObject?]).compactMap { $0 }
    guard let start = mapped ?? values.map({ UnsafeRawPointer($0.base) }) else {
      preconditionFailure("values lie in the file or in memory")
    }
    return Vector(
      flat: type, count: count, values: start,
      validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) }, owners: owners)
  }

  private func decode(_ number: Int, _ scratch: DecodingScratch) throws(StoreError) {
    let segment = segments[number]
    let bytes = try file.blob(segment.blob)
    guard let values else { return }
    var reader = ByteReader(bytes)
    switch type.physical {
    case .string:
      let text = try TextBlock.decode(
        &reader, into: values.pointer(StringView.self) + starts[number],
        count: segment.entryCount, scratch: scratch)
      texts.withLock { $0.append(text) }
    case .int128:
      if let source = bytes.baseAddress {
        memcpy(values.base + starts[number] * 16, source, bytes.count)
      }
    default:
      try IntegerStream.decode(
        &reader, into: values.pointer(UInt64.self) + starts[number], count: segment.entryCount,
        scratch: scratch)
    }
  }

  private static func check(
    _ segments: [StoreFooter.SegmentReference], _ type: DataType, _ file: MappedFile
  ) throws(StoreError) {
    for segment in segments {
      let isWide = type.physical == .int128
      guard segment.entryCount <= segmentEntriesMax,
        !isWide || segment.blob.byteCount == segment.entryCount * 16
      else { throw StoreError("a dictionary's segment has the wrong size", at: file.path) }
    }
  }

  /// Where entry 0 of wide values would lie, if they can be used where they are: one segment after
  /// the other, aligned. Entry 0 is NULL and never read; its place is the 16 bytes before.
  private static func placeInFile(
    _ segments: [StoreFooter.SegmentReference], _ file: MappedFile
  ) -> UnsafeRawPointer? {
    guard let first = segments.first?.blob.offset, first % 16 == 0, first >= 16,
      let start = file.bytes.baseAddress
    else { return nil }
    var end = first
    for segment in segments {
      guard segment.blob.offset == end else { return nil }
      end += segment.blob.byteCount
    }
    return start + first - 16
  }
}

/// The most entries of one segment of a dictionary or of a map.
let segmentEntriesMax = 1 << 16

extension [StoreFooter.SegmentReference] {
  /// The number of each segment's first entry.
  func startsOfEntries(from first: Int) -> [Int] {
    var next = first
    return map { segment in
      defer { next += segment.entryCount }
      return next
    }
  }
}
