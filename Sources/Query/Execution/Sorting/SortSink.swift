import ColStore

/// ORDER BY: collects rows and orders them; with a limit, workers keep only what may come out.
struct SortSink: Sendable {
  let input: Pipeline
  let keys: [CompiledSortKey]
  /// Rows that are wanted from the start of the order.
  let rowsWanted: Int?
  let context: QueryContext

  func run() throws(QueryError) -> Batch {
    guard let rowsWanted, rowsWanted < 1 << 20 else {
      let batch = Batch.concatenate(try input.collect(context), types: input.types)
      return try SortSink.sort(batch, keys, limit: rowsWanted ?? .max, context)
    }
    let workers = input.workers(context)
    let states = TopStates(workers: workers)
    let threshold = max(4 * rowsWanted, 4 * blockRowsMax)
    try input.run(context, workers: workers, sharing: .ranges) {
      worker, _, batch throws(QueryError) in
      if states.add(batch, worker: worker) >= threshold {
        let merged = Batch.concatenate(states.take(worker: worker), types: input.types)
        let kept = try SortSink.sort(merged, keys, limit: rowsWanted, context)
        _ = states.add(kept, worker: worker)
      }
      return true
    }
    let merged = Batch.concatenate(states.all, types: input.types)
    return try SortSink.sort(merged, keys, limit: rowsWanted, context)
  }

  static func sort(
    _ batch: Batch, _ keys: [CompiledSortKey], limit: Int, _ context: QueryContext
  ) throws(QueryError) -> Batch {
    if batch.rowCount == 0 { return batch }
    let order = SortOrder.rows(
      try columns(of: batch, keys, context), count: batch.rowCount, limit: limit)
    return batch.select(order.pointer, count: order.count)
  }

  static func columns(
    of batch: Batch, _ keys: [CompiledSortKey], _ context: QueryContext
  ) throws(QueryError) -> [SortColumn] {
    let evaluator = Evaluator(memo: context.memo)
    var columns: [SortColumn] = []
    for key in keys {
      columns.append(
        SortColumn(
          vector: try evaluator.evaluate(key.expression, batch), descending: key.descending,
          nullsFirst: key.nullsFirst))
    }
    return columns
  }

  /// The rows that each worker holds; each worker touches its own.
  private final class TopStates: @unchecked Sendable {
    private final class Held {
      var batches: [Batch] = []
      var rows = 0
    }

    private let held: [Held]

    init(workers: Int) { held = (0..<workers).map { _ in Held() } }

    func add(_ batch: Batch, worker: Int) -> Int {
      held[worker].batches.append(batch)
      held[worker].rows += batch.rowCount
      return held[worker].rows
    }

    func take(worker: Int) -> [Batch] {
      defer {
        held[worker].batches = []
        held[worker].rows = 0
      }
      return held[worker].batches
    }

    var all: [Batch] { held.flatMap(\.batches) }
  }
}
