/// Writes what rows share to the store's file: dictionaries and maps, in segments.
extension StoreState {
  /// The footer's columns, after all row groups are written.
  ///
  /// - Parameter old: the columns of the store that is appended to. Their segments are kept, but for
  ///   a last one that is not full, so that every segment but the last is.
  func writeColumns(
    to file: StoreFile, keeping old: [StoreFooter.Column], threads: Int
  ) throws(StoreError) -> [StoreFooter.Column] {
    let output = SegmentOutput(file: file, threads: threads)
    var columns: [StoreFooter.Column] = []
    for (number, plan) in plan.columns.enumerated() {
      let before = number < old.count ? old[number] : nil
      var column = StoreFooter.Column(
        // A column without any value has the type that can hold all.
        name: plan.name, type: plan.type == .null ? .varchar : plan.type, dictionary: nil,
        parent: plan.parent)
      if let dictionary = dictionaries[number] {
        column.dictionary = .init(
          entryCount: dictionary.count,
          segments: try output.write(
            1..<dictionary.count, keeping: before?.dictionary?.segments ?? [],
            isAligned: dictionary.type.physical == .int128, SegmentEncoder(dictionary)))
      }
      if let map = maps[number] {
        column.map = try output.write(
          0..<map.count, keeping: before?.map ?? [], isAligned: false,
          SegmentEncoder(map, isOfCodes: plan.usesDictionary))
      }
      columns.append(column)
    }
    return columns
  }
}

/// Writes segments in order, and encodes them by several threads. The file is touched only in turn.
private struct SegmentOutput: @unchecked Sendable {
  let file: StoreFile
  let threads: Int

  /// The segments of `entries`: those of `old` that are full, and new ones.
  func write(
    _ entries: Range<Int>, keeping old: [StoreFooter.SegmentReference], isAligned: Bool,
    _ encoder: SegmentEncoder
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    var segments = Array(old.prefix { $0.entryCount == segmentEntriesMax })
    // The last is written anew only where there is something to add.
    if old.reduce(0, { $0 + $1.entryCount }) == entries.count { return old }
    let first = entries.lowerBound + segments.count * segmentEntriesMax
    let ranges = stride(from: first, to: entries.upperBound, by: segmentEntriesMax).map {
      $0..<min($0 + segmentEntriesMax, entries.upperBound)
    }
    guard let start = ranges.first else { return segments }
    // What is best for the first is taken for all.
    let encoding = try encoder.bestEncoding(of: start)
    if isAligned { file.align(to: wideSegmentAlignment) }
    let written = Collected(ranges.count)
    let turnstile = Turnstile()
    let counter = WorkCounter(count: ranges.count)
    do {
      try runWorkers(min(threads, ranges.count)) { _ in
        let scratch = try EncodingScratch.make()
        do {
          while let number = counter.next() {
            var writer = ByteWriter()
            try encoder.encode(ranges[number], encoding, into: &writer, scratch: scratch)
            _ = try turnstile.pass(number) { () throws(StoreError) in
              written.blobs[number] = try writer.bytes.withBytes { bytes throws(StoreError) in
                try file.append(bytes)
              }
            }
          }
        } catch {
          turnstile.close()
          throw error
        }
      }
    } catch {
      throw (error as? StoreError) ?? StoreError("\(error)", at: file.path)
    }
    for (range, blob) in zip(ranges, written.blobs) {
      guard let blob else { preconditionFailure("every segment was written") }
      segments.append(.init(entryCount: range.count, blob: blob))
    }
    return segments
  }

  /// Where segments lie; each is set in its turn.
  private final class Collected: @unchecked Sendable {
    var blobs: [BlobReference?]
    init(_ count: Int) { blobs = [BlobReference?](repeating: nil, count: count) }
  }
}

/// Encodes the segments of one dictionary or map.
private struct SegmentEncoder: @unchecked Sendable {
  private enum Entries {
    case words((Range<Int>, UnsafeMutablePointer<UInt64>) -> Void)
    case codes((Range<Int>, UnsafeMutablePointer<UInt32>) -> Void)
    case wides(StableArray<Int128>)
    case texts(GlobalDictionary)
  }

  private let entries: Entries

  init(_ dictionary: GlobalDictionary) {
    switch dictionary.type.physical {
    case .string: entries = .texts(dictionary)
    case .int128: entries = .wides(dictionary.wides)
    default:
      let words = dictionary.words
      entries = .words { range, output in
        for (index, entry) in range.enumerated() {
          output[index] = UInt64(bitPattern: words[entry])
        }
      }
    }
  }

  init(_ map: StableArray<UInt64>, isOfCodes: Bool) {
    entries =
      isOfCodes
      ? .codes { range, output in
        for (index, entry) in range.enumerated() {
          output[index] = UInt32(truncatingIfNeeded: map[entry])
        }
      }
      : .words { range, output in map.copy(range, to: output) }
  }

  /// The integer encoding that is smallest for a segment; nil where it holds no integers.
  func bestEncoding(of range: Range<Int>) throws(StoreError) -> IntegerEncoding? {
    var writer = ByteWriter()
    let scratch = try EncodingScratch.make()
    return try encode(range, nil, into: &writer, scratch: scratch)
  }

  /// Encodes a segment with `encoding`, or with the best where that is nil.
  @discardableResult
  func encode(
    _ range: Range<Int>, _ encoding: IntegerEncoding?, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) -> IntegerEncoding? {
    switch entries {
    case .words(let fill):
      return try encode(range, encoding, fill, into: &writer, scratch: scratch)
    case .codes(let fill):
      return try encode(range, encoding, fill, into: &writer, scratch: scratch)
    case .wides(let wides):
      // They lie as they are, on pages of their own, so that readers use them in place.
      try scratch.lend(Int128.self, range.count) { values throws(StoreError) in
        wides.copy(range, to: values)
        writer.append(
          contentsOf: UnsafeRawBufferPointer(start: values, count: range.count * 16))
      }
    case .texts(let dictionary):
      try scratch.lend(StringView.self, range.count) { views throws(StoreError) in
        for (index, entry) in range.enumerated() {
          let start = dictionary.textEnds[entry - 1]
          views[index] = StringView(
            start: UnsafePointer(dictionary.bytes.start + start),
            count: dictionary.textEnds[entry] - start)
        }
        try TextBlock.encode(views, count: range.count, into: &writer, scratch: scratch)
      }
    }
    return nil
  }

  private func encode<Word: StreamWord>(
    _ range: Range<Int>, _ encoding: IntegerEncoding?,
    _ fill: (Range<Int>, UnsafeMutablePointer<Word>) -> Void, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) -> IntegerEncoding {
    try scratch.lend(Word.self, range.count) { words throws(StoreError) in
      fill(range, words)
      let candidates = encoding.map { $0 == .constant ? IntegerEncoding.candidates : [$0] }
      return try IntegerStream.encode(
        words, count: range.count, into: &writer, scratch: scratch,
        candidates: candidates ?? IntegerEncoding.candidates)
    }
  }
}

/// Segments of 128-bit values start at multiples of this, the size of a page: full ones are a
/// multiple of it long, so that pages from different places of the file can be put in a row.
let wideSegmentAlignment = 4096
