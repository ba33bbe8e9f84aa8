/// Writes what rows share to the store's file: dictionaries and maps, in segments.
extension StoreState {
  /// The footer's columns, after all row groups are written.
  ///
  /// - Parameter old: the columns of the store that is appended to. Their segments are kept, but for
  ///   a last one that is not full, so that every segment but the last is.
  func writeColumns(
    to file: StoreFile, keeping old: [StoreFooter.Column], scratch: EncodingScratch
  ) throws(StoreError) -> [StoreFooter.Column] {
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
          segments: try write(
            dictionary, keeping: before?.dictionary?.segments ?? [], to: file, scratch: scratch))
      }
      if let map = maps[number] {
        column.map = try write(
          map, asCodes: plan.usesDictionary, keeping: before?.map ?? [], to: file,
          scratch: scratch)
      }
      columns.append(column)
    }
    return columns
  }

  /// The segments of entries `entries`: those of `old` that are full, and new ones.
  private func segments(
    of entries: Range<Int>, keeping old: [StoreFooter.SegmentReference],
    _ write: (Range<Int>) throws(StoreError) -> BlobReference
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    var segments = Array(old.prefix { $0.entryCount == segmentEntriesMax })
    // The last is written anew only where there is something to add.
    if let last = old.last, segments.count < old.count,
      segments.count * segmentEntriesMax + last.entryCount == entries.count
    {
      return old
    }
    let first = entries.lowerBound + segments.count * segmentEntriesMax
    for start in stride(from: first, to: entries.upperBound, by: segmentEntriesMax) {
      let range = start..<min(start + segmentEntriesMax, entries.upperBound)
      segments.append(.init(entryCount: range.count, blob: try write(range)))
    }
    return segments
  }

  private func write(
    _ dictionary: GlobalDictionary, keeping old: [StoreFooter.SegmentReference],
    to file: StoreFile, scratch: EncodingScratch
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    let isWide = dictionary.type.physical == .int128
    // 128-bit values lie as they are, on pages of their own, so that readers use them in place.
    if isWide { file.align(to: wideSegmentAlignment) }
    return try segments(of: 1..<dictionary.count, keeping: old) { range throws(StoreError) in
      if isWide {
        let values = Buffer(Int128.self, count: range.count)
        dictionary.wides.copy(range, to: values.pointer())
        return try file.append(
          UnsafeRawBufferPointer(start: values.base, count: range.count * 16))
      }
      var writer = ByteWriter()
      try encode(dictionary, range, into: &writer, scratch: scratch)
      return try writer.bytes.withBytes { bytes throws(StoreError) in try file.append(bytes) }
    }
  }

  private func encode(
    _ dictionary: GlobalDictionary, _ range: Range<Int>, into writer: inout ByteWriter,
    scratch: EncodingScratch
  ) throws(StoreError) {
    if dictionary.type.physical == .string {
      try scratch.lend(StringView.self, range.count) { views throws(StoreError) in
        for (index, entry) in range.enumerated() {
          let start = dictionary.textEnds[entry - 1]
          views[index] = StringView(
            start: UnsafePointer(dictionary.bytes.start + start),
            count: dictionary.textEnds[entry] - start)
        }
        try TextBlock.encode(views, count: range.count, into: &writer, scratch: scratch)
      }
      return
    }
    try scratch.lend(UInt64.self, range.count) { words throws(StoreError) in
      for (index, entry) in range.enumerated() {
        words[index] = UInt64(bitPattern: dictionary.words[entry])
      }
      try IntegerStream.encode(words, count: range.count, into: &writer, scratch: scratch)
    }
  }

  private func write(
    _ map: StableArray<UInt64>, asCodes: Bool, keeping old: [StoreFooter.SegmentReference],
    to file: StoreFile, scratch: EncodingScratch
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    try segments(of: 0..<map.count, keeping: old) { range throws(StoreError) in
      var writer = ByteWriter()
      if asCodes {
        try scratch.lend(UInt32.self, range.count) { codes throws(StoreError) in
          for (index, entry) in range.enumerated() {
            codes[index] = UInt32(truncatingIfNeeded: map[entry])
          }
          try IntegerStream.encode(codes, count: range.count, into: &writer, scratch: scratch)
        }
      } else {
        try scratch.lend(UInt64.self, range.count) { words throws(StoreError) in
          map.copy(range, to: words)
          try IntegerStream.encode(words, count: range.count, into: &writer, scratch: scratch)
        }
      }
      return try writer.bytes.withBytes { bytes throws(StoreError) in try file.append(bytes) }
    }
  }
}

/// Segments of 128-bit values start at multiples of this, the size of a page: full ones are a
/// multiple of it long, so that pages from different places of the file can be put in a row.
let wideSegmentAlignment = 4096
