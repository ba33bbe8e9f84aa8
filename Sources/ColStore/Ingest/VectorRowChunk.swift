/// Rows that come as vectors.
struct VectorRowChunk: RowChunk {
  /// As many rows a chunk of the sample has as a chunk of a CSV file.
  static let rowsOfSample = 32_768
  /// Rows of other chunks, several of which are in memory at once.
  static let rowsWanted = 8192

  let index: Int
  /// Batches of rows: a vector a column.
  let batches: [[Vector]]
  let rowCount: Int
  /// The number of the file that the rows are from in the store's ledger.
  var ledgerFile: Int?

  func parse(_ plans: [ColumnPlan], _ memory: ParsingMemory) -> ParsedChunk {
    memory.startChunk(plans)
    return parse(parsers: memory.columns)
  }

  func parse(parsers: [ColumnParser]) -> ParsedChunk {
    for batch in batches {
      for (parser, vector) in zip(parsers, batch) { parser.parse(vector) }
    }
    return ParsedChunk(
      index: index, file: nil, ledgerFile: ledgerFile, columns: parsers, rowCount: rowCount)
  }

  /// As the other, by several threads, a column each.
  func parse(parsers: [ColumnParser], threads: Int) throws(StoreError) {
    let work = WorkCounter(count: parsers.count)
    do {
      try runWorkers(min(threads, parsers.count)) { _ in
        while let column = work.next() {
          for batch in batches { parsers[column].parse(batch[column]) }
        }
      }
    } catch { throw StoreError("\(error)") }
  }

  func line(ofRow row: Int) -> Int { row }
}

extension Vector {
  /// The value at a place of `values`, of a type that is stored as words: DOUBLE as its bits, BOOLEAN as 0 or 1.
  func word(at position: Int) -> Int64 {
    switch type.physical {
    case .bool: Int64(pointer(UInt8.self)[position])
    default: pointer(Int64.self)[position]
    }
  }
}
