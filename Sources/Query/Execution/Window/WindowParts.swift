import ColStore

/// Window calls with the same PARTITION BY over rows in memory.
///
/// The rows are parted by a hash of the partition keys, and threads take part by part: a part's rows
/// stay in cache while they are ordered. In a part rows are in the order of the input.
struct WindowParts: Sendable {
  private let calls: [WindowCall]
  private let keys: WindowKeys
  private let orderings: WindowOrderings
  private let context: QueryContext

  /// About how many rows a part has.
  private static let rowsOfPart = 1 << 16
  private static let partsMax = 512

  init(_ calls: [WindowCall], keys: WindowKeys, _ context: QueryContext) {
    self.calls = calls
    self.keys = keys
    self.context = context
    orderings = WindowOrderings(calls)
  }

  /// One a call.
  func results(of rows: WindowRows) throws(QueryError) -> [WindowResult] {
    let wanted = rows.count / WindowParts.rowsOfPart
    // What gives something else each time must not part what it then brings together.
    guard !keys.keys.isEmpty, wanted >= 2, keys.keys.allSatisfy(\.isDeterministic) else {
      // Without parts, the orders are shared out among the threads.
      let threads = rows.count > 1 << 12 ? context.options.threads : 1
      return try orderings.results(of: rows.whole, threads: threads, context).map {
        .whole($0)
      }
    }
    let partCount = min(
      1 << (Int.bitWidth - (wanted - 1).leadingZeroBitCount), WindowParts.partsMax)
    let columns = calls.reduce(into: Set<Int>()) { $0.formUnion($1.columns) }
    let parted = try PartedRows(
      rows, by: keys, partCount: partCount, columns: columns, context)
    let results = Slots<[Vector]>(count: partCount)
    try inParallel(partCount, threads: context.options.threads) { part throws(QueryError) in
      try context.check()
      results[part] = try orderings.results(
        of: parted.rows(of: part), packedKeys: parted.packedKeys(of: part), context)
    }
    return calls.indices.map { call in
      .parted(
        PartedVector(results.all.map { $0[call] }, type: calls[call].resultType), parted.places)
    }
  }
}
