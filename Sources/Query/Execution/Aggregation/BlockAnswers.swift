import ColStore

/// Aggregates of whole tables, answered from what the store knows without its rows.
///
/// Answered are count(*), count(column), min and max of integers, decimals and times, and
/// count(DISTINCT column) of coded columns, without groups and conditions.
enum BlockAnswers {
  /// The aggregates of `input` by `keys`; nil where rows are to be looked at.
  static func answer(
    _ input: LogicalPlan, _ keys: [CompiledExpression], _ aggregates: [CompiledAggregate],
    _ context: QueryContext
  ) throws(QueryError) -> Batch? {
    guard keys.isEmpty, let (table, columns) = wholeTable(input) else { return nil }
    var results: [Vector] = []
    for aggregate in aggregates {
      guard let value = value(aggregate, table, columns) else { return nil }
      results.append(Vector(aggregate.overload.resultType, [value]))
    }
    return Batch(columns: results, rowCount: 1)
  }

  /// The table that `plan` has all rows of, and the table's column behind each of its own; nil there
  /// where it is something else.
  private static func wholeTable(
    _ plan: LogicalPlan
  ) -> (table: any RowSource, columns: [Int?])? {
    switch plan {
    case .scan(let table, let columns, let predicates):
      return predicates.isEmpty ? (table.source, columns) : nil
    case .project(let input, let expressions):
      guard let (table, columns) = wholeTable(input) else { return nil }
      let mapped = expressions.map { named -> Int? in
        if case .column(let index, _) = named.expression { return columns[index] }
        return nil
      }
      return (table, mapped)
    default: return nil
    }
  }

  private static func value(
    _ aggregate: CompiledAggregate, _ table: any RowSource, _ columns: [Int?]
  ) -> Value? {
    guard aggregate.filter == nil, aggregate.orderBy.isEmpty else { return nil }
    if aggregate.countsRows { return .int64(Int64(table.rowCount)) }
    guard aggregate.arguments.count == 1, let index = aggregate.arguments[0].bareColumn,
      let column = columns[index]
    else { return nil }
    switch (aggregate.overload.name, aggregate.isDistinct) {
    case ("count", true):
      // Entries of DOUBLE differ in bits, and 0.0 and -0.0 are one value.
      guard table.columns[column].type != .double else { return nil }
      return table.distinctCount(ofColumn: column).map { .int64(Int64($0)) }
    case ("count", false):
      var nulls = 0
      for morsel in table.morsels {
        guard let zone = table.zoneMap(ofColumn: column, in: morsel) else { return nil }
        nulls += zone.nullCount
      }
      return .int64(Int64(table.rowCount - nulls))
    case ("min", _), ("max", _):
      guard table.columns[column].type.physical == .int64 else { return nil }
      return extreme(aggregate.overload.name == "min", column, table)
    default: return nil
    }
  }

  private static func extreme(_ isLeast: Bool, _ column: Int, _ table: any RowSource) -> Value? {
    var best: Int64?
    for morsel in table.morsels {
      guard let zone = table.zoneMap(ofColumn: column, in: morsel) else { return nil }
      if zone.nullCount == morsel.rowCount { continue }
      guard case .int64(let value)? = isLeast ? zone.minimum : zone.maximum else { return nil }
      best = best.map { isLeast ? min($0, value) : max($0, value) } ?? value
    }
    return best.map { .int64($0) } ?? .null
  }
}
