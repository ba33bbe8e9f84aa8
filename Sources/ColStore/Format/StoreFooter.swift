/// What a store holds and where: the directory at the file's end.
struct StoreFooter: Sendable {
  struct Column: Sendable {
    var name: String
    var type: DataType
    var dictionary: DictionaryReference?
    /// The column that determines this one, and the map from its codes.
    var parent: Int?
    var map: [SegmentReference] = []
  }

  /// The distinct values of a column; `entryCount` counts NULL's entry 0, which is not stored.
  struct DictionaryReference: Sendable {
    var entryCount: Int
    var segments: [SegmentReference]
  }

  /// Consecutive entries of a dictionary or a map.
  struct SegmentReference: Sendable {
    var entryCount: Int
    var blob: BlobReference
  }

  struct RowGroup: Sendable {
    var rowCount: Int
    /// One chunk a column; columns that are newer than the row group have none: all NULL.
    var chunks: [Chunk]
  }

  struct Chunk: Sendable {
    var encoding: ChunkEncoding
    /// For derived columns: what differs from the column's map throughout this row group.
    var overrides: BlobReference?
    var blocks: [Block]
  }

  struct Block: Sendable {
    var blob: BlobReference
    var statistics: BlockStatistics
  }

  struct File: Sendable {
    var path: String
    var contentHash: UInt64
    var rowCount: Int
    var rejectedCount: Int
  }

  var columns: [Column] = []
  var clusterColumn: Int?
  var rowGroups: [RowGroup] = []
  var files: [File] = []
  /// Rows of every block but a row group's last.
  var blockRows = blockRowsMax
}

/// What is stored of a block besides its values.
struct BlockStatistics: Equatable, Sendable {
  var nullCount = 0
  /// The least and the greatest value as words (DOUBLE: as bits), where the type has words and some
  /// value is neither NULL nor NaN.
  var range: ClosedWords?

  struct ClosedWords: Equatable, Sendable {
    var least: Int64
    var greatest: Int64
  }
}

/// How a column chunk is stored. The numbers are part of the format: append only.
enum ChunkEncoding: UInt8, Sendable {
  /// Dictionary codes or words as integer streams.
  case integers = 0
  /// Words whose differences are taken within clusters, and between the clusters' first rows.
  case clusteredDelta = 1
  /// The parent's map, and exceptions.
  case derived = 2
  /// 128-bit values as they are.
  case wides = 3
  /// Texts: lengths and bytes.
  case texts = 4
  /// As derived; an exception holds for the later rows of its block with the same parent too.
  case derivedCarried = 5
}

extension StoreFooter {
  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.append(varint: blockRows)
    writer.append(varint: columns.count)
    for column in columns { write(column, to: &writer) }
    writer.append(varint: clusterColumn.map { $0 + 1 } ?? 0)
    writer.append(varint: rowGroups.count)
    for group in rowGroups { write(group, to: &writer) }
    writer.append(varint: files.count)
    for file in files {
      writer.append(text: file.path)
      writer.append(littleEndian: file.contentHash)
      writer.append(varint: file.rowCount)
      writer.append(varint: file.rejectedCount)
    }
    return writer.bytes
  }

  private func write(_ column: Column, to writer: inout ByteWriter) {
    writer.append(text: column.name)
    column.type.write(to: &writer)
    if let dictionary = column.dictionary {
      writer.append(UInt8(1))
      writer.append(varint: dictionary.entryCount)
      write(dictionary.segments, to: &writer)
    } else {
      writer.append(UInt8(0))
    }
    writer.append(varint: column.parent.map { $0 + 1 } ?? 0)
    if column.parent != nil { write(column.map, to: &writer) }
  }

  private func write(_ segments: [SegmentReference], to writer: inout ByteWriter) {
    writer.append(varint: segments.count)
    for segment in segments {
      writer.append(varint: segment.entryCount)
      segment.blob.write(to: &writer)
    }
  }

  private func write(_ group: RowGroup, to writer: inout ByteWriter) {
    writer.append(varint: group.rowCount)
    writer.append(varint: group.chunks.count)
    for chunk in group.chunks {
      writer.append(chunk.encoding.rawValue)
      writer.append(UInt8(chunk.overrides == nil ? 0 : 1))
      chunk.overrides?.write(to: &writer)
      for block in chunk.blocks {
        block.blob.write(to: &writer)
        writer.append(varint: block.statistics.nullCount)
        writer.append(UInt8(block.statistics.range == nil ? 0 : 1))
        if let range = block.statistics.range {
          writer.append(signed: range.least)
          writer.append(signed: range.greatest)
        }
      }
    }
  }

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
          rowCount: try reader.count(atMost: Int.max),
          rejectedCount: try reader.count(atMost: Int.max)))
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
    let chunkCount = try reader.count(atMost: columns.count)
    var chunks: [Chunk] = []
    for column in 0..<chunkCount {
      let tag = try reader.byte()
      guard let encoding = ChunkEncoding(rawValue: tag) else {
        throw StoreError("there is no chunk encoding \(tag)")
      }
      try check(encoding, of: columns[column])
      var overrides: BlobReference?
      if try reader.byte() != 0 {
        overrides = try BlobReference(from: &reader, fileBytes: fileBytes)
      }
      var blocks: [Block] = []
      for block in 0..<blockCount {
        let blob = try BlobReference(from: &reader, fileBytes: fileBytes)
        let rows = min(blockRows, rowCount - block * blockRows)
        var statistics = BlockStatistics(nullCount: try reader.count(atMost: rows))
        if try reader.byte() != 0 {
          statistics.range = .init(least: try reader.signed(), greatest: try reader.signed())
        }
        blocks.append(Block(blob: blob, statistics: statistics))
      }
      chunks.append(Chunk(encoding: encoding, overrides: overrides, blocks: blocks))
    }
    return RowGroup(rowCount: rowCount, chunks: chunks)
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
