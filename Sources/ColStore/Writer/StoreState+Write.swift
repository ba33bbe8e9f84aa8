/// Writes what rows share to the store's file: dictionaries and maps, in segments.
extension StoreState {
  /// The footer's columns, after all row groups are written.
  func writeColumns(to file: StoreFile, scratch: EncodingScratch) throws(StoreError) -> [StoreFooter.Column] {
    var columns: [StoreFooter.Column] = []
    for (number, plan) in plan.columns.enumerated() {
      var column = StoreFooter.Column(
        name: plan.name, type: plan.type, dictionary: nil, parent: plan.parent)
      if let dictionary = dictionaries[number] {
        column.dictionary = try write(dictionary, to: file, scratch: scratch)
      }
      if let map = maps[number] {
        column.map = try write(map, asCodes: plan.usesDictionary, to: file, scratch: scratch)
      }
      columns.append(column)
    }
    return columns
  }

  private func write(
    _ dictionary: GlobalDictionary, to file: StoreFile, scratch: EncodingScratch
  ) throws(StoreError) -> StoreFooter.DictionaryReference {
    var segments: [StoreFooter.SegmentReference] = []
    let count = dictionary.count
    if dictionary.type.physical == .int128 {
      segments = try writeWides(dictionary, to: file)
    } else {
      for start in stride(from: 1, to: count, by: segmentEntriesMax) {
        let range = start..<min(start + segmentEntriesMax, count)
        var writer = ByteWriter()
        try encode(dictionary, range, into: &writer, scratch: scratch)
        let blob = try writer.bytes.withBytes { bytes throws(StoreError) in
          try file.append(bytes)
        }
        segments.append(.init(entryCount: range.count, blob: blob))
      }
    }
    return .init(entryCount: count, segments: segments)
  }

  /// 128-bit values lie aligned, as they are, and one segment after the other, so that readers use
  /// them in place.
  private func writeWides(
    _ dictionary: GlobalDictionary, to file: StoreFile
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    file.align(to: 16)
    var segments: [StoreFooter.SegmentReference] = []
    for start in stride(from: 1, to: dictionary.count, by: segmentEntriesMax) {
      let range = start..<min(start + segmentEntriesMax, dictionary.count)
      let values = Buffer(Int128.self, count: range.count)
      dictionary.wides.copy(range, to: values.pointer())
      let bytes = UnsafeRawBufferPointer(start: values.base, count: range.count * 16)
      segments.append(.init(entryCount: range.count, blob: try file.append(bytes)))
    }
    return segments
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
    _ map: StableArray<UInt64>, asCodes: Bool, to file: StoreFile, scratch: EncodingScratch
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    var segments: [StoreFooter.SegmentReference] = []
    for start in stride(from: 0, to: map.count, by: segmentEntriesMax) {
      let range = start..<min(start + segmentEntriesMax, map.count)
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
      let blob = try writer.bytes.withBytes { bytes throws(StoreError) in
        try file.append(bytes)
      }
      segments.append(.init(entryCount: range.count, blob: blob))
    }
    return segments
  }
}
