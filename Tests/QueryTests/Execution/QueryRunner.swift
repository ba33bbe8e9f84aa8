import ColStore

@testable import Query

/// Keeps a result as values.
final class RowSink: ResultSink {
  private(set) var fields: [Field] = []
  private(set) var rows: [[Value]] = []
  private(set) var batchSizes: [Int] = []

  func begin(schema: [Field]) throws { fields = schema }

  func consume(_ batch: Batch) throws {
    batchSizes.append(batch.rowCount)
    for row in 0..<batch.rowCount { rows.append(batch.columns.map { $0.value(at: row) }) }
  }

  func end() throws {}
}

/// The rows of a query over `tables`.
func run(
  _ sql: String, _ tables: [String: any RowSource] = [:], threads: Int = 1, batchRows: Int = 16_384
) throws -> [[Value]] {
  var options = QueryOptions()
  options.threads = threads
  options.batchRows = batchRows
  let database = Database(options: options)
  for (name, table) in tables { try database.register(table, as: name) }
  let sink = RowSink()
  try database.execute(sql, into: sink)
  return sink.rows
}

/// The one value of an expression, as text with its type: `DECIMAL(10,2) 2.00`.
func evaluate(_ expression: String) throws -> String {
  let database = Database(options: QueryOptions())
  let sink = TextSink()
  do { try database.execute("select \(expression)", into: sink) } catch {
    return "error: \(error.kind.rawValue)"
  }
  return sink.text
}

/// Keeps the first value of a result as text, its type before it.
final class TextSink: ResultSink {
  private var type = ""
  private(set) var text = ""

  func begin(schema: [Field]) throws { type = schema.first?.type.description ?? "" }

  func consume(_ batch: Batch) throws {
    let buffer = TextBuffer()
    if batch.columns[0].isNull(0) {
      buffer.append("NULL")
    } else {
      buffer.append(batch.columns[0], row: 0)
    }
    text = "\(type) \(buffer.string)"
  }

  func end() throws {}
}

/// The ways of running a query that must not change its answer.
let executionWays: [(threads: Int, batchRows: Int)] = [(1, 16_384), (1, 1), (3, 2), (8, 5)]
