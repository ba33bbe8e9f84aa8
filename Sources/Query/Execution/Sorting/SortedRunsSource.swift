import ColStore
import Synchronization

/// Sorted runs as one sorted relation.
///
/// The heads of all chunks, sorted, give splitters: rows that part the whole order into tasks of
/// about the same size. A task reads of every run the rows between its two splitters, and sorts
/// them; so tasks know nothing of each other, and hold few rows at a time. Equal keys are in the
/// order of runs, and within a run in its order: that of the input.
struct SortedRunsSource: BatchSource {
  private let runs: [SortedRun]
  private let layout: RunLayout
  /// The heads of all runs, one run after the other.
  private let heads: Batch
  private let headColumns: [SortColumn]
  /// Where the heads of each run begin.
  private let headStarts: [Int]
  /// The chunks that begin the second and later tasks.
  private let splitters: [(run: Int, chunk: Int)]
  private let boundaries = Boundaries()

  /// - Parameter rowsOfTask: nil: as many as there are of a chunk of each run.
  init(_ runs: [SortedRun], _ layout: RunLayout, rowsOfTask: Int?) throws(QueryError) {
    self.runs = runs
    self.layout = layout
    heads = Batch.concatenate(
      runs.map(\.heads), types: layout.keyColumns.map { layout.types[$0] })
    headColumns = zip(layout.keys, heads.columns).map { key, vector in
      SortColumn(vector: vector, descending: key.descending, nullsFirst: key.nullsFirst)
    }
    var starts: [Int] = []
    var owners: [(run: Int, chunk: Int)] = []
    for (number, run) in runs.enumerated() {
      starts.append(owners.count)
      for chunk in run.chunks.indices { owners.append((number, chunk)) }
    }
    headStarts = starts
    let order = SortOrder.rows(headColumns, count: heads.rowCount)
    let chunkRows = runs.map(\.chunkRows).max() ?? 1
    let step = max(rowsOfTask.map { $0 / chunkRows } ?? max(runs.count, 4), 1)
    splitters = stride(from: step, to: order.count, by: step).map {
      owners[Int(order.pointer[$0])]
    }
  }

  var taskCount: Int { splitters.count + 1 }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  /// Of each run, how many rows come before task `task`.
  private func positions(before task: Int) throws(QueryError) -> [Int] {
    if task == 0 { return runs.map { _ in 0 } }
    if task > splitters.count { return runs.map(\.rowCount) }
    if let known = boundaries.known(task) { return known }
    let splitter = splitters[task - 1]
    let head = headStarts[splitter.run] + splitter.chunk
    var positions: [Int] = []
    for (number, run) in runs.enumerated() {
      if number == splitter.run {
        positions.append(splitter.chunk * run.chunkRows)
        continue
      }
      let equalComeBefore = number < splitter.run
      let chunk = firstIndex(run.chunks.count) { chunk in
        let order = compare(headColumns, headStarts[number] + chunk, head)
        return order > 0 || (order == 0 && !equalComeBefore)
      }
      if chunk == 0 {
        positions.append(0)
        continue
      }
      // The last row before the splitter lies in the chunk before.
      let rows = try run.area.read(run.chunks[chunk - 1])
      let columns = layout.sortColumns(of: rows)
      let row = firstIndex(rows.rowCount) { row in
        let order = compare(columns, row, headColumns, head)
        return order > 0 || (order == 0 && !equalComeBefore)
      }
      positions.append((chunk - 1) * run.chunkRows + row)
    }
    boundaries.set(task, positions)
    return positions
  }

  /// The first of `0..<count` that `holds`, which from there on always does; else `count`.
  private func firstIndex(_ count: Int, _ holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func compare(_ columns: [SortColumn], _ left: Int, _ right: Int) -> Int {
    compare(columns, left, columns, right)
  }

  private func compare(
    _ left: [SortColumn], _ row: Int, _ right: [SortColumn], _ other: Int
  ) -> Int {
    for (column, otherColumn) in zip(left, right) {
      let order = SortOrder.compare(column, row, otherColumn.vector, other)
      if order != 0 { return order }
    }
    return 0
  }

  /// What has been found out of the tasks' beginnings.
  private final class Boundaries: Sendable {
    private let positions = Mutex<[Int: [Int]]>([:])

    func known(_ task: Int) -> [Int]? { positions.withLock { $0[task] } }
    func set(_ task: Int, _ found: [Int]) { positions.withLock { $0[task] = found } }
  }

  private final class Scanner: BatchScanner {
    private let source: SortedRunsSource
    private let context: QueryContext

    init(source: SortedRunsSource, context: QueryContext) {
      self.source = source
      self.context = context
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      let batch = try rows(of: task)
      let layout = source.layout
      let order = SortOrder.rows(layout.sortColumns(of: batch), count: batch.rowCount)
      let wanted = Batch(
        columns: Array(batch.columns[..<layout.width]), rowCount: batch.rowCount)
      var offset = 0
      while offset < batch.rowCount {
        let count = min(context.options.batchRows, batch.rowCount - offset)
        if try !emit(wanted.select(order.pointer + offset, count: count)) { return }
        offset += count
      }
    }

    /// The task's rows of all runs, in the order of the runs.
    private func rows(of task: Int) throws(QueryError) -> Batch {
      let starts = try source.positions(before: task)
      let ends = try source.positions(before: task + 1)
      var pieces: [Batch] = []
      for (number, run) in source.runs.enumerated() where starts[number] < ends[number] {
        let first = starts[number] / run.chunkRows
        let last = (ends[number] - 1) / run.chunkRows
        for chunk in first...last {
          let rows = try run.area.read(run.chunks[chunk])
          let base = chunk * run.chunkRows
          let from = max(starts[number] - base, 0)
          let to = min(ends[number] - base, rows.rowCount)
          pieces.append(rows.slice(offset: from, count: to - from))
        }
      }
      return Batch.concatenate(pieces, types: source.layout.types)
    }
  }
}
