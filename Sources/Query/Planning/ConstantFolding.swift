import ColStore

/// Computes expressions that depend on no row.
enum ConstantFolding {
  /// One row needs one thread.
  private static let options: QueryOptions = {
    var options = QueryOptions()
    options.threads = 1
    return options
  }()

  /// The value of an expression without columns.
  static func value(of expression: Expression) throws(QueryError) -> Value {
    if case .literal(let value, _) = expression { return value }
    return try SingleValue.run(
      .project(
        .values(rows: [[]], schema: []),
        [NamedExpression(name: "value", expression: expression)]), options,
      at: nil) ?? .null
  }
}

/// Keeps the one value of a plan with one column.
final class SingleValue: ResultSink {
  private var value: Value?
  private var rowCount = 0

  func begin(schema: [Field]) throws {}

  func consume(_ batch: Batch) throws {
    if rowCount == 0, batch.rowCount > 0 { value = batch.columns[0].value(at: 0) }
    rowCount += batch.rowCount
  }

  func end() throws {}

  /// The plan's one value, nil where it has no row.
  static func run(
    _ plan: LogicalPlan, _ options: QueryOptions, at position: Int?
  ) throws(QueryError) -> Value? {
    let sink = SingleValue()
    try Executor(options: options).run(plan, into: sink)
    guard sink.rowCount <= 1 else {
      throw QueryError(
        .value, "this subquery gives more than one row where one value is wanted", at: position)
    }
    return sink.value
  }
}
