import ColStore

/// The part of an aggregation over a table that follows from what the store knows of its blocks.
///
/// 1. Zone maps tell of each block which predicates hold for none, for all, or for some of its rows.
/// 2. Where all that is left to be looked at is one column whose values are counted, the values stand
///    for the rows, each with the number of its rows as weight (``CountedValues``).
/// 3. Where no predicate is left and there are no keys, a block's nulls, range and sum may do.
/// 4. The other blocks are scanned. So are, for an aggregate over a CASE whose condition few rows
///    satisfy, those rows alone.
struct KnownBlocks {
  private let sink: AggregateSink
  private let scan: ScanSource
  private let context: QueryContext
  private let zoneTests: [ZoneTest?]
  /// Columns of the keys and of the aggregates that are not late.
  private let columns: Set<Int>
  /// Aggregates whose rows are scanned though the block is known.
  private let late: [Int]

  /// What is known, and what is left to be done.
  struct Answer {
    let state: AggregateSink.WorkerState
    /// Blocks of which nothing is known.
    let rest: ScanSource?
    /// For aggregates that need some rows of known blocks: the scan of those.
    let late: [(aggregate: Int, scan: ScanSource)]
  }

  /// Nil where nothing can be known beforehand.
  init?(_ sink: AggregateSink, context: QueryContext) {
    guard let scan = sink.input.source as? ScanSource, sink.input.operators.isEmpty,
      sink.keys.isEmpty || sink.isDirect, scan.predicates.count < 64,
      scan.predicates.allSatisfy(\.isDeterministic), sink.keys.allSatisfy(\.isDeterministic),
      sink.aggregates.allSatisfy(\.isDeterministic)
    else { return nil }
    self.sink = sink
    self.scan = scan
    self.context = context
    zoneTests = scan.predicates.map { ZoneTest($0) }
    let keyColumns = Set(sink.keys.flatMap(\.columns))
    let wanted = sink.aggregates.reduce(into: keyColumns) { $0.formUnion($1.columns) }
    if keyColumns.count == 1, wanted.count > 1 {
      late = sink.aggregates.indices.filter {
        !sink.aggregates[$0].columns.isSubset(of: keyColumns)
      }
      columns = keyColumns
      guard late.allSatisfy({ sink.aggregates[$0].rare != nil }) else { return nil }
    } else {
      late = []
      columns = wanted
    }
  }

  func answer() throws(QueryError) -> Answer? {
    let state = sink.makeState()
    let counting = CountedValues(scan.table, scan.columns)
    let isCountable = sink.aggregates.indices.allSatisfy {
      late.contains($0) || state.aggregates[$0].accumulator is any WeightedAccumulator
    }
    let isSummable = canSumUp(state)
    guard isCountable || isSummable else { return nil }
    var known: [Morsel] = []
    var rest: [Morsel] = []
    for group in rowGroups() {
      let masks = group.map { predicatesLeft(in: $0) }
      for (morsel, mask) in zip(group, masks) {
        guard let mask else { continue }
        let isUniform = masks.allSatisfy { $0 == mask }
        if isCountable, let column = column(for: mask),
          try counting.add(morsel, of: column, mask, wholeRowGroup: isUniform)
        {
          known.append(morsel)
        } else if isSummable, mask == 0, try sumUp(morsel, state) {
          known.append(morsel)
        } else {
          rest.append(morsel)
        }
      }
    }
    guard !known.isEmpty, let scans = try lateScans(known, counting) else { return nil }
    let evaluator = Evaluator(context)
    for mask in counting.masks {
      guard
        let values = try counting.values(
          mask, where: predicates(mask), width: scan.columns.count, evaluator)
      else { continue }
      try fold(values, into: state, evaluator)
    }
    return Answer(state: state, rest: rest.isEmpty ? nil : scan.scan(of: rest), late: scans)
  }

  /// The table's morsels by row group.
  private func rowGroups() -> [ArraySlice<Morsel>] {
    let morsels = scan.table.morsels
    var groups: [ArraySlice<Morsel>] = []
    var start = 0
    for index in 1..<(morsels.count + 1)
    where index == morsels.count || morsels[index].rowGroup != morsels[start].rowGroup {
      groups.append(morsels[start..<index])
      start = index
    }
    return groups
  }

  /// The predicates that some rows of a block may satisfy and others not, a bit each; nil where no row
  /// satisfies all.
  private func predicatesLeft(in morsel: Morsel) -> UInt64? {
    if morsel.rowCount == 0 { return nil }
    var mask: UInt64 = 0
    for (index, test) in zoneTests.enumerated() {
      mask |= 1 << UInt64(index)
      guard let test,
        let zone = scan.table.zoneMap(ofColumn: scan.columns[test.column], in: morsel)
      else { continue }
      if !test.mayHold(zone, rowCount: morsel.rowCount) { return nil }
      if test.holdsForAll(zone, rowCount: morsel.rowCount) { mask &= ~(1 << UInt64(index)) }
    }
    return mask
  }

  private func predicates(_ mask: UInt64) -> [CompiledExpression] {
    scan.predicates.enumerated().filter { mask >> UInt64($0.offset) & 1 == 1 }.map(\.element)
  }

  /// The only column that is read where the predicates of `mask` are left.
  private func column(for mask: UInt64) -> Int? {
    let read = predicates(mask).reduce(into: columns) { $0.formUnion($1.columns) }
    return read.count == 1 ? read.first : nil
  }

  /// Whether every aggregate may be answered from the statistics of blocks.
  private func canSumUp(_ state: AggregateSink.WorkerState) -> Bool {
    sink.keys.isEmpty
      && zip(sink.aggregates, state.aggregates).allSatisfy { aggregate, own in
        own.accumulator is any SummedUpAccumulator && aggregate.filter == nil
          && aggregate.arguments.allSatisfy { $0.bareColumn != nil }
      }
  }

  /// Folds in a block by its statistics, or returns false where they do not say enough.
  private func sumUp(
    _ morsel: Morsel, _ state: AggregateSink.WorkerState
  ) throws(QueryError) -> Bool {
    var summaries: [BlockSummary] = []
    for (aggregate, own) in zip(sink.aggregates, state.aggregates) {
      guard let summary = summary(of: aggregate, morsel),
        let accumulator = own.accumulator as? any SummedUpAccumulator, accumulator.takes(summary)
      else { return false }
      summaries.append(summary)
    }
    for (own, summary) in zip(state.aggregates, summaries) {
      try (own.accumulator as? any SummedUpAccumulator)?.update(summary)
    }
    return true
  }

  private func summary(of aggregate: CompiledAggregate, _ morsel: Morsel) -> BlockSummary? {
    guard let column = aggregate.arguments.first?.bareColumn else {
      return BlockSummary(valueCount: morsel.rowCount, range: nil, sum: nil)
    }
    let stored = scan.columns[column]
    guard let statistics = scan.table.statistics(ofColumn: stored, in: morsel) else { return nil }
    let isWord = scan.table.columns[stored].type.physical == .int64
    return BlockSummary(
      valueCount: morsel.rowCount - statistics.nullCount,
      range: isWord ? statistics.range.map { $0.least...$0.greatest } : nil,
      sum: isWord ? statistics.sum : nil)
  }

  /// Folds in values that stand for rows.
  private func fold(
    _ values: CountedValues.Values, into state: AggregateSink.WorkerState, _ evaluator: Evaluator
  ) throws(QueryError) {
    let batch = values.batch
    let scratch = Buffer(UInt32.self, count: batch.rowCount)
    let groups = try state.grouping.assign(batch, scratch: scratch.pointer(UInt32.self))
    for (index, aggregate) in sink.aggregates.enumerated() where !late.contains(index) {
      let own = state.aggregates[index].accumulator
      own.resize(to: state.grouping.groupCount)
      guard let weighted = own as? any WeightedAccumulator else { continue }
      try aggregate.update(
        weighted, batch, groups: groups,
        weights: UnsafePointer(values.weights.pointer(Int64.self)), evaluator)
    }
    withExtendedLifetime((scratch, values)) {}
  }

  /// The scans for late aggregates; nil where they would look at more than few of the rows.
  private func lateScans(
    _ known: [Morsel], _ counting: CountedValues
  ) throws(QueryError) -> [(aggregate: Int, scan: ScanSource)]? {
    var scans: [(aggregate: Int, scan: ScanSource)] = []
    var rows = 0
    let evaluator = Evaluator(context)
    for index in late {
      guard let condition = sink.aggregates[index].rare?.condition, condition.columns.count == 1,
        !condition.canFail
      else { return nil }
      let counts = CountedValues(scan.table, scan.columns)
      for morsel in known {
        guard
          try counts.add(morsel, of: condition.columns[0], 0, wholeRowGroup: false)
        else { return nil }
      }
      if let values = try counts.values(
        0, where: [condition], width: scan.columns.count, evaluator)
      {
        for row in 0..<values.batch.rowCount {
          rows += Int(values.weights.pointer(Int64.self)[row])
        }
      }
      scans.append((index, scan.scan(of: known).filtered(by: condition)))
    }
    let total = known.reduce(0) { $0 + $1.rowCount }
    return rows * KnownBlocks.fewOf <= total ? scans : nil
  }

  /// Up to this share of the rows are few.
  private static let fewOf = 8
}
