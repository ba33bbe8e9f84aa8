import ColStore

/// Window functions over a whole input: rows are ordered by partition and order keys, results are
/// computed along that order and put back to their rows.
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
    var columns = batch.columns
    for named in calls {
      let call = named.call
      if batch.rowCount == 0 {
        columns.append(Vector(call.resultType, []))
        continue
      }
      do throws(QueryError) {
        let partitions = try WindowPartitions(call, batch, context)
        let result = try WindowFunctions(call, batch, partitions, context).evaluate()
        columns.append(
          result.type == call.resultType ? result : try Cast.cast(result, to: call.resultType))
      } catch { throw error.located(at: call.position) }
    }
    return Batch(columns: columns, rowCount: batch.rowCount)
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
  /// For each place, the first and the one past the last place of its peers.
  let peerStart: [Int32]
  let peerEnd: [Int32]

  init(_ call: WindowCall, _ batch: Batch, _ context: QueryContext) throws(QueryError) {
    count = batch.rowCount
    let evaluator = Evaluator(memo: context.memo)
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
    let peer =
      orderColumns.isEmpty ? nil : WindowPartitions.numbers(orderColumns.map(\.vector), count)
    var starts = [0]
    var first = [Int32](repeating: 0, count: count)
    var end = [Int32](repeating: 0, count: count)
    var peersFrom = 0
    for place in 0..<count {
      let row = Int(rows[place])
      if place > 0 {
        let before = Int(rows[place - 1])
        let newPartition = partition.map { $0[row] != $0[before] } ?? false
        if newPartition { starts.append(place) }
        if newPartition || (peer.map { $0[row] != $0[before] } ?? false) {
          for other in peersFrom..<place { end[other] = Int32(place) }
          peersFrom = place
        }
      }
      first[place] = Int32(peersFrom)
    }
    for other in peersFrom..<count { end[other] = Int32(count) }
    starts.append(count)
    self.starts = starts
    peerStart = first
    peerEnd = end
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
