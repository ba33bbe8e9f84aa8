/// What a store holds, from its footer alone.
public struct StoreSummary: Sendable {
  public struct Column: Sendable {
    public let name: String
    public let type: DataType
    /// How its chunks are stored, in words.
    public let encodings: String
    public let nullCount: Int
    /// Distinct values, where the column has a dictionary.
    public let distinctCount: Int?
    /// Blocks, dictionary and map as they lie in the file.
    public let byteCount: Int
  }

  public struct File: Sendable {
    public let path: String
    public let rowCount: Int
    public let rejectedCount: Int
  }

  public let rowCount: Int
  public let rowGroupCount: Int
  /// The store file's size.
  public let byteCount: Int
  public let columns: [Column]
  /// The files that were loaded, in their order.
  public let files: [File]
}

extension Store {
  public var summary: StoreSummary {
    StoreSummary(
      rowCount: rowCount, rowGroupCount: footer.rowGroups.count, byteCount: file.bytes.count,
      columns: footer.columns.indices.map(summary(ofColumn:)),
      files: footer.files.map {
        .init(path: $0.path, rowCount: $0.rowCount, rejectedCount: $0.rejectedCount)
      })
  }

  private func summary(ofColumn column: Int) -> StoreSummary.Column {
    let described = footer.columns[column]
    var bytes = (described.dictionary?.segments ?? []).reduce(0) { $0 + $1.blob.byteCount }
    bytes += described.map.reduce(0) { $0 + $1.blob.byteCount }
    var nulls = 0
    var encodings: [ChunkEncoding] = []
    for group in footer.rowGroups {
      // A column that is newer than the row group is NULL throughout.
      guard column < group.chunks.count else {
        nulls += group.rowCount
        continue
      }
      let chunk = group.chunks[column]
      if !encodings.contains(chunk.encoding) { encodings.append(chunk.encoding) }
      bytes += chunk.overrides?.byteCount ?? 0
      for block in chunk.blocks {
        bytes += block.blob.byteCount
        nulls += block.statistics.nullCount
      }
    }
    var words: [String] = []
    for encoding in encodings {
      let word = word(for: encoding, of: described)
      if !words.contains(word) { words.append(word) }
    }
    if column == footer.clusterColumn { words.append("rows lie together by it") }
    return StoreSummary.Column(
      name: described.name, type: described.type, encodings: words.joined(separator: ", "),
      nullCount: nulls, distinctCount: described.dictionary.map { $0.entryCount - 1 },
      byteCount: bytes)
  }

  private func word(for encoding: ChunkEncoding, of column: StoreFooter.Column) -> String {
    switch encoding {
    case .integers: column.dictionary == nil ? "integers" : "dictionary"
    case .clusteredDelta: "clustered deltas"
    case .derived, .derivedCarried:
      "derived from \(column.parent.map { footer.columns[$0].name } ?? "")"
    case .wides: "plain 128 bits"
    case .texts: "texts"
    }
  }
}
