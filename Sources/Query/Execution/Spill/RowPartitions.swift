import ColStore

/// Rows in files, parted by some bits of a hash of their keys; each partition in input order.
struct RowPartitions: Sendable {
  let area: SpillArea
  /// By partition, then in input order.
  let places: [[SpillArea.Place]]

  static let bits = 5
  static let count = 1 << bits
  /// Partitions are parted again so often, at most.
  static let levelMax = 5

  /// Parts the rows of a pipeline by `keys`: its columns `columns`, and behind them a BIGINT that
  /// grows from row to row.
  static func make(
    _ input: Pipeline, keys: [CompiledExpression], columns: [Int], _ context: QueryContext
  ) throws(QueryError) -> RowPartitions {
    try make(input, columns: columns, context) { batch, evaluator throws(QueryError) in
      try evaluator.evaluate(keys, batch)
    }
  }

  static func make(
    _ input: Pipeline, columns: [Int], _ context: QueryContext,
    keys: @Sendable (Batch, Evaluator) throws(QueryError) -> [Vector]
  ) throws(QueryError) -> RowPartitions {
    let area = try SpillArea(columns.map { input.types[$0] } + [.bigint])
    let workers = input.workers(context)
    let writers = Unshared((0..<workers).map { _ in PartitionWriter(area, level: 0) })
    let evaluator = Evaluator(context)
    try input.run(
      context, workers: workers, sharing: .ranges,
      consume: { worker, task, batch throws(QueryError) in
        let writer = writers[worker]
        let vectors = try keys(batch, evaluator)
        let numbers = writer.numbers(of: batch.rowCount, task: task)
        try writer.add(
          Batch(columns: columns.map { batch.columns[$0] } + [numbers], rowCount: batch.rowCount),
          keys: vectors)
        return true
      })
    return try together(writers.all, area)
  }

  /// Parts a partition again, by the next bits. `keys` are those of a batch as it was written.
  static func make(
    _ places: [SpillArea.Place], of area: SpillArea, level: Int, _ context: QueryContext,
    keys: (Batch) throws(QueryError) -> [Vector]
  ) throws(QueryError) -> RowPartitions {
    let writer = PartitionWriter(area, level: level)
    try area.read(places, rowsMax: context.options.batchRows) { batch throws(QueryError) in
      try context.check()
      try writer.add(batch, keys: try keys(batch))
      return true
    }
    return try together([writer], area)
  }

  /// Whether the rows at `places` may be taken into memory, each worker some like them: where they take
  /// little of the budget, or have been parted so often that they will not part any more.
  static func mayHold(
    _ places: [SpillArea.Place], _ level: Int, _ budget: MemoryBudget?, part: Double,
    _ context: QueryContext
  ) -> Bool {
    guard level < levelMax, let budget else { return true }
    return budget.hasRoom(for: places, part: part, workers: context.options.threads)
  }

  /// What workers have written, in worker order.
  private static func together(
    _ writers: [PartitionWriter], _ area: SpillArea
  ) throws(QueryError) -> RowPartitions {
    for writer in writers { try writer.finish() }
    return RowPartitions(
      area: area, places: (0..<count).map { part in writers.flatMap { $0.places[part] } })
  }
}

/// Parts the rows of one worker.
private final class PartitionWriter {
  private let area: SpillArea
  private let shift: UInt64
  private var encoder = SpillEncoder()
  private(set) var places = Array(repeating: [SpillArea.Place](), count: RowPartitions.count)
  /// Small batches wait for others, so that what is written is not small too.
  private var pending: [(batch: Batch, keys: [Vector])] = []
  private var pendingRows = 0
  private var task = -1
  private var taskRows = 0

  private static let rowsMin = 16_384

  init(_ area: SpillArea, level: Int) {
    self.area = area
    shift = UInt64(64 - RowPartitions.bits * (level + 1))
  }

  /// Growing numbers for the next rows of a task.
  func numbers(of count: Int, task: Int) -> Vector {
    if task != self.task { (self.task, taskRows) = (task, 0) }
    let numbers = FlatBuilder<Int64>(count: count)
    for row in 0..<count { numbers[row] = Int64(task) << 32 | Int64(taskRows + row) }
    taskRows += count
    return numbers.finish(.bigint)
  }

  func add(_ batch: Batch, keys: [Vector]) throws(QueryError) {
    pending.append((batch, keys))
    pendingRows += batch.rowCount
    if pendingRows >= PartitionWriter.rowsMin { try flush() }
  }

  func finish() throws(QueryError) { if pendingRows > 0 { try flush() } }

  private func flush() throws(QueryError) {
    let batch = Batch.concatenate(pending.map(\.batch), types: area.types)
    let keys = pending[0].keys.indices.map { key in
      Vector.concatenate(pending.map { $0.keys[key] }, type: pending[0].keys[key].type)
    }
    (pending, pendingRows) = ([], 0)
    let hashes = RowHash.hashes(keys, count: batch.rowCount)
    let hash = hashes.pointer(UInt64.self)
    // Rows by partition, by counting.
    var starts = [Int](repeating: 0, count: RowPartitions.count + 1)
    let mask = UInt64(RowPartitions.count - 1)
    for row in 0..<batch.rowCount { starts[Int(hash[row] >> shift & mask) + 1] += 1 }
    for part in 0..<RowPartitions.count { starts[part + 1] += starts[part] }
    let rows = Buffer(UInt32.self, count: batch.rowCount)
    let output = rows.pointer(UInt32.self)
    var next = starts
    for row in 0..<batch.rowCount {
      let part = Int(hash[row] >> shift & mask)
      output[next[part]] = UInt32(row)
      next[part] += 1
    }
    for part in 0..<RowPartitions.count where starts[part + 1] > starts[part] {
      let selected = batch.select(
        UnsafePointer(output) + starts[part], count: starts[part + 1] - starts[part])
      places[part].append(try area.write(selected, &encoder))
    }
    withExtendedLifetime((hashes, rows)) {}
  }
}
