import ColStore
import Query

/// The result of a query, held in memory as a table.
public struct QueryRows: RowSource {
  public let columns: [ColumnDescription]
  public let rowCount: Int
  public let morsels: [Morsel]
  private let batches: [Batch]

  /// Rows of `table` for which `condition` holds, some of its columns.
  ///
  /// - Throws: ``QueryError`` where the condition is no SQL over the table's columns.
  public init(
    _ database: Database, table: String, columns: [String], where condition: String
  ) throws(QueryError) {
    let collector = Collector()
    try database.execute(
      Self.sql(table: table, columns: columns, where: condition), into: collector)
    self.columns = collector.columns
    batches = collector.batches
    rowCount = batches.reduce(0) { $0 + $1.rowCount }
    morsels = batches.enumerated().map { block, batch in
      Morsel(rowGroup: 0, block: block, rowCount: batch.rowCount)
    }
  }

  /// The statement whose result the rows are; the condition comes last, on a line of its own.
  public static func sql(table: String, columns: [String], where condition: String) -> String {
    func quoted(_ name: String) -> String {
      "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        + "\""
    }
    return "SELECT \(columns.map(quoted).joined(separator: ", ")) FROM \(quoted(table)) WHERE\n"
      + condition
  }

  public func dictionary(ofColumn column: Int) -> Vector? { nil }
  public func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  public func makeReader() -> any MorselReader { Reader(batches: batches) }

  private final class Reader: MorselReader {
    let batches: [Batch]
    init(batches: [Batch]) { self.batches = batches }

    func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
      batches[morsel.block].columns[column]
    }
  }

  private final class Collector: ResultSink {
    var columns: [ColumnDescription] = []
    var batches: [Batch] = []

    func begin(schema: [Field]) throws {
      columns = schema.map { ColumnDescription(name: $0.name, type: $0.type) }
    }
    func consume(_ batch: Batch) throws { if batch.rowCount > 0 { batches.append(batch) } }
    func end() throws {}
  }
}
