import ColStore

/// GROUP BY: groups are numbered, and each aggregate folds its rows into the columns of its states.
///
/// 1. Where all keys have small known domains, a group's number is computed (``DirectGrouping``);
///    else it is looked up (``HashGrouping``).
/// 2. Every worker has its own numbers and states.
/// 3. Workers are merged in order, and groups come out in the order of their domain, or of their
///    first row in the store.
struct AggregateSink: Sendable {
  let input: Pipeline
  let keys: [CompiledExpression]
  let aggregates: [CompiledAggregate]
  let context: QueryContext
  private let domains: [KeyDomain]?

  init(
    input: Pipeline, keys: [CompiledExpression], aggregates: [CompiledAggregate],
    context: QueryContext
  ) {
    self.input = input
    self.keys = keys
    self.aggregates = aggregates
    self.context = context
    domains = AggregateSink.domains(keys, input, Evaluator(memo: context.memo))
  }

  /// Domains of all keys, where the product of their sizes is small.
  private static func domains(
    _ keys: [CompiledExpression], _ input: Pipeline, _ evaluator: Evaluator
  ) -> [KeyDomain]? {
    // A lone coded key may have as many values as memory for states allows.
    let sizeMax = keys.count == 1 && keys[0].bareColumn != nil ? 1 << 27 : KeyDomain.sizeMax
    var domains: [KeyDomain] = []
    var product = 1
    for key in keys {
      guard let domain = KeyDomain(key, input, evaluator, sizeMax: sizeMax) else { return nil }
      product *= max(domain.size, 1)
      if product > sizeMax { return nil }
      domains.append(domain)
    }
    return domains.isEmpty ? nil : domains
  }

  /// The distinct rows of `input`, in order of first appearance.
  static func distinct(_ input: Pipeline, _ context: QueryContext) throws(QueryError) -> Batch {
    let keys = input.types.enumerated().map {
      CompiledExpression(column: $0.offset, type: $0.element)
    }
    if keys.isEmpty {
      let rows = try input.collect(context, rowsWanted: 1).reduce(0) { $0 + $1.rowCount }
      return Batch(columns: [], rowCount: min(rows, 1))
    }
    return try AggregateSink(input: input, keys: keys, aggregates: [], context: context).run()
  }

  private final class WorkerState {
    let grouping: any Grouping
    let accumulators: [any Accumulator]
    var groups = Buffer(byteCount: 0)

    init(grouping: any Grouping, accumulators: [any Accumulator]) {
      self.grouping = grouping
      self.accumulators = accumulators
    }
  }

  private func makeState() -> WorkerState {
    let evaluator = Evaluator(memo: context.memo)
    let grouping: any Grouping
    var limit: Int?
    if keys.isEmpty {
      grouping = SingleGrouping()
      limit = 1
    } else if let domains {
      let direct = DirectGrouping(domains, evaluator)
      limit = direct.groupCount
      grouping = direct
    } else {
      grouping = HashGrouping(keys, evaluator)
    }
    let accumulators = aggregates.map { $0.makeAccumulator(input, groupLimit: limit) }
    if let limit { for accumulator in accumulators { accumulator.resize(to: limit) } }
    return WorkerState(grouping: grouping, accumulators: accumulators)
  }

  /// Runs the input to its end and returns the groups: keys, then aggregates.
  func run() throws(QueryError) -> Batch {
    let workers = input.workers(context)
    let states = WorkerStates((0..<workers).map { _ in makeState() })
    let isDirect = keys.isEmpty || (domains?.reduce(1) { $0 * $1.size } ?? .max) <= 1 << 16
    let sharing: Pipeline.Sharing =
      isDirect && !aggregates.contains(where: \.needsOrder) ? .anyOrder : .ranges
    let evaluator = Evaluator(memo: context.memo)
    try input.run(context, workers: workers, sharing: sharing) {
      worker, _, batch throws(QueryError) in
      try consume(batch, states[worker], evaluator)
      return true
    }
    let result = states[0]
    for worker in 1..<max(workers, 1) {
      let other = states[worker]
      let mapping = try result.grouping.absorb(other.grouping)
      let groups = UnsafePointer(mapping.pointer(UInt32.self))
      for (own, theirs) in zip(result.accumulators, other.accumulators) {
        own.resize(to: result.grouping.groupCount)
        try own.merge(theirs, mapping: groups, count: other.grouping.groupCount)
      }
      withExtendedLifetime(mapping) {}
    }
    return try finish(result)
  }

  private func consume(
    _ batch: Batch, _ state: WorkerState, _ evaluator: Evaluator
  ) throws(QueryError) {
    if keys.isEmpty {
      for (aggregate, accumulator) in zip(aggregates, state.accumulators) {
        try aggregate.update(accumulator, batch, groups: nil, evaluator)
      }
      return
    }
    if state.groups.byteCount < batch.rowCount * 4 {
      state.groups = Buffer(UInt32.self, count: batch.rowCount)
    }
    let groups = state.groups.pointer(UInt32.self)
    try state.grouping.assign(batch, into: groups)
    let count = state.grouping.groupCount
    for (aggregate, accumulator) in zip(aggregates, state.accumulators) {
      accumulator.resize(to: count)
      try aggregate.update(accumulator, batch, groups: UnsafePointer(groups), evaluator)
    }
  }

  private func finish(_ state: WorkerState) throws(QueryError) -> Batch {
    let count = state.grouping.groupCount
    let occupied = state.grouping.occupied()
    var columns = state.grouping.keys()
    for (accumulator, aggregate) in zip(state.accumulators, aggregates) {
      accumulator.resize(to: count)
      do throws(QueryError) { columns.append(try accumulator.finish(count: count)) } catch {
        throw error.located(at: aggregate.position)
      }
    }
    guard let occupied else { return Batch(columns: columns, rowCount: count) }
    return Batch(
      columns: columns.map { occupied.narrow($0) }, rowCount: occupied.count)
  }

  /// What is known of the output's columns.
  func facts(_ column: Int) -> ColumnFacts {
    guard let domains, column < domains.count else { return .none }
    return ColumnFacts(dictionary: domains[column].values, range: nil)
  }

  /// Worker states behind one reference; each is touched by its own thread, then by the merger.
  private final class WorkerStates: @unchecked Sendable {
    private let states: [WorkerState]

    init(_ states: [WorkerState]) { self.states = states }

    subscript(worker: Int) -> WorkerState { states[worker] }
  }
}
