import ColStore

/// Computes expressions.
struct ProjectOperator: StreamOperator {
  let expressions: [CompiledExpression]

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    let columns = try evaluator.evaluate(expressions, batch)
    return try emit(Batch(columns: columns, rowCount: batch.rowCount))
  }
}
