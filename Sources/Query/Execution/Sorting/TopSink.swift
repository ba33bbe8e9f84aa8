import ColStore

/// ORDER BY with a limit: workers keep only rows that may come out.
///
/// 1. Workers take tasks in any order; those of a scan come best zone first.
/// 2. What a worker has gathered is cut down to the rows wanted whenever it has become much more.
///    The last of them is a bound on what all workers, and the scan itself, still look at.
/// 3. What is left is put together in the order of the input, which equal keys keep.
struct TopSink: Sendable {
  let input: Pipeline
  let keys: [CompiledSortKey]
  let rowsWanted: Int
  let context: QueryContext

  /// Cutting down fewer rows costs more than it saves.
  private static let gatheredMin = 1 << 13

  /// The rows wanted, sorted.
  func run() throws(QueryError) -> Batch {
    let bound = TopBound(keys, over: input)
    let scan = bound.scan.map { BoundedScan(scan: $0, bound: bound) }
    let input = scan.map { self.input.over($0) } ?? self.input
    let workers = input.workers(context)
    let states = Unshared((0..<workers).map { _ in Gathered() })
    let evaluator = Evaluator(context)
    let gatheredMax = max(4 * rowsWanted, TopSink.gatheredMin)
    try input.run(
      context, workers: workers, sharing: .anyOrder,
      endTask: { worker, _ throws(QueryError) in
        // Of few rows wanted, the bound soon leaves so few that they would never be too many.
        if states[worker].rowCount >= 2 * rowsWanted { try cut(states[worker], bound) }
      },
      consume: { worker, task, batch throws(QueryError) in
        let place = scan?.places[task] ?? task
        var batch = batch
        let wanted = try bound.selection(at: place, evaluator) { () throws(QueryError) in
          try evaluator.evaluate(keys[0].expression, batch)
        }
        if let wanted {
          if wanted.count == 0 { return true }
          batch = wanted.narrow(batch)
        }
        let state = states[worker]
        state.add(batch, at: place)
        if state.rowCount >= gatheredMax { try cut(state, bound) }
        return true
      })
    let all = Gathered()
    for state in states.all { all.add(state) }
    return try SortSink.sort(
      all.takeInOrder(types: input.types).rows, keys, limit: rowsWanted, context)
  }

  /// Drops all rows but the first in order.
  private func cut(_ state: Gathered, _ bound: TopBound) throws(QueryError) {
    let (rows, ends) = state.takeInOrder(types: input.types)
    let columns = try SortSink.columns(of: rows, keys, context)
    let order = SortOrder.rows(columns, count: rows.rowCount, limit: rowsWanted)
    let kept = UnsafeBufferPointer(start: order.pointer, count: order.count)
    kept.sorted().withUnsafeBufferPointer { kept in
      var start = 0
      for (place, end) in ends {
        let next = kept[start...].firstIndex { Int($0) >= end } ?? kept.count
        if next > start, let first = kept.baseAddress {
          state.add(rows.select(first + start, count: next - start), at: place)
        }
        start = next
      }
    }
    if kept.count == rowsWanted, let last = kept.last.map({ Int($0) }),
      let (place, _) = ends.first(where: { last < $0.end })
    {
      bound.tighten(to: columns[0].vector.single(at: last), at: place)
    }
    withExtendedLifetime(order) {}
  }

  /// The rows that a worker holds, and where the tasks stand that they are of.
  private final class Gathered {
    private var batches: [(place: Int, batch: Batch)] = []
    private(set) var rowCount = 0

    func add(_ batch: Batch, at place: Int) {
      batches.append((place, batch))
      rowCount += batch.rowCount
    }

    func add(_ other: Gathered) {
      for (place, batch) in other.batches { add(batch, at: place) }
    }

    /// All rows in the order of the input, and for each task the place one past its last row.
    func takeInOrder(types: [DataType]) -> (rows: Batch, ends: [(place: Int, end: Int)]) {
      // Stable: batches of one task have come in order.
      let ordered = batches.enumerated().sorted {
        ($0.element.place, $0.offset) < ($1.element.place, $1.offset)
      }.map(\.element)
      (batches, rowCount) = ([], 0)
      var ends: [(place: Int, end: Int)] = []
      var end = 0
      for (place, batch) in ordered {
        end += batch.rowCount
        if ends.last?.place == place {
          ends[ends.count - 1].end = end
        } else {
          ends.append((place, end))
        }
      }
      return (Batch.concatenate(ordered.map(\.batch), types: types), ends)
    }
  }
}
