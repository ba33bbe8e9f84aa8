/// What a blob of a store holds.
enum BlobPlace: Equatable, Sendable, CustomStringConvertible {
  case dictionary(column: String, segment: Int)
  case map(column: String, segment: Int)
  case files(rowGroup: Int, block: Int)
  case overrides(column: String, rowGroup: Int)
  case valueCounts(column: String, rowGroup: Int)
  case block(column: String, rowGroup: Int, block: Int)

  var description: String {
    switch self {
    case .dictionary(let column, let segment):
      "dictionary of column \(column), segment \(segment)"
    case .map(let column, let segment): "map of column \(column), segment \(segment)"
    case .files(let rowGroup, let block):
      "file numbers of row group \(rowGroup), block \(block)"
    case .overrides(let column, let rowGroup):
      "overrides of column \(column), row group \(rowGroup)"
    case .valueCounts(let column, let rowGroup):
      "value counts of column \(column), row group \(rowGroup)"
    case .block(let column, let rowGroup, let block):
      "column \(column), row group \(rowGroup), block \(block)"
    }
  }

  /// Whether the blob has to lie at a multiple of a page.
  func isAligned(in footer: StoreFooter) -> Bool {
    guard case .dictionary(let name, _) = self else { return false }
    return footer.columns.contains { $0.name == name && $0.type.physical == .int128 }
  }
}

extension StoreFooter {
  /// Replaces every blob by what `body` makes of it, in the order in which they were written.
  mutating func updateBlobs(
    _ body: (BlobReference, BlobPlace) throws(StoreError) -> BlobReference
  ) throws(StoreError) {
    for number in rowGroups.indices {
      for block in rowGroups[number].fileBlocks.indices {
        rowGroups[number].fileBlocks[block] = try body(
          rowGroups[number].fileBlocks[block], .files(rowGroup: number, block: block))
      }
      for column in rowGroups[number].chunks.indices {
        try rowGroups[number].chunks[column].updateBlobs(
          column: columns[column].name, rowGroup: number, body)
      }
    }
    for number in columns.indices {
      let name = columns[number].name
      for segment in (columns[number].dictionary?.segments ?? []).indices {
        if let blob = columns[number].dictionary?.segments[segment].blob {
          columns[number].dictionary?.segments[segment].blob = try body(
            blob, .dictionary(column: name, segment: segment))
        }
      }
      for segment in columns[number].map.indices {
        columns[number].map[segment].blob = try body(
          columns[number].map[segment].blob, .map(column: name, segment: segment))
      }
    }
  }

  /// All blobs, with what they hold.
  var blobs: [(blob: BlobReference, place: BlobPlace)] {
    var found: [(blob: BlobReference, place: BlobPlace)] = []
    var copy = self
    do throws(StoreError) {
      try copy.updateBlobs { blob, place in
        found.append((blob, place))
        return blob
      }
    } catch { preconditionFailure("collecting blobs does not fail") }
    return found
  }

  /// Bytes of the file that the store still uses, but for header and footer.
  var liveByteCount: Int { blobs.reduce(0) { $0 + $1.blob.byteCount } }
}

extension StoreFooter.Chunk {
  fileprivate mutating func updateBlobs(
    column: String, rowGroup: Int,
    _ body: (BlobReference, BlobPlace) throws(StoreError) -> BlobReference
  ) throws(StoreError) {
    for block in blocks.indices {
      blocks[block].blob = try body(
        blocks[block].blob, .block(column: column, rowGroup: rowGroup, block: block))
    }
    if let blob = overrides {
      overrides = try body(blob, .overrides(column: column, rowGroup: rowGroup))
    }
    if let blob = valueCounts {
      valueCounts = try body(blob, .valueCounts(column: column, rowGroup: rowGroup))
    }
  }
}
