import ColStore

extension Pipeline {
  /// The rows sorted by the last `count` columns, ascending.
  func ordered(byLast count: Int, _ context: QueryContext) throws(QueryError) -> Pipeline {
    let keys = (types.count - count..<types.count).map {
      CompiledSortKey(CompiledExpression(column: $0, type: types[$0]))
    }
    return try SortSink(input: self, keys: keys, rowsWanted: nil, context: context).pipeline()
  }

  /// The rows without some columns.
  func dropping(
    _ dropped: Set<Int>, facts: @escaping @Sendable (Int) -> ColumnFacts
  ) -> Pipeline {
    keeping(types.indices.filter { !dropped.contains($0) }, facts: facts)
  }

  /// All output batches in order; nil once the process has grown by `part` of the budget.
  func collect(
    _ context: QueryContext, within budget: MemoryBudget, part: Double
  ) throws(QueryError) -> [Batch]? {
    let held = HeldRows()
    let batches = try collect(
      context,
      while: { rows in
        let isOver = budget.isOver(part, rows: held.add(rows))
        if isOver { held.isOver.store(true, ordering: .relaxed) }
        return !isOver
      })
    return held.isOver.load(ordering: .relaxed) ? nil : batches
  }
}
