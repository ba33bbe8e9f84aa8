import ColStore
import Synchronization

/// GROUP BY of so many groups that they do not stay near a processor.
///
/// Rows are parted by a hash of their keys, and each part has groups of its own, few enough for the
/// cache (radix partitioning; Manegold, Boncz, Kersten 2000). A worker collects rows until they pay for
/// that, then folds the rows of each part into its groups, which one worker at a time may touch.
/// Parts have no groups in common: nothing is merged, but for the order in which groups come out,
/// that of their first rows.
struct RadixAggregation: Sendable {
  /// Groups of one worker from which on parting pays.
  static let groupsMin = 1 << 18

  private static let partCount = 128
  /// Rows that a worker parts together: as many as it has groups, within these bounds.
  private static let rowsAtOnce = 1 << 18...1 << 20

  private let sink: AggregateSink
  /// The input columns that parts read: those of the aggregates, and of keys that are not packed.
  private let columns: Set<Int>

  /// - Parameter sink: Looks its groups up, and does not care in which order it sees rows.
  /// - Parameter input: That of the sink, to be run once more.
  init(_ sink: AggregateSink, over input: Pipeline) {
    let arePacked = sink.wordPacker != nil
    self.sink = arePacked ? sink.over(input) : sink.computingKeys(over: input)
    let keys = arePacked ? [] : self.sink.keys.flatMap(\.columns)
    columns = Set(keys).union(sink.aggregates.flatMap(\.columns))
  }

  /// The groups; nil where they take more of the budget than they may.
  func run(within budget: MemoryBudget?) throws(QueryError) -> [Batch]? {
    let input = sink.input
    let context = sink.context
    let workers = input.workers(context)
    let parts = Unshared((0..<RadixAggregation.partCount).map { _ in Part(sink.makeState()) })
    let pending = Unshared((0..<workers).map { _ in PendingRows(sink, columns) })
    let held = HeldRows()
    try input.run(context, workers: workers, sharing: .anyOrder) {
      worker, task, batch throws(QueryError) in
      let own = pending[worker]
      try own.append(batch, task: task)
      guard own.rowCount >= own.rowsWanted else { return true }
      let groups = held.add(try fold(own, into: parts, startingAt: worker))
      if let budget {
        guard budget.isOver(PartitionedAggregation.part, rows: groups) else { return true }
        held.isOver.store(true, ordering: .relaxed)
        return false
      }
      // The more groups a part has, the more rows its coming to the cache has to pay for.
      own.rowsWanted = min(
        max(groups / workers, own.rowsWanted), RadixAggregation.rowsAtOnce.upperBound)
      return true
    }
    if held.isOver.load(ordering: .relaxed) { return nil }
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      _ = try fold(pending[worker], into: parts, startingAt: worker)
    }
    try inParallel(parts.all.count, threads: context.options.threads) { number throws(QueryError) in
      try parts[number].finish(sink)
    }
    guard sink.keepsOrder else {
      return parts.all.map { Batch(columns: $0.groups, rowCount: $0.groupCount) }
    }
    let rows = (0..<workers).reduce(into: [Int: Int]()) { found, worker in
      found.merge(pending[worker].rowsOfTasks) { $0 + $1 }
    }
    return [try ordered(parts, rowsOfTasks: rows)]
  }

  /// Folds a worker's rows into the groups of their parts, and returns how many groups are new.
  private func fold(
    _ pending: PendingRows, into parts: Unshared<Part>, startingAt worker: Int
  ) throws(QueryError) -> Int {
    if pending.rowCount == 0 { return 0 }
    let evaluator = Evaluator(sink.context)
    let rows = try pending.parted()
    var added = 0
    for turn in 0..<RadixAggregation.partCount {
      try sink.context.check()
      // Workers begin far apart, so that they seldom want the same part.
      let number =
        (turn + worker * RadixAggregation.partCount / 2) % RadixAggregation.partCount
      let own = rows.parting.rows(of: number)
      let packed = rows.parting.packedKeys(of: number)
      let count = packed?.count ?? own.count
      if count == 0 { continue }
      let batch =
        columns.isEmpty
        ? Batch(columns: sink.input.types.map { .nulls($0, count: count) }, rowCount: count)
        : rows.batch.select(own, only: columns)
      let part = parts[number]
      try part.lock.withLock { () throws(QueryError) in
        let known = part.state.grouping.groupCount
        let groups = try part.groups(of: batch, packed: packed?.baseAddress)
        try sink.fold(batch, groups, part.state, evaluator)
        added += part.state.grouping.groupCount - known
        if sink.keepsOrder { part.note(own, groups, rows.numbers) }
      }
    }
    withExtendedLifetime(rows) {}
    pending.removeAll()
    return added
  }

  /// The groups of all parts in the order of their first rows.
  private func ordered(
    _ parts: Unshared<Part>, rowsOfTasks: [Int: Int]
  ) throws(QueryError) -> Batch {
    let types = sink.types
    let places = places(of: parts, rowsOfTasks)
    let count = parts.all.reduce(0) { $0 + $1.firstRows.count }
    let columns = Slots<Vector>(count: types.count)
    try inParallel(types.count, threads: sink.context.options.threads) {
      column throws(QueryError) in
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
    let rowCount = starts.last ?? 0
    let bits = RowRanks.noBits(count: rowCount)
    let word = bits.pointer(UInt64.self)
    for part in parts.all {
      for row in part.firstRows { word[number(row) >> 6] |= 1 << UInt64(number(row) & 63) }
    }
    let ranks = RowRanks(bits: bits, count: rowCount)
    return parts.all.map { part in
      let places = Buffer(UInt32.self, count: part.firstRows.count)
      let output = places.pointer(UInt32.self)
      for (group, row) in part.firstRows.enumerated() {
        output[group] = ranks.rank(of: number(row))
      }
      return places
    }
  }

  /// The groups of a part.
  private final class Part {
    let lock = WorkLock()
    private(set) var state: AggregateSink.WorkerState
    /// The number of each group's first row, where they are to be ordered by it.
    private(set) var firstRows: [Int64] = []
    /// Keys and results, once there are no more rows.
    private(set) var groups: [Vector] = []
    private(set) var groupCount = 0

    init(_ state: AggregateSink.WorkerState) { self.state = state }

    func finish(_ sink: AggregateSink) throws(QueryError) {
      groupCount = state.grouping.groupCount
      groups = try sink.merge([state]).columns
      state = sink.makeState()
    }

    /// The group of each row; by its packed keys, where it has any.
    func groups(
      of batch: Batch, packed: UnsafePointer<UInt64>?
    ) throws(QueryError) -> UnsafePointer<UInt32> {
      let scratch = state.room(batch.rowCount)
      guard let packed, let grouping = state.grouping as? HashGrouping else {
        return try state.grouping.assign(batch, scratch: scratch)
      }
      return grouping.assign(packed: packed, count: batch.rowCount, scratch: scratch)
    }

    /// Notes the numbers of rows that were just folded in.
    func note(
      _ rows: UnsafeBufferPointer<UInt32>, _ groups: UnsafePointer<UInt32>, _ numbers: RowNumbers
    ) {
      let count = state.grouping.groupCount
      firstRows.append(contentsOf: repeatElement(.max, count: count - firstRows.count))
      firstRows.withUnsafeMutableBufferPointer { first in
        numbers.forEach(rows) { index, number in
          let group = Int(groups[index])
          first[group] = min(first[group], number)
        }
      }
    }
  }

  /// The numbers of a worker's rows, which grow from row to row of the input: those of its batches, one
  /// after the other.
  private struct RowNumbers {
    private var starts: [(row: Int, number: Int64)] = []

    mutating func append(_ row: Int, number: Int64) { starts.append((row, number)) }

    /// - Parameter rows: ascending.
    @inline(__always)
    func forEach(_ rows: UnsafeBufferPointer<UInt32>, _ body: (Int, Int64) -> Void) {
      var next = 0
      var end = 0
      var base: Int64 = 0
      for (index, row) in rows.enumerated() {
        while row >= end {
          base = starts[next].number - Int64(starts[next].row)
          next += 1
          end = next < starts.count ? starts[next].row : .max
        }
        body(index, base + Int64(row))
      }
    }
  }

  /// Rows in their parts.
  private enum Parting {
    case words(PartedWords)
    case rows(RowParting)

    /// The packed keys of a part's rows; nil where keys are not packed.
    func packedKeys(of part: Int) -> UnsafeBufferPointer<UInt64>? {
      if case .words(let words) = self { return words.keys(of: part) }
      return nil
    }

    /// The rows of a part, ascending; of packed keys only where they are wanted.
    func rows(of part: Int) -> UnsafeBufferPointer<UInt32> {
      switch self {
      case .words(let words): words.rows(of: part)
      case .rows(let parting): parting.rows(of: part)
      }
    }
  }

  /// Rows of a worker that wait for enough others; packed keys go to their parts at once.
  private final class PendingRows {
    private let sink: AggregateSink
    private let columns: Set<Int>
    private let packer: KeyPacker?
    private let words: PartedWords?
    private var packed = Buffer(byteCount: 0)
    private var scratch = Buffer(byteCount: 0)
    private var batches: [Batch] = []
    private var numbers = RowNumbers()
    private(set) var rowCount = 0
    var rowsWanted = RadixAggregation.rowsAtOnce.lowerBound
    /// How many rows this worker had of each task.
    private(set) var rowsOfTasks: [Int: Int] = [:]

    init(_ sink: AggregateSink, _ columns: Set<Int>) {
      self.sink = sink
      self.columns = columns
      packer = sink.wordPacker
      words = packer.map { _ in
        PartedWords(
          partCount: RadixAggregation.partCount, keepsRows: sink.keepsOrder || !columns.isEmpty)
      }
    }

    func append(_ batch: Batch, task: Int) throws(QueryError) {
      let before = rowsOfTasks[task] ?? 0
      let count = batch.rowCount
      rowsOfTasks[task] = before + count
      if let packer, let words {
        if packed.byteCount < count * 8 {
          packed = Buffer(UInt64.self, count: count)
          scratch = Buffer(UInt32.self, count: count)
        }
        let keys = packed.pointer(UInt64.self)
        try packer.pack(batch, into: keys, numbers: scratch.pointer(UInt32.self))
        words.append(keys, count: count, first: rowCount)
      }
      if !columns.isEmpty { batches.append(batch) }
      if sink.keepsOrder { numbers.append(rowCount, number: Int64(task) << 32 | Int64(before)) }
      rowCount += count
    }

    /// All rows, with the columns that parts read, and their parts.
    func parted() throws(QueryError) -> (batch: Batch, parting: Parting, numbers: RowNumbers) {
      let vectors = sink.input.types.enumerated().map { column, type in
        columns.contains(column)
          ? Vector.concatenate(batches.map { $0.columns[column] }, type: type)
          : Vector.nulls(type, count: rowCount)
      }
      let batch = Batch(columns: vectors, rowCount: rowCount)
      if let words {
        words.flush()
        return (batch, .words(words), numbers)
      }
      let parting = try RowParting(
        batch, keys: sink.keys, partCount: RadixAggregation.partCount, sink.context)
      return (batch, .rows(parting), numbers)
    }

    func removeAll() {
      words?.removeAll()
      (batches, numbers, rowCount) = ([], RowNumbers(), 0)
    }
  }
}

extension AggregateSink {
  /// The same over the rows of `input`, with keys computed once, as further columns: they are looked at
  /// more than once.
  fileprivate func computingKeys(over input: Pipeline) -> AggregateSink {
    let computed = keys.filter { $0.bareColumn == nil }
    if computed.isEmpty { return over(input) }
    let width = input.types.count
    let columns = input.types.enumerated().map { CompiledExpression(column: $0, type: $1) }
    var next = width
    let places = keys.map { key in
      if key.bareColumn != nil { return key }
      defer { next += 1 }
      return CompiledExpression(column: next, type: key.type)
    }
    let rows = input.appending(
      ProjectOperator(expressions: columns + computed),
      types: input.types + computed.map(\.type),
      facts: { $0 < width ? input.facts($0) : .none })
    return replacing(rows, keys: places).hashing
  }
}
