import ColStore

/// Computes expressions.
struct ProjectOperator: StreamOperator {
  let expressions: [CompiledExpression]

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var columns: [Vector] = []
    columns.reserveCapacity(expressions.count)
    for expression in expressions { columns.append(try evaluator.evaluate(expression, batch)) }
    return try emit(Batch(columns: columns, rowCount: batch.rowCount))
  }
}
