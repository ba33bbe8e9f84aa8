import ColStore

/// Window calls with the same PARTITION BY over more rows than memory holds: rows are parted by a
/// hash of the partition keys into files, and each part is computed on its own.
struct PartitionedWindow: Sendable {
  /// Of the budget, what the rows of a part may take.
  private static let part = 0.1

  private let calls: [WindowCall]
  private let orderings: WindowOrderings
  private let keys: [CompiledExpression]
  private let context: QueryContext

  /// - Parameter keys: Those of all calls, which give the same each time; at least one.
  init(_ calls: [WindowCall], keys: [CompiledExpression], _ context: QueryContext) {
    self.calls = calls
    orderings = WindowOrderings(calls)
    self.keys = keys
    self.context = context
  }

  /// The columns of `input`, not having run yet, and one for each call.
  ///
  /// - Parameter keepsOrder: Whether the rows are sorted back into the order of the input.
  func run(_ input: Pipeline, keepsOrder: Bool) throws(QueryError) -> Pipeline {
    let rows = try RowPartitions.make(
      input, keys: keys, columns: Array(input.types.indices), context)
    let types = input.types + calls.map(\.resultType) + [DataType.bigint]
    let source = PartSource(count: rows.places.count) { Scanner(self, rows, $0) }
    let parts = Pipeline(source: source, types: types)
    let ordered = keepsOrder ? try parts.ordered(byLast: 1, context) : parts
    return ordered.dropping([types.count - 1]) { _ in .none }
  }

  private final class Scanner: BatchScanner {
    private let window: PartitionedWindow
    private let rows: RowPartitions
    private let context: QueryContext
    private let evaluator: Evaluator
    private let budget: MemoryBudget?

    init(_ window: PartitionedWindow, _ rows: RowPartitions, _ context: QueryContext) {
      self.window = window
      self.rows = rows
      self.context = context
      evaluator = Evaluator(context)
      budget = context.budget
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      _ = try compute(rows.places[task], level: 1, emit)
    }

    /// Hands on the rows of a part with their results; parts it again where it is too large. Returns
    /// false once no more is wanted.
    private func compute(
      _ places: [SpillArea.Place], level: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) -> Bool {
      if places.isEmpty { return true }
      guard RowPartitions.mayHold(places, level, budget, part: PartitionedWindow.part, context)
      else {
        let parts = try RowPartitions.make(
          places, of: rows.area, level: level, context,
          keys: { batch throws(QueryError) in try evaluator.evaluate(window.keys, batch) })
        for part in parts.places {
          if try !compute(part, level: level + 1, emit) { return false }
        }
        return true
      }
      let batch = try rows.area.collect(places, context)
      var columns = batch.columns
      let numbers = columns.removeLast()
      columns += try window.orderings.results(of: batch, context)
      let results = Batch(columns: columns + [numbers], rowCount: batch.rowCount)
      return try results.emit(inPiecesOf: context.options.batchRows, emit)
    }
  }
}
