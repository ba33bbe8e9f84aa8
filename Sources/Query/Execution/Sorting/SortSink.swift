import ColStore

/// ORDER BY: collects rows and orders them; with a limit, workers keep only what may come out.
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
    return Pipeline(
      source: BatchesSource(
        [batch].filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
      types: input.types, facts: facts)
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
    let workers = input.workers(context)
    let states = Unshared((0..<workers).map { _ in TopState() })
    let threshold = max(4 * rowsWanted, blockRowsMax)
    let evaluator = Evaluator(context)
    try input.run(context, workers: workers, sharing: .ranges) {
      worker, _, batch throws(QueryError) in
      let state = states[worker]
      var batch = batch
      if let bound = state.bound {
        let keys = try evaluator.evaluate(bound.key, batch)
        let holds = bound.rows(of: keys, count: batch.rowCount)
        if holds.count == 0 { return true }
        batch = holds.narrow(batch)
      }
      state.add(batch)
      if state.rowCount >= threshold {
        let merged = Batch.concatenate(state.take(), types: input.types)
        let kept = try SortSink.sort(merged, keys, limit: rowsWanted, context)
        state.add(kept)
        state.bound = try TopBound(keys[0], kept, evaluator)
      }
      return true
    }
    let merged = Batch.concatenate(states.all.flatMap(\.batches), types: input.types)
    return try SortSink.sort(merged, keys, limit: rowsWanted, context)
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

  /// What a worker holds.
  private final class TopState {
    private(set) var batches: [Batch] = []
    private(set) var rowCount = 0
    /// What rows must reach to be wanted at all.
    var bound: TopBound?

    func add(_ batch: Batch) {
      batches.append(batch)
      rowCount += batch.rowCount
    }

    func take() -> [Batch] {
      defer { (batches, rowCount) = ([], 0) }
      return batches
    }
  }
}

/// The first sort key of the last row that is wanted so far: rows behind it are not wanted.
private struct TopBound {
  let key: CompiledExpression
  private let value: Int64
  private let descending: Bool
  private let keepsNulls: Bool

  /// Nil where keys are no words, or others each time, or that of the last of `rows` is NULL.
  init?(_ key: CompiledSortKey, _ rows: Batch, _ evaluator: Evaluator) throws(QueryError) {
    guard rows.rowCount > 0, key.expression.isDeterministic,
      key.expression.type.physical == .int64 || key.expression.type.physical == .double
    else { return nil }
    let last = rows.slice(offset: rows.rowCount - 1, count: 1)
    let vector = try evaluator.evaluate(key.expression, last).flat()
    if vector.isNull(0) { return nil }
    self.key = key.expression
    value =
      vector.type.physical == .double
      ? DoubleKey.ordered(vector.pointer(Double.self)[0]) : vector.pointer(Int64.self)[0]
    descending = key.descending
    keepsNulls = key.nullsFirst
  }

  /// The rows whose key does not come behind.
  func rows(of keys: Vector, count: Int) -> Selection {
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    if keepsNulls && keys.mayHaveNulls { return Selection.all(count).slice(0, count) }
    func offer(_ row: Int, _ key: Int64) {
      output[found] = UInt32(truncatingIfNeeded: row)
      found &+= (descending ? key >= value : key <= value) ? 1 : 0
    }
    if keys.type.physical == .double {
      forEachValue(keys, Double.self, count: count) { row, key in
        offer(row, DoubleKey.ordered(key))
      }
    } else {
      forEachValue(keys, Int64.self, count: count) { row, key in offer(row, key) }
    }
    return Selection(buffer, count: found)
  }
}
