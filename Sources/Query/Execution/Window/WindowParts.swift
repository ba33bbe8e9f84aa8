import ColStore

/// Window calls with the same PARTITION BY over rows in memory.
///
/// The rows are parted by a hash of the partition keys, and threads take part by part: a part's rows
/// stay in cache while they are ordered. In a part rows are in the order of the input.
struct WindowParts: Sendable {
  private let calls: [WindowCall]
  private let keys: [CompiledExpression]
  private let context: QueryContext

  /// About how many rows a part has.
  private static let rowsOfPart = 1 << 16
  private static let partsMax = 256

  init(_ calls: [WindowCall], keys: [CompiledExpression], _ context: QueryContext) {
    self.calls = calls
    self.keys = keys
    self.context = context
  }

  /// One vector a call.
  func results(of batch: Batch) throws(QueryError) -> [Vector] {
    let wanted = batch.rowCount / WindowParts.rowsOfPart
    // What gives something else each time must not part what it then brings together.
    guard !keys.isEmpty, wanted >= 2, keys.allSatisfy(\.isDeterministic) else {
      return try resultsOfWhole(batch)
    }
    let partCount = min(
      1 << (Int.bitWidth - (wanted - 1).leadingZeroBitCount), WindowParts.partsMax)
    let parting = try RowParting(
      batch, keys: keys, partCount: partCount, context, workers: context.options.threads)
    let columns = calls.reduce(into: Set<Int>()) { $0.formUnion($1.columns) }
    let results = Slots<[Vector]>(count: partCount)
    try inParallel(partCount, threads: context.options.threads) { part throws(QueryError) in
      try context.check()
      let rows = parting.rows(of: part)
      if rows.isEmpty { return }
      let own = batch.select(rows, only: columns)
      var vectors: [Vector] = []
      for call in calls { vectors.append(try call.evaluate(own, context)) }
      results[part] = vectors
    }
    let places = parting.places()
    return calls.indices.map { call in
      let parted = Vector.concatenate(
        results.all.map { $0[call] }, type: calls[call].resultType)
      return parted.select(places.pointer(UInt32.self), count: batch.rowCount)
    }
  }

  /// Without parts, the calls are shared out among the threads.
  private func resultsOfWhole(_ batch: Batch) throws(QueryError) -> [Vector] {
    let results = Slots<Vector>(count: calls.count)
    let threads = batch.rowCount > 1 << 12 ? context.options.threads : 1
    try inParallel(calls.count, threads: threads) { call throws(QueryError) in
      results[call] = try calls[call].evaluate(batch, context)
    }
    return results.all
  }
}
