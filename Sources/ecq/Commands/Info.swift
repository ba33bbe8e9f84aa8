import ArgumentParser
import ColStore
import Query

/// `ecq info`: what a store holds.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a store's rows, columns, types, encodings, bytes and loaded files.",
    discussion: """
      As a table: the store, its columns and its loaded files. In any other format: one result, \
      with a row for the store, one a column and one a loaded file (`kind` tells which).

      EXAMPLES:
        ecq info events.ecq
        ecq info events.ecq --format json | jq '.[0]'
      """)

  @Argument(help: "The store.", completion: .file())
  var store: String

  @OptionGroup var results: ResultOptions

  func run() throws {
    let summary = try Store(path: store).summary
    let stream = OutputStream.standardOutput()
    let terminal = results.terminal
    let format = results.format ?? (terminal.isOutputTerminal ? .table : .csv)
    let sink = format.makeSink(to: stream, terminal: terminal, settings: results.settings)
    if format == .table {
      stream.buffer.append(heading(summary))
      try write(columns(summary), to: sink)
      if !summary.files.isEmpty { try write(files(summary), to: sink) }
    } else {
      try write(everything(summary), to: sink)
    }
  }

  private func heading(_ summary: StoreSummary) -> String {
    let perRow = Double(summary.byteCount) / Double(max(summary.rowCount, 1))
    return """
      \(store): \(counted(summary.rowCount, "row")), \
      \(counted(summary.columns.count, "column")), \
      \(counted(summary.rowGroupCount, "row group")), \
      \(byteText(summary.byteCount)) (\(fixed(perRow, 2)) bytes a row)

      """
  }

  private typealias Table = (fields: [Field], rows: [[Value]])

  private func columns(_ summary: StoreSummary) -> Table {
    let fields = [
      Field(name: "column", type: .varchar), Field(name: "type", type: .varchar),
      Field(name: "encodings", type: .varchar), Field(name: "nulls", type: .bigint),
      Field(name: "distinct", type: .bigint), Field(name: "bytes", type: .bigint),
      Field(name: "bytes_a_row", type: .double),
    ]
    let rows = summary.columns.map { column -> [Value] in
      let perRow = Double(column.byteCount) / Double(max(summary.rowCount, 1))
      return [
        .string(column.name), .string("\(column.type)"), .string(column.encodings),
        .int64(Int64(column.nullCount)), count(column.distinctCount),
        .int64(Int64(column.byteCount)), .double((perRow * 1000).rounded() / 1000),
      ]
    }
    return (fields, rows)
  }

  private func files(_ summary: StoreSummary) -> Table {
    let fields = [
      Field(name: "file", type: .varchar), Field(name: "rows", type: .bigint),
      Field(name: "rejected", type: .bigint),
    ]
    return (
      fields,
      summary.files.map { file in
        [.string(file.path), .int64(Int64(file.rowCount)), .int64(Int64(file.rejectedCount))]
      }
    )
  }

  private func everything(_ summary: StoreSummary) -> Table {
    let fields = [
      Field(name: "kind", type: .varchar), Field(name: "name", type: .varchar),
      Field(name: "type", type: .varchar), Field(name: "encodings", type: .varchar),
      Field(name: "rows", type: .bigint), Field(name: "nulls", type: .bigint),
      Field(name: "distinct", type: .bigint), Field(name: "bytes", type: .bigint),
      Field(name: "row_groups", type: .bigint), Field(name: "rejected", type: .bigint),
    ]
    let whole: [Value] = [
      .string("store"), .string(store), .null, .null, .int64(Int64(summary.rowCount)), .null,
      .null, .int64(Int64(summary.byteCount)), .int64(Int64(summary.rowGroupCount)), .null,
    ]
    let columns = summary.columns.map { column -> [Value] in
      [
        .string("column"), .string(column.name), .string("\(column.type)"),
        .string(column.encodings), .int64(Int64(summary.rowCount)),
        .int64(Int64(column.nullCount)), count(column.distinctCount),
        .int64(Int64(column.byteCount)), .null, .null,
      ]
    }
    let files = summary.files.map { file -> [Value] in
      [
        .string("file"), .string(file.path), .null, .null, .int64(Int64(file.rowCount)), .null,
        .null, .null, .null, .int64(Int64(file.rejectedCount)),
      ]
    }
    return (fields, [whole] + columns + files)
  }

  private func count(_ count: Int?) -> Value { count.map { .int64(Int64($0)) } ?? .null }

  private func write(_ table: Table, to sink: any ResultSink) throws {
    let columns = table.fields.indices.map { index in
      Vector(table.fields[index].type, table.rows.map { $0[index] })
    }
    try sink.begin(schema: table.fields)
    try sink.consume(Batch(columns: columns, rowCount: table.rows.count))
    try sink.end()
  }
}
