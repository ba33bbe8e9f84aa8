import ColStore
import Synchronization

/// ORDER BY within a budget of memory: workers sort what they can hold, and write it to a file as
/// runs; a ``SortedRunsSource`` puts the runs together.
struct ExternalSort: Sendable {
  let input: Pipeline
  let keys: [CompiledSortKey]
  let context: QueryContext
  let budget: MemoryBudget

  enum Result {
    /// All rows fitted.
    case batch(Batch)
    case runs(SortedRunsSource)
  }

  func run() throws(QueryError) -> Result {
    let workers = input.workers(context)
    let layout = RunLayout(input.types, keys)
    let builders = Unshared(
      (0..<workers).map { _ in
        RunBuilder(layout, context, budget, share: budget.share(workers: workers, factor: 5))
      })
    try input.run(context, workers: workers, sharing: .ranges) {
      worker, _, batch throws(QueryError) in
      try builders[worker].add(batch)
      return true
    }
    if builders.all.allSatisfy({ $0.runs.isEmpty }) {
      let batch = Batch.concatenate(builders.all.flatMap { $0.take() }, types: input.types)
      return .batch(try SortSink.sort(batch, keys, limit: .max, context))
    }
    for builder in builders.all { try builder.flush() }
    return .runs(
      try SortedRunsSource(
        builders.all.flatMap(\.runs), layout, rowsOfTask: budget.rowsMax.map { $0 * 2 }))
  }
}

/// The columns of a run: those of the rows, and behind them the keys that are no columns.
struct RunLayout: Sendable {
  let keys: [CompiledSortKey]
  let types: [DataType]
  /// Columns of the rows themselves.
  let width: Int
  /// Where each key lies.
  let keyColumns: [Int]

  init(_ types: [DataType], _ keys: [CompiledSortKey]) {
    self.keys = keys
    width = types.count
    var all = types
    keyColumns = keys.map { key in
      if let column = key.expression.bareColumn { return column }
      all.append(key.expression.type)
      return all.count - 1
    }
    self.types = all
  }

  /// The key columns of a batch of a run.
  func sortColumns(of batch: Batch) -> [SortColumn] {
    zip(keys, keyColumns).map { key, column in
      SortColumn(
        vector: batch.columns[column], descending: key.descending, nullsFirst: key.nullsFirst)
    }
  }
}

/// Sorted rows in a file, in chunks of equally many rows, but for the last.
struct SortedRun: Sendable {
  let area: SpillArea
  let chunks: [SpillArea.Place]
  let chunkRows: Int
  let rowCount: Int
  /// The key columns of each chunk's first row.
  let heads: Batch
}

/// Collects the rows of one worker, and makes a run of them each time that they become too many.
private final class RunBuilder {
  private let layout: RunLayout
  private let context: QueryContext
  private let budget: MemoryBudget
  private let share: Int
  private(set) var runs: [SortedRun] = []
  private var batches: [Batch] = []
  private var rows = 0
  private var bytes = 0
  private var area: SpillArea?
  private var encoder = SpillEncoder()

  /// What sorting takes for each row beside its columns.
  private static let sortBytesOfRow = 16

  init(_ layout: RunLayout, _ context: QueryContext, _ budget: MemoryBudget, share: Int) {
    self.layout = layout
    self.context = context
    self.budget = budget
    self.share = share
  }

  func add(_ batch: Batch) throws(QueryError) {
    batches.append(batch)
    rows += batch.rowCount
    bytes += batch.estimatedBytes + batch.rowCount * RunBuilder.sortBytesOfRow
    if budget.rowsMax.map({ rows > $0 }) ?? (bytes > share) { try flush() }
  }

  /// The rows that are not in a run.
  func take() -> [Batch] {
    defer { (batches, rows, bytes) = ([], 0, 0) }
    return batches
  }

  func flush() throws(QueryError) {
    if rows == 0 { return }
    let rowBytes = max(1, bytes / rows)
    let batch = Batch.concatenate(take(), types: Array(layout.types[..<layout.width]))
    let columns = try SortSink.columns(of: batch, layout.keys, context)
    let order = SortOrder.rows(columns, count: batch.rowCount)
    var all = batch.columns
    for (key, column) in zip(layout.keyColumns, columns) where key >= layout.width {
      all.append(column.vector)
    }
    let whole = Batch(columns: all, rowCount: batch.rowCount)
    let area = try openArea()
    let chunkBytes = min(max(share / 64, 1 << 14), 1 << 18)
    let chunkRows =
      budget.rowsMax.map { max(1, $0 / 3) } ?? min(max(chunkBytes / rowBytes, 16), 8192)
    var chunks: [SpillArea.Place] = []
    var heads: [Batch] = []
    var start = 0
    while start < batch.rowCount {
      let count = min(chunkRows, batch.rowCount - start)
      chunks.append(try area.write(whole.select(order.pointer + start, count: count), &encoder))
      heads.append(whole.select(order.pointer + start, count: 1))
      start += count
    }
    runs.append(
      SortedRun(
        area: area, chunks: chunks, chunkRows: chunkRows, rowCount: batch.rowCount,
        heads: try keptHeads(heads, area)))
  }

  private func openArea() throws(QueryError) -> SpillArea {
    if let area { return area }
    let opened = try SpillArea(layout.types)
    area = opened
    return opened
  }

  /// The key columns of the rows in memory of their own: the run's is not to be kept for them.
  private func keptHeads(_ heads: [Batch], _ area: SpillArea) throws(QueryError) -> Batch {
    let whole = Batch.concatenate(heads, types: layout.types)
    let written = try area.read(try area.write(whole, &encoder))
    return Batch(
      columns: layout.keyColumns.map { written.columns[$0] }, rowCount: whole.rowCount)
  }
}
