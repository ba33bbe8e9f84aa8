/// Whole rows of one file, as they stand in it.
struct CSVChunk: @unchecked Sendable {
  /// The chunk's number over all files.
  let index: Int
  let file: Int
  /// Readable 64 bytes past its end.
  let text: UnsafePointer<UInt8>
  let count: Int
  let hasQuotes: Bool
  /// Lines of the file before the chunk that are in no chunk: the header's.
  let skippedLines: Int
  /// The header's fields; in a file's first chunk, where the dialect has a header.
  let header: [String]?
  /// The file's last chunk.
  let isLastOfFile: Bool
  let owner: Buffer
}

extension CSVChunk {
  /// What stands for the chunk in the hash of its file's content: the hash of its bytes, after that
  /// of the header where it has one.
  var contentHashes: [UInt64] {
    let hash = XXH64.hash(UnsafeRawBufferPointer(start: text, count: count))
    guard let header else { return [hash] }
    // The header's names, each followed by a zero byte.
    let names = header.flatMap { (name: String) -> [UInt8] in Array(name.utf8) + [0] }
    return [names.withUnsafeBytes { XXH64.hash($0) }, hash]
  }

  /// Pieces are small enough for a core's own cache, so that a column's pass over the text finds
  /// it there.
  private static let pieceBytes = 256 << 10

  /// Cuts the chunk into pieces of whole rows and indexes each.
  func forEachPiece(fieldCount: Int, delimiter: UInt8, _ body: (FieldIndex) -> Void) {
    let index = FieldIndex(columnCount: fieldCount)
    if hasQuotes {
      // Where rows end is known only by reading them all.
      index.index(text, count: count, delimiter: delimiter, hasQuotes: true)
      return body(index)
    }
    var start = 0
    while start < count {
      var end = min(start + Self.pieceBytes, count)
      while end < count && text[end - 1] != CSVDialect.newline { end += 1 }
      index.index(text + start, count: end - start, delimiter: delimiter, hasQuotes: false)
      body(index)
      start = end
    }
  }

  /// Finds the text and the line (from 0) of some of the chunk's rows by reading it again.
  func locate(
    rows: Set<Int>, layout: FileLayout, delimiter: UInt8,
    _ body: (_ row: Int, _ line: Int, _ raw: [UInt8]) -> Void
  ) {
    var firstRow = 0
    var firstLine = 0
    forEachPiece(fieldCount: layout.fieldCount, delimiter: delimiter) { piece in
      for row in 0..<piece.rowCount where rows.contains(firstRow + row) {
        body(firstRow + row, firstLine + piece.line(ofRow: row), piece.rawText(ofRow: row))
      }
      firstRow += piece.rowCount
      firstLine += piece.lineCount
    }
  }
}
