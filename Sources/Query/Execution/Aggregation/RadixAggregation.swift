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
    let parts = Unshared((0..<RadixAggregation.partCount).map { _ in Part(sink.makeState()) })
    let pending = Unshared((0..<workers).map { _ in PendingRows() })
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
    _ pending: PendingRows, into parts: Unshared<Part>, startingAt worker: Int
  ) throws(QueryError) -> Int {
    let (batch, numbers) = pending.take(types: sink.input.types, columns)
    if batch.rowCount == 0 { return 0 }
    let evaluator = Evaluator(sink.context)
    let parting = try RowParting(
      batch, keys: sink.keys, partCount: RadixAggregation.partCount, sink.context, workers: 1)
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
    _ parts: Unshared<Part>, rowsOfTasks: [Int: Int]
  ) throws(QueryError) -> Batch {
    let types = sink.keys.map(\.type) + sink.aggregates.map(\.overload.resultType)
    let threads = sink.context.options.threads
    try inParallel(parts.all.count, threads: threads) { number throws(QueryError) in
      try parts[number].finish(sink)
    }
    let places = places(of: parts, rowsOfTasks)
    let count = parts.all.reduce(0) { $0 + $1.firstRows.count }
    let columns = Slots<Vector>(count: types.count)
    try inParallel(types.count, threads: threads) { column throws(QueryError) in
      columns[column] = Scatter.merge(
        zip(places, parts.all).map { places, part in
          (Selection(places, count: part.firstRows.count), part.groups[column])
        }, type: types[column], count: count, fallback: .nulls(types[column], count: 1))
    }
    return Batch(columns: columns.all, rowCount: count)
  }

  /// Where the groups of each part stand among all: a bit is set for each first row, and bits are
  /// counted.
  private func places(of parts: Unshared<Part>, _ rowsOfTasks: [Int: Int]) -> [Buffer] {
    var starts = [Int](repeating: 0, count: (rowsOfTasks.keys.max() ?? 0) + 2)
    for (task, rows) in rowsOfTasks { starts[task + 1] = rows }
    for task in 1..<starts.count { starts[task] += starts[task - 1] }
    func number(_ row: Int64) -> Int { starts[Int(row >> 32)] + Int(row & 0xFFFF_FFFF) }
    var bits = [UInt64](repeating: 0, count: (starts.last ?? 0) / 64 + 1)
    for part in parts.all {
      for row in part.firstRows { bits[number(row) >> 6] |= 1 << UInt64(number(row) & 63) }
    }
    var before = [UInt32](repeating: 0, count: bits.count)
    for word in 1..<bits.count {
      before[word] = before[word - 1] + UInt32(bits[word - 1].nonzeroBitCount)
    }
    return parts.all.map { part in
      let places = Buffer(UInt32.self, count: part.firstRows.count)
      let output = places.pointer(UInt32.self)
      for (group, row) in part.firstRows.enumerated() {
        let number = number(row)
        let lower = bits[number >> 6] & (1 << UInt64(number & 63) &- 1)
        output[group] = before[number >> 6] + UInt32(lower.nonzeroBitCount)
      }
      return places
    }
  }

  /// The groups of a part.
  private final class Part {
    let lock = WorkLock()
    private(set) var state: AggregateSink.WorkerState
    /// The number of each group's first row.
    private(set) var firstRows: [Int64] = []
    /// Keys and results, once there are no more rows.
    private(set) var groups: [Vector] = []

    init(_ state: AggregateSink.WorkerState) { self.state = state }

    func finish(_ sink: AggregateSink) throws(QueryError) {
      groups = try sink.merge([state]).columns
      state = sink.makeState()
    }

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
