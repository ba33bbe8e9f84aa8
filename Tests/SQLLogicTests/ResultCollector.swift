import ColStore
import Query

/// Keeps a result's rows as texts.
final class ResultCollector: ResultSink {
  private(set) var rows: [[String]] = []
  private(set) var columnCount = 0

  func begin(schema: [Field]) throws {
    rows = []
    columnCount = schema.count
  }

  func consume(_ batch: Batch) throws {
    let text = TextBuffer()
    for row in 0..<batch.rowCount {
      rows.append(
        batch.columns.map { column in
          if column.isNull(row) { return "NULL" }
          text.removeAll()
          text.append(column, row: row)
          return text.count == 0 ? "(empty)" : text.string
        })
    }
  }

  func end() throws {}
}
