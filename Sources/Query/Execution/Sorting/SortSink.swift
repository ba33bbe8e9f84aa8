import ColStore

/// ORDER BY: collects rows and orders them, or picks the first ones while they come.
struct SortSink: Sendable {
  let input: Pipeline
  let keys: [CompiledSortKey]
  /// Rows that are wanted from the start of the order.
  let rowsWanted: Int?
  let context: QueryContext

  /// So many rows are picked while they come, rather than sorted with all others.
  private static let topRowsMax = 1 << 20
  /// The same where memory is limited.
  private static let topRowsMaxOfLimited = 1 << 14

  /// The sorted rows; of `rowsWanted`, perhaps more.
  func pipeline() throws(QueryError) -> Pipeline {
    let input = self.input
    let facts: @Sendable (Int) -> ColumnFacts = { input.facts($0).ofMovedRows }
    let batch: Batch
    if let budget = context.budget, rowsWanted ?? .max >= SortSink.topRowsMaxOfLimited {
      let sort = ExternalSort(input: input, keys: keys, context: context, budget: budget)
      switch try sort.run() {
      case .runs(let source): return Pipeline(source: source, types: input.types, facts: facts)
      case .batch(let sorted): batch = sorted
      }
    } else {
      batch = try run()
    }
    return Pipeline([batch], types: input.types, context, facts: facts)
  }

  /// Whether all rows are sorted before the first is known, and may go to files.
  static func sortsAll(_ rowsWanted: Int, _ context: QueryContext) -> Bool {
    context.budget != nil && rowsWanted >= topRowsMaxOfLimited
  }

  private func run() throws(QueryError) -> Batch {
    guard let rowsWanted, rowsWanted < SortSink.topRowsMax else {
      let batch = Batch.concatenate(try input.collect(context), types: input.types)
      return try SortSink.sort(
        batch, keys, limit: rowsWanted ?? .max, context, threads: context.options.threads)
    }
    return try TopSink(input: input, keys: keys, rowsWanted: rowsWanted, context: context).run()
  }

  static func sort(
    _ batch: Batch, _ keys: [CompiledSortKey], limit: Int, _ context: QueryContext,
    threads: Int = 1
  ) throws(QueryError) -> Batch {
    if batch.rowCount == 0 { return batch }
    let order = SortOrder.rows(
      try columns(of: batch, keys, context), count: batch.rowCount, limit: limit,
      threads: threads)
    return batch.select(order.pointer, count: order.count)
  }

  static func columns(
    of batch: Batch, _ keys: [CompiledSortKey], _ context: QueryContext
  ) throws(QueryError) -> [SortColumn] {
    let evaluator = Evaluator(context)
    var columns: [SortColumn] = []
    for key in keys {
      columns.append(
        SortColumn(
          vector: try evaluator.evaluate(key.expression, batch), descending: key.descending,
          nullsFirst: key.nullsFirst))
    }
    return columns
  }
}
