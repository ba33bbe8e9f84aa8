import ColStore
import Query

/// A result of few rows that the process itself makes, written as a query's would be.
struct SmallTable {
  let fields: [Field]
  var rows: [[Value]] = []

  func write(to sink: any ResultSink) throws {
    try sink.begin(schema: fields)
    if !rows.isEmpty {
      let columns = fields.indices.map { column in
        Vector(fields[column].type, rows.map { $0[column] })
      }
      try sink.consume(Batch(columns: columns, rowCount: rows.count))
    }
    try sink.end()
  }

  /// Writes it as a CSV file, which is whole or not there.
  func write(toFile path: String) throws {
    try write(to: CopyFiles().sink(path: path, format: CopyFormat(.csv)))
  }
}
