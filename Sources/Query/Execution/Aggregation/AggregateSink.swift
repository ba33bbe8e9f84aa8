import ColStore
import Synchronization

/// GROUP BY: groups are numbered, and each aggregate folds its rows into the columns of its states.
///
/// 1. Where all keys have small known domains, a group's number is computed (``DirectGrouping``);
///    else it is looked up (``HashGrouping``).
/// 2. Every worker has its own numbers and states.
/// 3. Workers are merged in order, and groups come out in the order of their domain, or of their
///    first row in the store.
struct AggregateSink: Sendable {
  private(set) var input: Pipeline
  let keys: [CompiledExpression]
  let aggregates: [CompiledAggregate]
  let context: QueryContext
  /// Whether it matters in which order groups come out.
  let keepsOrder: Bool
  /// The domain of each key, where it has one.
  let domains: [KeyDomain?]
  /// Whether a group's number is the product of its keys' numbers.
  private(set) var isDirect: Bool
  /// Whether, of a lone key's many codes, few are expected to occur.
  private var isSparse: Bool
  /// The input columns that keys and aggregates read, where they can take runs for rows.
  private var runColumns: [Int]
  /// How many rows aggregates take at a time.
  private let rowsAtOnce: Int
  /// The aggregate that counts rows, which tells the groups that have any.
  private let rowCounter: Int?

  init(
    input: Pipeline, keys: [CompiledExpression], aggregates: [CompiledAggregate],
    keepsOrder: Bool = true, context: QueryContext
  ) {
    self.input = input
    self.keepsOrder = keepsOrder
    self.keys = keys
    let aggregates = keys.isEmpty ? aggregates : aggregates.map { $0.suited(to: input) }
    self.aggregates = aggregates
    self.context = context
    rowCounter = aggregates.firstIndex { $0.countsRows }
    let evaluator = Evaluator(context)
    let loneSizeMax = KeyDomain.loneSizeMax(within: context.options.memoryLimit)
    // A lone coded key may have as many values as memory for states allows.
    let sizeMax =
      keys.count == 1 && keys[0].bareColumn != nil ? loneSizeMax : KeyDomain.sizeMax
    let domains = keys.map { KeyDomain($0, input, evaluator, sizeMax: loneSizeMax) }
    var product = 1
    for domain in domains {
      guard let domain, product <= sizeMax else {
        product = .max
        break
      }
      product *= max(domain.size, 1)
    }
    let rows = min(input.rowLimit ?? .max, .max / KeyDomain.sizeOfRowMax)
    isDirect =
      !keys.isEmpty
      && product <= min(sizeMax, max(rows * KeyDomain.sizeOfRowMax, KeyDomain.freeSize))
    self.domains = domains
    let isFiltered =
      !input.operators.isEmpty || !((input.source as? ScanSource)?.predicates ?? []).isEmpty
    isSparse =
      isDirect && keys.count == 1 && product > AggregateSink.sparseSizeMin && isFiltered
      && !aggregates.contains { $0.isDistinct }
    let read = Set(keys.flatMap(\.columns)).union(aggregates.flatMap(\.columns))
    let takesRuns =
      (keys + aggregates.flatMap(\.arguments)).allSatisfy(\.isDeterministic)
      && aggregates.allSatisfy { $0.isDeterministic && !$0.needsOrder && !$0.isDistinct }
    runColumns = takesRuns ? read.sorted() : []
    let computes = aggregates.contains { aggregate in
      (aggregate.arguments + (aggregate.filter.map { [$0] } ?? [])).contains {
        $0.bareColumn == nil && !$0.columns.isEmpty
      }
    }
    rowsAtOnce = computes ? AggregateSink.rowsComputed : .max
  }

  /// The same by `keys` over `input`, which has the columns that the aggregates read.
  func replacing(_ input: Pipeline, keys: [CompiledExpression]) -> AggregateSink {
    AggregateSink(
      input: input, keys: keys, aggregates: aggregates, keepsOrder: keepsOrder, context: context)
  }

  /// The same over `input`, which has the same rows and columns.
  func over(_ input: Pipeline) -> AggregateSink {
    var sink = self
    sink.input = input
    return sink
  }

  /// The same, but that groups are looked up row by row, whatever their domains.
  var hashing: AggregateSink {
    var sink = self
    sink.isDirect = false
    sink.isSparse = false
    sink.runColumns = []
    return sink
  }

  /// How many groups there can be where their numbers are computed; nil elsewhere, where the product
  /// of the domains may be any number.
  var directGroupCount: Int? {
    isDirect ? domains.reduce(1) { $0 * max($1?.size ?? 1, 1) } : nil
  }

  /// Whether the groups can be numbered, and are few beside the rows.
  var hasFewGroups: Bool {
    guard let groups = directGroupCount else { return false }
    return groups <= min(AggregateSink.sparseSizeMin, (input.rowLimit ?? .max) / 4)
  }

  /// Codes of a key above which groups that do not occur cost more than looking up those that do.
  private static let sparseSizeMin = 1 << 16

  final class WorkerState {
    let grouping: any Grouping
    let aggregates: [AggregateState]
    private(set) var scratch = Buffer(byteCount: 0)
    var runFinder = RunFinder()
    /// Whether all aggregates can take a run of rows for the rows.
    let takesRuns: Bool

    init(grouping: any Grouping, aggregates: [AggregateState]) {
      self.grouping = grouping
      self.aggregates = aggregates
      takesRuns = aggregates.allSatisfy { $0.accumulator is any WeightedAccumulator }
    }

    /// Room for the group of each of `count` rows.
    func room(_ count: Int) -> UnsafeMutablePointer<UInt32> {
      if scratch.byteCount < count * 4 { scratch = Buffer(UInt32.self, count: count) }
      return scratch.pointer(UInt32.self)
    }

    /// Rows that a worker has looked at.
    var rowsSeen = 0
    /// When new groups were last counted: rows and groups by then.
    private var lastCounted = (rows: 0, groups: 0)
    private var groupsOfRow = 0.0

    /// About how many groups more come in so many rows; none before there is enough to tell from.
    ///
    /// The rows of late bring new ones at some rate, which will fall: it is taken to be a quarter.
    func expectedGroups(inNext rows: Int) -> Int {
      if rowsSeen - lastCounted.rows >= WorkerState.rowsCounted {
        groupsOfRow =
          Double(grouping.groupCount - lastCounted.groups) / Double(rowsSeen - lastCounted.rows)
        lastCounted = (rowsSeen, grouping.groupCount)
      }
      guard lastCounted.rows >= 2 * WorkerState.rowsCounted else { return 0 }
      return Int(groupsOfRow / 4 * Double(max(rows, 0)))
    }

    private static let rowsCounted = 1 << 16

    /// Groups, and values that DISTINCT has seen in them.
    var rowsHeld: Int {
      aggregates.reduce(grouping.groupCount) {
        $0 + (($1.accumulator as? DistinctAccumulator)?.rowsHeld ?? 0)
      }
    }
  }

  /// Packs the keys into a word each; nil where they do not fit, or are numbered anyway.
  var wordPacker: KeyPacker? {
    isDirect ? nil : KeyPacker.ofWords(keys, domains: domains, Evaluator(context))
  }

  func makeState() -> WorkerState {
    let evaluator = Evaluator(context)
    let grouping: any Grouping
    var limit: Int?
    if keys.isEmpty {
      grouping = SingleGrouping()
      limit = 1
    } else if isSparse, let domain = domains[0] {
      grouping = TicketGrouping(domain, evaluator)
    } else if isDirect {
      let direct = DirectGrouping(
        domains.compactMap { $0 }, evaluator, marksSeen: rowCounter == nil)
      limit = direct.groupCount
      grouping = direct
    } else {
      grouping = HashGrouping(keys, domains: domains, evaluator)
    }
    return WorkerState(grouping: grouping, aggregates: makeStates(groupLimit: limit))
  }

  /// Empty states of all aggregates; with room for all groups where `groupLimit` tells how many.
  func makeStates(groupLimit: Int?) -> [AggregateState] {
    let states = aggregates.map {
      AggregateState($0.makeAccumulator(input, groupLimit: groupLimit))
    }
    if groupLimit ?? .max > RunFinder.groupsMin {
      AggregateSink.shareRows(states.map(\.accumulator))
    }
    if let groupLimit { for state in states { state.accumulator.resize(to: groupLimit) } }
    return states
  }

  /// Puts the states of one group side by side. Of few groups, whose states stay in the cache anyway,
  /// each aggregate keeps its own.
  private static func shareRows(_ accumulators: [any Accumulator]) {
    let states = accumulators.flatMap(\.sharedStates).sorted { $0.alignment > $1.alignment }
    guard states.count > 1 else { return }
    var stride = 0
    var offsets: [Int] = []
    for state in states {
      stride = (stride + state.alignment - 1) / state.alignment * state.alignment
      offsets.append(stride)
      stride += state.bytes
    }
    stride = (stride + 7) & ~7
    // A row that fits into half a cache line, or into one, does not straddle two.
    if stride > 16 && stride < 32 { stride = 32 }
    if stride > 48 && stride < 64 { stride = 64 }
    let rows = StateRows(stride: stride)
    for (state, offset) in zip(states, offsets) { state.move(to: rows, offset: offset) }
  }

  /// Runs the input to its end and returns the groups: keys, then aggregates.
  func run() throws(QueryError) -> [Batch] {
    guard let groups = try run(within: nil) else {
      preconditionFailure("nothing is given up without a budget")
    }
    return groups
  }

  /// As ``run()``; nil where groups take more of the budget than they may.
  func run(within budget: MemoryBudget?) throws(QueryError) -> [Batch]? {
    if let budget, !hasRoomForDomain(budget) { return nil }
    guard context.options.usesBlockAnswers,
      let known = try KnownBlocks(self, context: context)?.answer()
    else {
      if let answer = try answerOfEntries() { return [answer] }
      let separate = SeparateAggregation(self)
      if let separate, separate.hasNumberedRows { return try separate.run(within: budget) }
      let rowsMax = separate == nil ? groupsMax : RadixAggregation.groupsMin
      switch try gather(input, rowsMax: rowsMax, within: budget) {
      case .states(let states): return [try merge(states)]
      case .overBudget: return nil
      case .crowded(let again):
        if let separate { return try separate.run(within: budget) }
        return try RadixAggregation(self, over: again).run(within: budget)
      }
    }
    var states: [WorkerState] = []
    if let rest = known.rest {
      guard case .states(let found) = try gather(input.over(rest), within: budget) else {
        return nil
      }
      states += found
    }
    for (index, scan) in known.late {
      guard case .states(let found) = try gather(input.over(scan), only: index, within: budget)
      else { return nil }
      states += found
    }
    return [try merge(states + [known.state])]
  }

  /// Whether the states of all groups that there can be fit, where they are made beforehand.
  private func hasRoomForDomain(_ budget: MemoryBudget) -> Bool {
    let groupLimit = keys.isEmpty ? 1 : directGroupCount
    guard let size = groupLimit, budget.rowsMax == nil else { return true }
    var groupBytes = isSparse ? 4 : 8 + 24 * aggregates.count
    for aggregate in aggregates {
      let marked = aggregate.markedDictionary(input, groupLimit: groupLimit)
      groupBytes += (marked?.count ?? 0) / 8
    }
    let workers = input.workers(context)
    return Double(size * groupBytes * workers) < Double(budget.bytes) * PartitionedAggregation.part
  }

  /// How many groups a worker may have before they are better parted; nil where they cannot be.
  private var groupsMax: Int? {
    guard !keys.isEmpty, !isDirect, input.repeated != nil, keys.allSatisfy(\.isDeterministic),
      aggregates.allSatisfy({ $0.isDeterministic && !$0.needsOrder })
    else { return nil }
    return RadixAggregation.groupsMin
  }

  private enum Gathered {
    /// One a worker.
    case states([WorkerState])
    case overBudget
    /// A worker holds more than it may; the input is to be run again.
    case crowded(Pipeline)
  }

  /// What each worker has of `input`: of all aggregates, or of one alone.
  private func gather(
    _ input: Pipeline, only aggregate: Int? = nil, rowsMax: Int? = nil,
    within budget: MemoryBudget?
  ) throws(QueryError) -> Gathered {
    let workers = input.workers(context)
    let states = Unshared((0..<workers).map { _ in makeState() })
    let isSmall = keys.isEmpty || (isDirect && states[0].grouping.groupCount <= 1 << 16)
    let sharing: Pipeline.Sharing =
      isSmall && !aggregates.contains(where: \.needsOrder) ? .anyOrder : .ranges
    let evaluator = Evaluator(context)
    let isOverBudget = Atomic<Bool>(false)
    let isCrowded = Atomic<Bool>(false)
    try input.run(context, workers: workers, sharing: sharing) {
      worker, _, batch throws(QueryError) in
      let state = states[worker]
      try consume(batch, state, evaluator, only: aggregate)
      state.rowsSeen += batch.rowCount
      let rows = state.rowsHeld
      if budget?.isOver(PartitionedAggregation.part, rows: rows) ?? false {
        isOverBudget.store(true, ordering: .relaxed)
        return false
      }
      guard let rowsMax else { return true }
      let rowsLeft = (input.rowLimit ?? 0) / workers - state.rowsSeen
      if rows + state.expectedGroups(inNext: rowsLeft) <= rowsMax { return true }
      isCrowded.store(true, ordering: .relaxed)
      return false
    }
    if isOverBudget.load(ordering: .relaxed) { return .overBudget }
    if isCrowded.load(ordering: .relaxed), let again = input.repeated {
      return .crowded(again)
    }
    return .states(states.all)
  }

  func consume(
    _ batch: Batch, _ state: WorkerState, _ evaluator: Evaluator, only wanted: Int? = nil
  ) throws(QueryError) {
    if wanted == nil, let runs = RunBatch(batch, columns: runColumns),
      try consume(runs, state, evaluator)
    {
      return
    }
    if keys.isEmpty {
      try batch.forEachPiece(ofRows: rowsAtOnce) { _, piece throws(QueryError) in
        try update(state, piece, .single, evaluator, only: wanted)
      }
      return
    }
    let groups = try state.grouping.assign(batch, scratch: state.room(batch.rowCount))
    try fold(batch, groups, state, evaluator, only: wanted)
  }

  /// Folds in rows whose groups are known.
  func fold(
    _ batch: Batch, _ groups: UnsafePointer<UInt32>, _ state: WorkerState, _ evaluator: Evaluator,
    only wanted: Int? = nil
  ) throws(QueryError) {
    let count = state.grouping.groupCount
    var rows = GroupedRows.groups(groups, owner: nil)
    if count > RunFinder.groupsMin, !state.aggregates.isEmpty,
      let runs = state.runFinder.runs(groups, count: batch.rowCount)
    {
      rows = .runs(runs)
    }
    for own in state.aggregates { own.accumulator.resize(to: count) }
    guard case .groups = rows, wanted == nil else {
      return try update(state, batch, rows, evaluator, only: wanted)
    }
    let size = count > AggregateSink.groupsInCacheMax ? AggregateSink.rowsInCache : rowsAtOnce
    try batch.forEachPiece(ofRows: size) { offset, piece throws(QueryError) in
      try update(state, piece, .groups(groups + offset, owner: nil), evaluator)
    }
  }

  private func update(
    _ state: WorkerState, _ batch: Batch, _ rows: GroupedRows, _ evaluator: Evaluator,
    only wanted: Int? = nil
  ) throws(QueryError) {
    for (index, aggregate) in aggregates.enumerated() where wanted == nil || wanted == index {
      try aggregate.update(state.aggregates[index], batch, rows, evaluator)
    }
  }

  /// Groups whose states do not fit into the cache next to a processor: then aggregates take turns
  /// with so few rows that the states which the first has touched are still there for the next.
  private static let groupsInCacheMax = 1 << 14
  private static let rowsInCache = 2048
  /// Rows for which what is computed on the way to an aggregate stays in the cache.
  private static let rowsComputed = 8192

  /// Folds in runs of rows, or returns false where an aggregate wants single rows.
  private func consume(
    _ runs: RunBatch, _ state: WorkerState, _ evaluator: Evaluator
  ) throws(QueryError) -> Bool {
    guard state.takesRuns else { return false }
    let count = runs.batch.rowCount
    let groups = try state.grouping.assign(runs.batch, scratch: state.room(count))
    for (aggregate, own) in zip(aggregates, state.aggregates) {
      guard let weighted = own.accumulator as? any WeightedAccumulator else { continue }
      weighted.resize(to: state.grouping.groupCount)
      try aggregate.update(weighted, runs.batch, groups: groups, weights: runs.weights, evaluator)
    }
    withExtendedLifetime(runs) {}
    return true
  }

  /// Folds all workers into the first, aggregate by aggregate on all workers, and finishes.
  func merge(_ workerStates: [WorkerState]) throws(QueryError) -> Batch {
    let states = Unshared(workerStates)
    let workers = workerStates.count
    let grouping = states[0].grouping
    var mappings: [Buffer] = []
    for worker in 1..<max(workers, 1) {
      mappings.append(try grouping.absorb(states[worker].grouping))
    }
    let merged = mappings
    for aggregate in states[0].aggregates {
      aggregate.accumulator.resize(to: grouping.groupCount)
    }
    let count = grouping.groupCount
    let results = Slots<Vector>(count: aggregates.count)
    let threads = count > 1 << 14 ? context.options.threads : 1
    try inParallel(aggregates.count, threads: threads) { index throws(QueryError) in
      let own = states[0].aggregates[index].accumulator
      do throws(QueryError) {
        for (other, mapping) in merged.enumerated() {
          let theirs = states[other + 1]
          try own.merge(
            theirs.aggregates[index].accumulator,
            mapping: UnsafePointer(mapping.pointer(UInt32.self)),
            count: theirs.grouping.groupCount)
        }
        results[index] = try own.finish(count: count)
      } catch { throw error.located(at: aggregates[index].position) }
    }
    let columns = grouping.keys() + results.all
    guard let occupied = occupied(grouping, results.all) else {
      return Batch(columns: columns, rowCount: count)
    }
    return Batch(columns: columns.map { occupied.narrow($0) }, rowCount: occupied.count)
  }

  /// The groups that have rows; nil where all have.
  private func occupied(_ grouping: any Grouping, _ results: [Vector]) -> Selection? {
    guard grouping is DirectGrouping, let rowCounter else { return grouping.occupied() }
    let vector = results[rowCounter].flat()
    let counts = vector.pointer(Int64.self)
    let buffer = Buffer(UInt32.self, count: vector.count)
    let output = buffer.pointer(UInt32.self)
    var found = 0
    for group in 0..<vector.count {
      output[found] = UInt32(truncatingIfNeeded: group)
      found &+= counts[group] > 0 ? 1 : 0
    }
    return withExtendedLifetime(vector) {
      found == vector.count ? nil : Selection(buffer, count: found)
    }
  }

  /// The columns of the groups.
  var types: [DataType] { keys.map(\.type) + aggregates.map(\.overload.resultType) }

  /// What is known of the output's columns.
  func facts(_ column: Int) -> ColumnFacts {
    guard column < keys.count else {
      return ColumnFacts(range: aggregates[column - keys.count].range(over: input))
    }
    var facts = ColumnFacts.none
    if let source = keys[column].bareColumn {
      facts = input.facts(source).ofMovedRows
    }
    let domain = domains[column]?.facts ?? .none
    facts.dictionary = domain.dictionary
    facts.range = facts.range ?? domain.range
    return facts
  }
}
