extension StoreFooter {
  /// Reads a footer and checks that all its parts fit together.
  init(_ bytes: UnsafeRawBufferPointer, fileBytes: Int) throws(StoreError) {
    var reader = ByteReader(bytes)
    blockRows = try reader.count(atMost: blockRowsMax)
    guard blockRows > 0 else { throw StoreError("blocks have no rows") }
    // Every column takes at least four bytes, so a damaged count cannot ask for much memory.
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      columns.append(try Column(from: &reader, fileBytes: fileBytes))
    }
    let cluster = try reader.count(atMost: columns.count)
    clusterColumn = cluster == 0 ? nil : cluster - 1
    try checkColumns()
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      rowGroups.append(try readRowGroup(&reader, fileBytes: fileBytes))
    }
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      files.append(
        File(
          path: try reader.text(), contentHash: try reader.littleEndian(),
          byteCount: try reader.count(atMost: Int.max),
          rowCount: try reader.count(atMost: Int.max),
          rejectedCount: try reader.count(atMost: Int.max)))
    }
    for group in rowGroups where group.file.map({ $0 >= files.count }) ?? false {
      throw StoreError("a row group is from a file that is not in the ledger")
    }
    guard reader.remaining == 0 else { throw StoreError("the footer is longer than its content") }
  }

  private func checkColumns() throws(StoreError) {
    if let clusterColumn, columns[clusterColumn].dictionary == nil {
      throw StoreError("the clustering column has no dictionary")
    }
    for (index, column) in columns.enumerated() {
      guard let parent = column.parent else { continue }
      guard parent < columns.count, let dictionary = columns[parent].dictionary else {
        throw StoreError("column \(column.name) is derived from no dictionary column")
      }
      let mapped = column.map.reduce(0) { $0 &+ $1.entryCount }
      guard mapped == dictionary.entryCount else {
        throw StoreError("the map of column \(column.name) does not fit its parent")
      }
      // A chain of parents ends: else reading a column would never end.
      var ancestor: Int? = parent
      var steps = 0
      while let next = ancestor, steps <= columns.count {
        guard next != index, next < columns.count else {
          throw StoreError("column \(column.name) is derived from itself")
        }
        ancestor = columns[next].parent
        steps += 1
      }
    }
  }

  private func readRowGroup(
    _ reader: inout ByteReader, fileBytes: Int
  ) throws(StoreError) -> RowGroup {
    let rowCount = try reader.count(atMost: rowGroupRowsMax)
    guard rowCount > 0 else { throw StoreError("a row group has no rows") }
    let blockCount = (rowCount + blockRows - 1) / blockRows
    let file = try reader.count(atMost: Int.max)
    var fileBlocks: [BlobReference] = []
    if try reader.byte() != 0 {
      for _ in 0..<blockCount {
        fileBlocks.append(try BlobReference(from: &reader, fileBytes: fileBytes))
      }
    }
    let chunkCount = try reader.count(atMost: columns.count)
    var chunks: [Chunk] = []
    for column in 0..<chunkCount {
      let tag = try reader.byte()
      guard let encoding = ChunkEncoding(rawValue: tag) else {
        throw StoreError("there is no chunk encoding \(tag)")
      }
      try check(encoding, of: columns[column])
      let overrides = try readOptionalBlob(&reader, fileBytes: fileBytes)
      let valueCounts = try readOptionalBlob(&reader, fileBytes: fileBytes)
      var blocks: [Block] = []
      for block in 0..<blockCount {
        let blob = try BlobReference(from: &reader, fileBytes: fileBytes)
        let rows = min(blockRows, rowCount - block * blockRows)
        let statistics = try BlockStatistics(from: &reader, rowCount: rows)
        blocks.append(Block(blob: blob, statistics: statistics))
      }
      chunks.append(
        Chunk(
          encoding: encoding, overrides: overrides, valueCounts: valueCounts, blocks: blocks))
    }
    return RowGroup(
      rowCount: rowCount, file: file == 0 ? nil : file - 1, fileBlocks: fileBlocks, chunks: chunks)
  }

  private func readOptionalBlob(
    _ reader: inout ByteReader, fileBytes: Int
  ) throws(StoreError) -> BlobReference? {
    try reader.byte() == 0 ? nil : BlobReference(from: &reader, fileBytes: fileBytes)
  }

  private func check(_ encoding: ChunkEncoding, of column: Column) throws(StoreError) {
    let fits =
      switch encoding {
      case .integers: column.dictionary != nil || column.type.isStoredAsWords
      case .clusteredDelta:
        column.dictionary == nil && column.type.isStoredAsWords && clusterColumn != nil
      case .derived:
        column.parent != nil && (column.dictionary != nil || column.type.isStoredAsWords)
      case .derivedCarried:
        column.parent != nil && column.dictionary == nil && column.type.isStoredAsWords
      case .wides: column.dictionary == nil && column.type.physical == .int128
      case .texts: column.dictionary == nil && column.type.physical == .string
      }
    guard fits else {
      throw StoreError("column \(column.name) cannot be stored as \(encoding)")
    }
  }
}

extension StoreFooter.Column {
  fileprivate init(from reader: inout ByteReader, fileBytes: Int) throws(StoreError) {
    name = try reader.text()
    type = try DataType(from: &reader)
    if try reader.byte() != 0 {
      guard type.isStoredAsWords || type == .varchar || type.physical == .int128 else {
        throw StoreError("a column of type \(type) has no dictionary")
      }
      let entryCount = try reader.count(atMost: Int(UInt32.max))
      let segments = try Self.readSegments(&reader, fileBytes: fileBytes)
      let stored = segments.reduce(0) { $0 &+ $1.entryCount }
      guard entryCount >= 1, stored == entryCount - 1 else {
        throw StoreError("the dictionary of column \(name) is not complete")
      }
      dictionary = .init(entryCount: entryCount, segments: segments)
    }
    let parentPlusOne = try reader.count(atMost: Int(UInt32.max))
    if parentPlusOne > 0 {
      parent = parentPlusOne - 1
      map = try Self.readSegments(&reader, fileBytes: fileBytes)
    }
  }

  private static func readSegments(
    _ reader: inout ByteReader, fileBytes: Int
  ) throws(StoreError) -> [StoreFooter.SegmentReference] {
    var segments: [StoreFooter.SegmentReference] = []
    for _ in 0..<(try reader.count(atMost: reader.remaining)) {
      let count = try reader.count(atMost: Int(UInt32.max))
      segments.append(
        .init(entryCount: count, blob: try BlobReference(from: &reader, fileBytes: fileBytes)))
    }
    return segments
  }
}

extension BlockStatistics {
  fileprivate init(from reader: inout ByteReader, rowCount: Int) throws(StoreError) {
    nullCount = try reader.count(atMost: rowCount)
    let parts = try reader.byte()
    if parts & 1 != 0 {
      range = .init(least: try reader.signed(), greatest: try reader.signed())
    }
    if parts & 2 != 0 { sum = try reader.signed() }
  }
}
