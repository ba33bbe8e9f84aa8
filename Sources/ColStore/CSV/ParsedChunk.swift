/// The columns of one chunk of rows, parsed.
final class ParsedChunk {
  let index: Int
  /// The number of the file that the rows are from, among those being loaded; nil for rows that are
  /// from none.
  let file: Int?
  /// The number that the file has in the store's ledger.
  let ledgerFile: Int?
  /// One parser for each of the store's columns.
  let columns: [ColumnParser]
  /// The tables that fill the columns that are a ``SpanColumn``.
  let tables: [SpanTable]
  private(set) var rowCount = 0
  /// Newlines in the chunk's text, with those before its first row.
  private(set) var lineCount = 0
  /// Rows left out, ascending, with lines counted from 0 at the file's first line in the chunk.
  private(set) var malformed: [MalformedRow] = []
  /// The hashes that stand for the chunk in the hash of its file's content.
  let contentHashes: [UInt64]

  init(
    index: Int, file: Int?, ledgerFile: Int?, columns: [ColumnParser], tables: [SpanTable] = [],
    rowCount: Int = 0, lineCount: Int = 0, contentHashes: [UInt64] = []
  ) {
    self.index = index
    self.file = file
    self.ledgerFile = ledgerFile
    self.columns = columns
    self.tables = tables
    self.rowCount = rowCount
    self.lineCount = lineCount
    self.contentHashes = contentHashes
  }

  func add(_ piece: FieldIndex, layout: FileLayout) {
    for var row in piece.malformed {
      row.line += lineCount
      malformed.append(row)
    }
    for table in tables { table.parse(piece) }
    for (column, field) in zip(columns, layout.fields) where !(column is SpanColumn) {
      if let field { column.parse(piece, field: field) } else { column.addNulls(piece.rowCount) }
    }
    lineCount += piece.lineCount
    rowCount += piece.rowCount
  }

  func finish() {
    for table in tables { table.finish() }
    for column in columns { column.finish() }
  }

  /// Leaves out `rows`, ascending, which are malformed for reasons of their own.
  func remove(_ rows: [Int], malformed found: [MalformedRow]) {
    malformed = (malformed + found).sorted { $0.line < $1.line }
    for table in tables { table.remove(rows) }
    for column in columns { column.remove(rows: rows) }
    rowCount -= rows.count
  }
}
