import ColStore
import Query

/// Finds the columns of events in the input of a call.
struct EventColumns {
  let call: TableFunctionCall

  /// The column of that name.
  ///
  /// - Throws: ``QueryError`` where there is none.
  func required(_ name: String) throws(QueryError) -> Expression {
    if let found = call.column(name) { return found }
    let near = nearestName(to: name, among: call.input.schema.map(\.name))
    throw QueryError(
      .name, "\(call.name) needs a column \"\(name)\"", at: call.position,
      hint: near.map { "did you mean \"\($0)\"? --map \(name)=\($0) takes it" }
        ?? "--map \(name)=COLUMN takes another one for it")
  }

  /// The column of that name; NULL in every row where there is none.
  func optional(_ name: String) -> Expression {
    call.column(name) ?? .literal(.null, type: .varchar)
  }

  /// When events happened; a DATE is its midnight.
  func time(_ name: String = "event_time") throws(QueryError) -> Expression {
    let column = try required(name)
    switch column.type {
    case .timestamp: return column
    case .date: return call.cast(column, to: .timestamp)
    default:
      throw QueryError(
        .type, "\(call.name) needs times in \"\(name)\", which is of type \(column.type)",
        at: call.position, hint: "ingest --schema can say that it is a TIMESTAMP or a DATE")
    }
  }

  /// Prices as 64-bit numbers, or DOUBLE.
  func price() throws(QueryError) -> Expression {
    let column = try required("price")
    switch column.type {
    case .double, .bigint, .integer: return column
    case .decimal(let precision, let scale):
      return precision <= 18 ? column : call.cast(column, to: .decimal(precision: 18, scale: scale))
    default:
      throw QueryError(
        .type, "\(call.name) needs numbers in \"price\", which is of type \(column.type)",
        at: call.position)
    }
  }
}
