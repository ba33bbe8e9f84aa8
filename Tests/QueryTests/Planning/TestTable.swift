import ColStore

@testable import Query

/// A table without rows, for planning.
struct EmptyTable: RowSource {
  let columns: [ColumnDescription]
  var rowCount: Int { 0 }
  var morsels: [Morsel] { [] }
  func dictionary(ofColumn column: Int) -> Vector? { nil }
  func zoneMap(ofColumn column: Int, in morsel: Morsel) -> ZoneMap? { nil }
  func makeReader() -> any MorselReader { EmptyReader() }
}

final class EmptyReader: MorselReader {
  func read(column: Int, of morsel: Morsel) throws(StoreError) -> Vector {
    throw StoreError("the table has no rows")
  }
}

/// A database with the empty tables `ev` (the columns of a clickstream) and `t` (one of each type).
func planningDatabase() throws -> Database {
  let database = Database(options: QueryOptions())
  try database.register(
    EmptyTable(columns: [
      ColumnDescription(name: "event_time", type: .timestamp),
      ColumnDescription(name: "event_type", type: .varchar),
      ColumnDescription(name: "product_id", type: .bigint),
      ColumnDescription(name: "category_id", type: .bigint),
      ColumnDescription(name: "category_code", type: .varchar),
      ColumnDescription(name: "brand", type: .varchar),
      ColumnDescription(name: "price", type: .decimal(precision: 9, scale: 2)),
      ColumnDescription(name: "user_id", type: .bigint),
      ColumnDescription(name: "user_session", type: .uuid),
    ]), as: "ev")
  try database.register(
    EmptyTable(columns: [
      ColumnDescription(name: "b", type: .boolean),
      ColumnDescription(name: "i", type: .integer),
      ColumnDescription(name: "l", type: .bigint),
      ColumnDescription(name: "d", type: .double),
      ColumnDescription(name: "p", type: .decimal(precision: 9, scale: 2)),
      ColumnDescription(name: "ts", type: .timestamp),
      ColumnDescription(name: "dt", type: .date),
      ColumnDescription(name: "u", type: .uuid),
      ColumnDescription(name: "s", type: .varchar),
    ]), as: "t")
  return database
}

/// The optimized plan of a query, as text; or the rendered error.
func planText(_ sql: String) throws -> String {
  let database = try planningDatabase()
  do {
    return try database.plan(sql).explained
  } catch {
    return error.render(sql: sql)
  }
}
