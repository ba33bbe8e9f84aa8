import Synchronization

/// A chunk of a CSV file, and how to read it as rows of the store.
struct CSVRowChunk: RowChunk {
  let chunk: CSVChunk
  let layout: FileLayout
  let delimiter: UInt8
  /// The number that the first of the files has in the store's ledger.
  var firstLedgerFile = 0

  var index: Int { chunk.index }

  func parse(_ plans: [ColumnPlan], _ memory: ParsingMemory) -> ParsedChunk {
    memory.startChunk(plans, layout)
    let parsed = parse(parsers: memory.columns, tables: memory.tables)
    rejectMisfits(parsed, plans)
    return parsed
  }

  /// Parses all rows, whatever the values; the parsers keep their misfits.
  func parse(parsers: [ColumnParser]) -> ParsedChunk { parse(parsers: parsers, tables: []) }

  private func parse(parsers: [ColumnParser], tables: [SpanTable]) -> ParsedChunk {
    let parsed = ParsedChunk(
      index: chunk.index, file: chunk.file, ledgerFile: firstLedgerFile + chunk.file,
      columns: parsers, tables: tables, lineCount: chunk.skippedLines,
      contentHashes: chunk.contentHashes)
    chunk.forEachPiece(fieldCount: layout.fieldCount, delimiter: delimiter) { piece in
      parsed.add(piece, layout: layout)
    }
    parsed.finish()
    return parsed
  }

  /// Leaves out all rows with a value that does not fit a type that is settled.
  private func rejectMisfits(_ parsed: ParsedChunk, _ plans: [ColumnPlan]) {
    var firstColumn: [Int: Int] = [:]
    for (number, column) in parsed.columns.enumerated() where plans[number].isTypeSettled {
      for row in column.misfitRows where firstColumn[row] == nil { firstColumn[row] = number }
    }
    guard !firstColumn.isEmpty else { return }
    var malformed: [MalformedRow] = []
    chunk.locate(rows: Set(firstColumn.keys), layout: layout, delimiter: delimiter) {
      row, line, raw in
      guard let number = firstColumn[row] else { return }
      let plan = plans[number]
      malformed.append(
        MalformedRow(
          line: chunk.skippedLines + line, column: plan.name,
          reason: plan.type == .varchar
            ? "the value is not valid UTF-8" : "the value is no \(plan.type)",
          raw: raw))
    }
    parsed.remove(firstColumn.keys.sorted(), malformed: malformed)
  }

  func line(ofRow row: Int) -> Int {
    var found = 0
    chunk.locate(rows: [row], layout: layout, delimiter: delimiter) { _, line, _ in found = line }
    return chunk.skippedLines + found
  }
}

/// Chunks of CSV files, one file after the other.
final class CSVRowSource: RowChunkSource {
  private let chunks: Mutex<CSVSource>
  private let layouts: [FileLayout]
  private let delimiter: UInt8
  private let firstLedgerFile: Int

  init(
    files: [String], layouts: [FileLayout], dialect: CSVDialect, firstLedgerFile: Int
  ) {
    self.firstLedgerFile = firstLedgerFile
    chunks = Mutex(CSVSource(files: files, dialect: dialect))
    self.layouts = layouts
    delimiter = dialect.delimiter
  }

  var position: Int { chunks.withLock { $0.position } }

  func next() throws(StoreError) -> (any RowChunk)? {
    let next = try chunks.withLock { source throws(StoreError) in try source.next() }
    return next.map {
      CSVRowChunk(
        chunk: $0, layout: layouts[$0.file], delimiter: delimiter,
        firstLedgerFile: firstLedgerFile)
    }
  }

  func recycle(_ chunk: any RowChunk) {
    guard let chunk = chunk as? CSVRowChunk else { return }
    chunks.withLock { $0.recycle(chunk.chunk) }
  }
}

/// Which of a file's fields belong to which of the store's columns.
struct FileLayout: Equatable, Sendable {
  /// Fields of each row.
  let fieldCount: Int
  /// For each column its field's number, nil where the file has none.
  let fields: [Int?]
}
