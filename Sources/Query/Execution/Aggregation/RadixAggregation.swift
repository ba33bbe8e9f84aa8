import ColStore
import Synchronization

/// GROUP BY of so many groups that they do not stay near a processor.
///
/// Rows are parted by a hash of their keys, and each part has groups of its own, few enough for the
/// cache (radix partitioning; Manegold, Boncz, Kersten 2000). A worker collects rows until parting
/// them pays, then folds the rows of each part into its groups, which one worker at a time may touch.
/// Parts have no groups in common: nothing is merged, but for the order in which groups come out,
/// that of their first rows.
struct RadixAggregation: Sendable {
  /// Groups of one worker from which on parting pays.
  static let groupsMin = 1 << 18

  private static let partCount = 128
  /// Rows that a worker parts together.
  private static let rowsAtOnce = 1 << 18

  private let sink: AggregateSink
  /// The input columns that keys and aggregates read.
  private let columns: Set<Int>

  /// - Parameter sink: Looks its groups up, and does not care in which order it sees rows.
  init(_ sink: AggregateSink) {
    self.sink = sink
    columns = Set(sink.keys.flatMap(\.columns)).union(sink.aggregates.flatMap(\.columns))
  }

  /// The groups; nil where they take more of the budget than they may.
  func run(_ input: Pipeline, within budget: MemoryBudget?) throws(QueryError) -> Batch? {
    let context = sink.context
    let workers = input.workers(context)
    let parts = Parts((0..<RadixAggregation.partCount).map { _ in Part(sink.makeState()) })
    let pending = Parts((0..<workers).map { _ in PendingRows() })
    let held = HeldRows()
    try input.run(context, workers: workers, sharing: .anyOrder) {
      worker, task, batch throws(QueryError) in
      let own = pending[worker]
      own.append(batch, task: task)
      guard own.rowCount >= RadixAggregation.rowsAtOnce else { return true }
      let groups = try fold(own, into: parts, startingAt: worker)
      guard let budget, budget.isOver(PartitionedAggregation.part, rows: held.add(groups)) else {
        return true
      }
      held.isOver.store(true, ordering: .relaxed)
      return false
    }
    if held.isOver.load(ordering: .relaxed) { return nil }
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      _ = try fold(pending[worker], into: parts, startingAt: worker)
    }
    let rows = (0..<workers).reduce(into: [Int: Int]()) { found, worker in
      found.merge(pending[worker].rowsOfTasks) { $0 + $1 }
    }
    return try finish(parts, rowsOfTasks: rows)
  }

  /// Folds a worker's rows into the groups of their parts, and returns how many groups are new.
  private func fold(
    _ pending: PendingRows, into parts: Parts<Part>, startingAt worker: Int
  ) throws(QueryError) -> Int {
    let (batch, numbers) = pending.take(types: sink.input.types, columns)
    if batch.rowCount == 0 { return 0 }
    let evaluator = Evaluator(sink.context)
    let parting = try RowParting(
      batch, keys: sink.keys, partCount: RadixAggregation.partCount, sink.context, threads: 1)
    var added = 0
    for turn in 0..<RadixAggregation.partCount {
      try sink.context.check()
      // Workers begin far apart, so that they seldom want the same part.
      let number =
        (turn + worker * RadixAggregation.partCount / 2) % RadixAggregation.partCount
      let rows = parting.rows(of: number)
      if rows.isEmpty { continue }
      let own = batch.select(rows, only: columns)
      let part = parts[number]
      try part.lock.withLock { () throws(QueryError) in
        let known = part.state.grouping.groupCount
        try sink.consume(own, part.state, evaluator)
        added += part.state.grouping.groupCount - known
        part.note(rows, numbers)
      }
    }
    withExtendedLifetime((parting, numbers)) {}
    return added
  }

  /// The groups of all parts in the order of their first rows.
  private func finish(
    _ parts: Parts<Part>, rowsOfTasks: [Int: Int]
  ) throws(QueryError) -> Batch {
    let types = sink.keys.map(\.type) + sink.aggregates.map(\.overload.resultType)
    let finished = Parts(parts.all.map { _ in Finished() })
    let work = WorkCounter(count: parts.all.count)
    let threads = sink.context.options.threads
    try Pipeline.onWorkers(threads) { _ throws(QueryError) in
      while let number = work.next() {
        finished[number].batch = try sink.merge([parts[number].state])
      }
    }
    let groups = Batch.concatenate(finished.all.compactMap(\.batch), types: types)
    let order = order(
      of: parts.all.flatMap { $0.firstRows.prefix($0.state.grouping.groupCount) }, rowsOfTasks)
    let ordered = Parts(types.map { _ in Finished() })
    let columns = WorkCounter(count: types.count)
    try Pipeline.onWorkers(min(threads, types.count)) { _ throws(QueryError) in
      while let column = columns.next() {
        ordered[column].vector = groups.columns[column].select(
          order.pointer(UInt32.self), count: groups.rowCount)
      }
    }
    return Batch(columns: ordered.all.compactMap(\.vector), rowCount: groups.rowCount)
  }

  /// Where each group stands among all: a bit is set for each first row, and bits are counted.
  private func order(of firstRows: [Int64], _ rowsOfTasks: [Int: Int]) -> Buffer {
    var starts = [Int](repeating: 0, count: (rowsOfTasks.keys.max() ?? 0) + 2)
    for (task, rows) in rowsOfTasks { starts[task + 1] = rows }
    for task in 1..<starts.count { starts[task] += starts[task - 1] }
    func place(_ row: Int64) -> Int { starts[Int(row >> 32)] + Int(row & 0xFFFF_FFFF) }
    var bits = [UInt64](repeating: 0, count: (starts.last ?? 0) / 64 + 1)
    for row in firstRows { bits[place(row) >> 6] |= 1 << UInt64(place(row) & 63) }
    var before = [UInt32](repeating: 0, count: bits.count)
    for word in 1..<bits.count {
      before[word] = before[word - 1] + UInt32(bits[word - 1].nonzeroBitCount)
    }
    let order = Buffer(UInt32.self, count: firstRows.count)
    let output = order.pointer(UInt32.self)
    for (group, row) in firstRows.enumerated() {
      let place = place(row)
      let lower = bits[place >> 6] & (1 << UInt64(place & 63) &- 1)
      output[Int(before[place >> 6]) + lower.nonzeroBitCount] = UInt32(truncatingIfNeeded: group)
    }
    return order
  }

  /// Things of which each is touched by one worker at a time.
  private final class Parts<Element: AnyObject>: @unchecked Sendable {
    let all: [Element]

    init(_ all: [Element]) { self.all = all }

    subscript(index: Int) -> Element { all[index] }
  }

  private final class Finished {
    var batch: Batch?
    var vector: Vector?
  }

  /// The groups of a part.
  private final class Part {
    let lock = WorkLock()
    let state: AggregateSink.WorkerState
    /// The number of each group's first row.
    private(set) var firstRows: [Int64] = []

    init(_ state: AggregateSink.WorkerState) { self.state = state }

    /// Notes the numbers of rows that were just folded in.
    func note(_ rows: UnsafeBufferPointer<UInt32>, _ numbers: Buffer) {
      let count = state.grouping.groupCount
      firstRows.append(contentsOf: repeatElement(.max, count: count - firstRows.count))
      let groups = state.scratch.pointer(UInt32.self)
      let numbers = numbers.pointer(Int64.self)
      firstRows.withUnsafeMutableBufferPointer { first in
        for (index, row) in rows.enumerated() {
          let group = Int(groups[index])
          first[group] = min(first[group], numbers[Int(row)])
        }
      }
    }
  }

  /// Rows of a worker that wait to be parted.
  private final class PendingRows {
    private var batches: [Batch] = []
    private var numbers: [(first: Int64, count: Int)] = []
    private(set) var rowCount = 0
    /// How many rows this worker had of each task.
    private(set) var rowsOfTasks: [Int: Int] = [:]

    func append(_ batch: Batch, task: Int) {
      let before = rowsOfTasks[task] ?? 0
      rowsOfTasks[task] = before + batch.rowCount
      batches.append(batch)
      numbers.append((Int64(task) << 32 | Int64(before), batch.rowCount))
      rowCount += batch.rowCount
    }

    /// The rows, with the columns `columns`, and their numbers, which grow from row to row of the
    /// input.
    func take(types: [DataType], _ columns: Set<Int>) -> (Batch, Buffer) {
      let vectors = types.indices.map { column in
        columns.contains(column)
          ? Vector.concatenate(batches.map { $0.columns[column] }, type: types[column])
          : Vector.nulls(types[column], count: rowCount)
      }
      let output = Buffer(Int64.self, count: rowCount)
      var row = 0
      for (first, count) in numbers {
        for index in 0..<count { output.pointer(Int64.self)[row + index] = first + Int64(index) }
        row += count
      }
      defer { (batches, numbers, rowCount) = ([], [], 0) }
      return (Batch(columns: vectors, rowCount: rowCount), output)
    }
  }
}
