import ColStore

/// Passes on the rows for which a predicate holds.
struct FilterOperator: StreamOperator {
  let predicate: CompiledExpression

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    let verdict = try evaluator.evaluate(predicate, batch)
    let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: batch.rowCount)
    if holds.count == 0 { return true }
    return try emit(holds.coversAll ? batch : holds.narrow(batch))
  }
}
