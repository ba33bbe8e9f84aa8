import ColStore

/// DISTINCT aggregates beside others, where a worker's groups see more values than its cache, or memory,
/// holds: those of one argument are computed over the distinct rows of keys and argument, which are
/// grouped in parts and can go to files, all others over the rows, and the results are put together by
/// the keys. The input is run once for each.
struct SeparateAggregation {
  private let sink: AggregateSink
  /// The aggregates that need no separation, by their places.
  private let plain: [Int]
  /// Places of DISTINCT aggregates of one argument and filter.
  private let parts: [[Int]]

  /// Nil where nothing is gained: there are no DISTINCT aggregates whose rows can be found apart.
  /// - Parameter evenOfCodes: Whether it pays even for codes that could be marked
  ///   (``CodeSetAccumulator``), as the marks take too much memory.
  init?(_ sink: AggregateSink, evenOfCodes: Bool = false) {
    guard sink.input.repeated != nil, sink.keys.allSatisfy(\.isDeterministic) else { return nil }
    self.sink = sink
    var plain: [Int] = []
    var parts: [[Int]] = []
    for (place, aggregate) in sink.aggregates.enumerated() {
      guard aggregate.canRunOverDistinctRows, evenOfCodes || !sink.isMarked(aggregate) else {
        plain.append(place)
        continue
      }
      let known = parts.firstIndex { aggregate.sharesDistinctRows(with: sink.aggregates[$0[0]]) }
      if let known { parts[known].append(place) } else { parts.append([place]) }
    }
    if parts.isEmpty { return nil }
    self.plain = plain
    self.parts = parts
  }

  /// Whether the distinct rows of keys and argument have known numbers, of a table that is read again
  /// easily: then they are found faster than values that are looked up group by group.
  var hasNumberedRows: Bool {
    sink.input.source is ScanSource
      && parts.allSatisfy { sink.distinctRows(of: sink.aggregates[$0[0]]).isDirect }
  }

  /// The groups; nil where they alone take more of the budget than they may.
  func run(within budget: MemoryBudget?) throws(QueryError) -> [Batch]? {
    let groupBytes = 64 * (sink.keys.count + sink.aggregates.count + 1)
    let budget = budget?.counting(rowsOf: groupBytes, part: PartitionedAggregation.part)
    guard let others = try over(plain, filter: nil),
      let groups = try others.run(within: budget).map({
        Batch.concatenate($0, types: others.types)
      })
    else { return nil }
    let keyCount = sink.keys.count
    let keys = Array(groups.columns.prefix(keyCount))
    var results: [Vector?] = Array(repeating: nil, count: sink.aggregates.count)
    for (index, place) in plain.enumerated() { results[place] = groups.columns[keyCount + index] }
    let table = HashGrouping.make(sink.keys.map(\.type))
    _ = numbers(of: keys, count: groups.rowCount, table)
    for part in parts {
      guard let own = try over(part, filter: sink.aggregates[part[0]].filter),
        let distinct = try own.overDistinctRows(evenOfCodes: true)
      else { return nil }
      let found = try distinct.pipeline()
      let rows = Batch.concatenate(try found.collect(sink.context), types: found.types)
      var places = [Int](repeating: -1, count: groups.rowCount)
      let number = numbers(
        of: Array(rows.columns.prefix(keyCount)), count: rows.rowCount, table)
      for row in 0..<rows.rowCount { places[number(row)] = row }
      // A group without a row has what the aggregate gives over none.
      let empty = try distinct.makeStates(groupLimit: 1).map { (state) throws(QueryError) in
        try state.accumulator.finish(count: 1)
      }
      for (index, place) in part.enumerated() {
        let column = rows.columns[keyCount + index]
        results[place] = RowPicker.pick(
          places.map { $0 < 0 ? (empty[index], 0) : (column, $0) }, type: column.type,
          count: groups.rowCount)
      }
    }
    return [Batch(columns: keys + results.compactMap { $0 }, rowCount: groups.rowCount)]
  }

  /// Some of the aggregates over the rows for which `filter` holds.
  private func over(
    _ places: [Int], filter: CompiledExpression?
  ) throws(QueryError) -> AggregateSink? {
    guard var input = sink.input.repeated else { return nil }
    if let filter { input = input.filtered(by: filter) }
    return AggregateSink(
      input: input, keys: sink.keys,
      aggregates: places.map { place in
        filter == nil ? sink.aggregates[place] : sink.aggregates[place].unfiltered
      }, keepsOrder: sink.keepsOrder, context: sink.context)
  }

  /// The number of each row's group; 0 for all without keys.
  private func numbers(
    of keys: [Vector], count: Int, _ table: any KeyTable
  ) -> (_ row: Int) -> Int {
    if keys.isEmpty { return { _ in 0 } }
    let numbers = Buffer(UInt32.self, count: count)
    table.assign(keys, count: count, into: numbers.pointer(UInt32.self))
    return { row in Int(numbers.pointer(UInt32.self)[row]) }
  }
}
