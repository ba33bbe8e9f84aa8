import ColStore
import Synchronization

/// Window functions over a whole input: rows are ordered by partition and order keys, results are
/// computed along that order and put back to their rows. Calls are shared out among the threads.
struct WindowOperator {
  let calls: [NamedWindow]
  let context: QueryContext

  init(_ calls: [NamedWindow], context: QueryContext) {
    self.calls = calls
    self.context = context
  }

  /// What is known of a call's results beforehand.
  static func facts(_ call: WindowCall) -> ColumnFacts {
    guard case .ntile(let expression) = call.function,
      let tiles = CompiledExpression(expression).constant, tiles.type.physical == .int64,
      !tiles.isNull(0), tiles.pointer(Int64.self)[0] > 0
    else { return .none }
    return ColumnFacts(
      dictionary: nil, range: 1...tiles.pointer(Int64.self)[0], isNeverNull: true)
  }

  /// The input's columns, then one for each call.
  func run(_ batch: Batch) throws(QueryError) -> Batch {
    let results = Mutex<[Int: Result<Vector, QueryError>]>([:])
    let work = WorkCounter(count: calls.count)
    let threads = batch.rowCount > 1 << 12 ? min(context.options.threads, calls.count) : 1
    do {
      try runWorkers(threads) { _ in
        while let index = work.next() {
          let result = evaluate(calls[index].call, batch)
          results.withLock { $0[index] = result }
        }
      }
    } catch {
      throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
    }
    let found = results.withLock { $0 }
    var columns = batch.columns
    for index in calls.indices {
      if let result = found[index] { columns.append(try result.get()) }
    }
    return Batch(columns: columns, rowCount: batch.rowCount)
  }

  private func evaluate(_ call: WindowCall, _ batch: Batch) -> Result<Vector, QueryError> {
    if batch.rowCount == 0 { return .success(Vector(call.resultType, [])) }
    do throws(QueryError) {
      let partitions = try WindowPartitions(call, batch, context)
      let result = try WindowFunctions(call, batch, partitions, context).evaluate()
      return .success(
        result.type == call.resultType ? result : try Cast.cast(result, to: call.resultType))
    } catch {
      return .failure(error.located(at: call.position))
    }
  }
}

/// The rows of an input in window order, cut into partitions and peers.
final class WindowPartitions {
  let count: Int
  private let selection: Selection
  /// Row of the input at each place of the order.
  let rows: UnsafePointer<UInt32>
  /// Partition i is places `starts[i]..<starts[i + 1]`.
  let starts: [Int]
  private let orderColumns: [Vector]
  /// Found when somebody asks, which few functions do.
  private lazy var peers = findPeers()

  init(_ call: WindowCall, _ batch: Batch, _ context: QueryContext) throws(QueryError) {
    count = batch.rowCount
    let evaluator = Evaluator(context)
    var partitionColumns: [Vector] = []
    for expression in call.partitionBy {
      partitionColumns.append(try evaluator.evaluate(CompiledExpression(expression), batch))
    }
    let orderKeys = call.orderBy.map { CompiledSortKey($0) }
    let orderColumns = try SortSink.columns(of: batch, orderKeys, context)
    let sortColumns =
      partitionColumns.map { SortColumn(vector: $0, descending: false, nullsFirst: false) }
      + orderColumns
    if sortColumns.isEmpty {
      selection = Selection.all(count).slice(0, count)
    } else {
      selection = SortOrder.rows(sortColumns, count: count)
    }
    rows = selection.pointer
    let partition = WindowPartitions.numbers(partitionColumns, count)
    self.orderColumns = orderColumns.map(\.vector)
    var starts = [0]
    if let partition {
      for place in 1..<max(count, 1)
      where partition[Int(rows[place])] != partition[Int(rows[place - 1])] {
        starts.append(place)
      }
    }
    starts.append(count)
    self.starts = starts
  }

  /// For each place, the first and the one past the last place of its peers.
  var peerStart: [Int32] { peers.start }
  var peerEnd: [Int32] { peers.end }

  private func findPeers() -> (start: [Int32], end: [Int32]) {
    let numbers = WindowPartitions.numbers(orderColumns, count)
    var start = [Int32](repeating: 0, count: count)
    var end = start
    for index in 0..<starts.count - 1 {
      let last = starts[index + 1]
      var from = starts[index]
      while from < last {
        var to = last
        if let numbers {
          let number = numbers[Int(rows[from])]
          to = from + 1
          while to < last && numbers[Int(rows[to])] == number { to += 1 }
        }
        for place in from..<to {
          start[place] = Int32(from)
          end[place] = Int32(to)
        }
        from = to
      }
    }
    return (start, end)
  }

  /// Equal rows have equal numbers; nil without columns.
  private static func numbers(_ columns: [Vector], _ count: Int) -> [UInt32]? {
    if columns.isEmpty { return nil }
    let table = HashGrouping.make(columns.map(\.type))
    return [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { table.assign(columns, count: count, into: base) }
      initialized = count
    }
  }

  /// Results in window order back at their rows.
  func scatter(_ ordered: Vector) -> Vector {
    let places = Buffer(UInt32.self, count: count)
    let place = places.pointer(UInt32.self)
    for index in 0..<count { place[Int(rows[index])] = UInt32(index) }
    let source = ordered.flat()
    return withExtendedLifetime(places) {
      Vector.gather(values: source, at: UnsafePointer(place), count: count, keeping: source)
    }
  }

  /// A vector of the input in window order.
  func ordered(_ vector: Vector) -> Vector { vector.select(rows, count: count) }
}
