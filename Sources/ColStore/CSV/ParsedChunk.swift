/// The columns of one chunk of CSV, parsed.
final class ParsedChunk {
  let index: Int
  let file: Int
  let isLastOfFile: Bool
  /// One parser for each of the store's columns.
  let columns: [ColumnParser]
  private(set) var rowCount = 0
  /// Newlines in the chunk's text.
  private(set) var lineCount = 0
  /// Rows left out, ascending, with lines counted from 0 at the chunk's start.
  private(set) var malformed: [MalformedRow] = []
  /// The hash of the chunk's bytes.
  let contentHash: UInt64

  /// Parses `chunk`, which keeps its misfits.
  init(_ chunk: CSVChunk, columns plans: [ColumnPlan], layout: FileLayout, delimiter: UInt8) {
    index = chunk.index
    file = chunk.file
    isLastOfFile = chunk.isLastOfFile
    columns = plans.map { $0.makeParser() }
    contentHash = XXH64.hash(UnsafeRawBufferPointer(start: chunk.text, count: chunk.count))
    chunk.forEachPiece(fieldCount: layout.fieldCount, delimiter: delimiter) { piece in
      for var row in piece.malformed {
        row.line += lineCount
        malformed.append(row)
      }
      for (column, field) in zip(columns, layout.fields) {
        if let field { column.parse(piece, field: field) } else { column.addNulls(piece.rowCount) }
      }
      lineCount += piece.lineCount
      rowCount += piece.rowCount
    }
    for column in columns { column.finish() }
  }

  /// Whether some value shows that its column's type was inferred too narrow.
  var widensTypes: Bool {
    columns.contains { $0.type != .varchar && !$0.misfitRows.isEmpty }
  }

  /// Leaves out all rows that have a misfit in a column for which `isFixed` holds, and adds them to
  /// ``malformed``.
  func rejectMisfits(
    _ chunk: CSVChunk, columns plans: [ColumnPlan], layout: FileLayout, delimiter: UInt8,
    where isFixed: (ColumnParser) -> Bool
  ) {
    var firstColumn: [Int: Int] = [:]
    for (number, column) in columns.enumerated() where isFixed(column) {
      for row in column.misfitRows where firstColumn[row] == nil { firstColumn[row] = number }
    }
    guard !firstColumn.isEmpty else { return }
    chunk.locate(rows: Set(firstColumn.keys), layout: layout, delimiter: delimiter) { row, line, raw in
      guard let number = firstColumn[row] else { return }
      let plan = plans[number]
      malformed.append(
        MalformedRow(
          line: line, column: plan.name,
          reason: plan.type == .varchar
            ? "the value is not valid UTF-8" : "the value is no \(plan.type)",
          raw: raw))
    }
    malformed.sort { $0.line < $1.line }
    let rows = firstColumn.keys.sorted()
    for column in columns { column.remove(rows: rows) }
    rowCount -= rows.count
  }
}

/// Which of a file's fields belong to which of the store's columns.
struct FileLayout: Sendable {
  /// Fields of each row.
  let fieldCount: Int
  /// For each column its field's number, nil where the file has none.
  let fields: [Int?]
}

extension CSVChunk {
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
