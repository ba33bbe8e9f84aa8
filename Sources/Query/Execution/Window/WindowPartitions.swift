import ColStore

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

  /// - Parameters:
  ///   - call: Says what rows are partitioned and ordered by.
  ///   - packedKeys: The partition keys of each row, where they fit into words.
  init(
    _ call: WindowCall, _ batch: Batch, packedKeys: Buffer?, _ context: QueryContext
  ) throws(QueryError) {
    count = batch.rowCount
    let partitions: [UInt32]?
    if let packedKeys {
      let table = NarrowKeyTable.ofWords()
      partitions = WindowPartitions.numbers(count) { output in
        table.assign(
          packed: packedKeys.pointer(UInt64.self), count: batch.rowCount, into: output)
      }
    } else {
      let columns = try Evaluator(context).evaluate(
        call.partitionBy.map { CompiledExpression($0) }, batch)
      partitions = WindowPartitions.numbers(columns, count)
    }
    let orderKeys = call.orderBy.map { CompiledSortKey($0) }
    let orderColumns = try SortSink.columns(of: batch, orderKeys, context)
    self.orderColumns = orderColumns.map(\.vector)
    if let partitions {
      let byPartition = Buffer(UInt32.self, count: count)
      starts = WindowPartitions.gather(partitions, into: byPartition.pointer(UInt32.self))
      SortOrder.sort(byPartition.pointer(UInt32.self), within: starts, by: orderColumns)
      selection = Selection(byPartition, count: count)
    } else {
      starts = [0, count]
      selection = SortOrder.rows(orderColumns, count: count, threads: context.options.threads)
    }
    rows = selection.pointer
  }

  /// Writes the rows partition by partition, each in the order of the rows; returns where partitions
  /// start, and the end.
  private static func gather(
    _ partition: [UInt32], into rows: UnsafeMutablePointer<UInt32>
  ) -> [Int] {
    var starts = [Int](repeating: 0, count: Int(partition.max().map { $0 + 1 } ?? 0) + 1)
    for number in partition { starts[Int(number) + 1] += 1 }
    for number in 1..<starts.count { starts[number] += starts[number - 1] }
    var next = starts
    for (row, number) in partition.enumerated() {
      rows[next[Int(number)]] = UInt32(truncatingIfNeeded: row)
      next[Int(number)] += 1
    }
    return starts
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
    return numbers(count) { table.assign(columns, count: count, into: $0) }
  }

  private static func numbers(
    _ count: Int, _ assign: (UnsafeMutablePointer<UInt32>) -> Void
  ) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { assign(base) }
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
