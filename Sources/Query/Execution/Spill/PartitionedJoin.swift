import ColStore

/// A join whose build side does not fit in memory (Grace): both sides are parted by a hash of their
/// keys into files, and part is joined with part. Where order matters, rows come out in that of the rows
/// that they are made of, as they do where memory is enough.
struct PartitionedJoin: Sendable {
  let kind: JoinKind
  /// Over the left and the right rows, of equal types.
  let probeKeys: [CompiledExpression]
  let buildKeys: [CompiledExpression]
  /// For each key the dictionary that it has on both sides, if there is one.
  let shared: [SharedDictionary?]
  /// For each key whether NULL is equal to NULL.
  let matchesNulls: [Bool]
  let residual: Expression?
  let keepsOrder: Bool
  let probeTypes: [DataType]
  let buildTypes: [DataType]
  let context: QueryContext

  /// Of the budget, what a part of the build side may take before it is made a table.
  static let part = 0.2

  /// Whether each of `workers` can make a table of such keys, within a third of the budget.
  static func hasRoom(
    for keys: [Vector], sharing shared: [SharedDictionary?], _ budget: MemoryBudget,
    workers: Int
  ) -> Bool {
    guard budget.rowsMax == nil else { return true }
    return JoinTable.estimatedBytes(keys, sharing: shared) < budget.bytes / 3 / workers
  }

  private var keepsRight: Bool { kind != .semi && kind != .anti }

  func run(
    _ probe: Pipeline, _ build: Pipeline, facts: @escaping @Sendable (Int) -> ColumnFacts
  ) throws(QueryError) -> Pipeline {
    let right = try RowPartitions.make(build, columns: Array(buildTypes.indices), context) {
      batch, evaluator throws(QueryError) in try parting(buildKeys, batch, evaluator)
    }
    let left = try RowPartitions.make(probe, columns: Array(probeTypes.indices), context) {
      batch, evaluator throws(QueryError) in try parting(probeKeys, batch, evaluator)
    }
    // Each side's rows have their number behind them.
    let width = probeTypes.count
    var types = probeTypes + [.bigint]
    if keepsRight { types += buildTypes + [.bigint] }
    let source = PartSource(count: left.places.count) { _ in Scanner(self, left, right) }
    let joined = Pipeline(source: source, types: types)
    // The numbers go to the end, to sort by, and away.
    let numbers = keepsRight ? [width, types.count - 1] : [width]
    let order = types.indices.filter { !numbers.contains($0) } + numbers
    let moved = joined.keeping(order, facts: { _ in .none })
    let kept = types.count - numbers.count
    let rows = keepsOrder ? try moved.ordered(byLast: numbers.count, context) : moved
    return rows.dropping(Set(kept..<types.count), facts: facts)
  }

  /// What rows are parted by: the keys, or their codes in a dictionary that both sides share.
  private func parting(
    _ keys: [CompiledExpression], _ batch: Batch, _ evaluator: Evaluator
  ) throws(QueryError) -> [Vector] {
    zip(try evaluator.evaluate(keys, batch), shared).map { key, shared in
      shared?.numbers(of: key) ?? key
    }
  }

  private final class Scanner: BatchScanner {
    private let join: PartitionedJoin
    private let left: RowPartitions
    private let right: RowPartitions
    private let evaluator: Evaluator
    private let budget: MemoryBudget?

    private var leftArea: SpillArea { left.area }
    private var rightArea: SpillArea { right.area }

    init(_ join: PartitionedJoin, _ left: RowPartitions, _ right: RowPartitions) {
      self.join = join
      self.left = left
      self.right = right
      evaluator = Evaluator(join.context)
      budget = join.context.budget
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      _ = try pair(left.places[task], right.places[task], level: 1, emit)
    }

    /// Joins two parts; parts them again where the build side is too large. Returns false once no
    /// more is wanted.
    private func pair(
      _ left: [SpillArea.Place], _ right: [SpillArea.Place], level: Int,
      _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) -> Bool {
      if left.isEmpty && (right.isEmpty || (join.kind != .right && join.kind != .full)) {
        return true
      }
      let context = join.context
      if RowPartitions.mayHold(right, level, budget, part: PartitionedJoin.part, context) {
        let build = try rightArea.collect(right, context)
        let keys = try evaluator.evaluate(join.buildKeys, build)
        let workers = context.options.threads
        if level == RowPartitions.levelMax
          || budget.map({
            PartitionedJoin.hasRoom(for: keys, sharing: join.shared, $0, workers: workers)
          }) ?? true
        {
          return try pair(left, with: build, keys, emit)
        }
      }
      let lefts = try RowPartitions.make(
        left, of: leftArea, level: level, context,
        keys: { batch throws(QueryError) in
          try join.parting(join.probeKeys, batch, evaluator)
        })
      let rights = try RowPartitions.make(
        right, of: rightArea, level: level, context,
        keys: { batch throws(QueryError) in
          try join.parting(join.buildKeys, batch, evaluator)
        })
      for (nextLeft, nextRight) in zip(lefts.places, rights.places) {
        if try !pair(nextLeft, nextRight, level: level + 1, emit) { return false }
      }
      return true
    }

    private func pair(
      _ left: [SpillArea.Place], with build: Batch, _ keys: [Vector],
      _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) -> Bool {
      let kind = join.kind
      let matched =
        kind == .right || kind == .full ? MatchedRows(count: build.rowCount) : nil
      // The left row's number stands between the two sides' columns.
      let width = join.probeTypes.count
      let step = try ProbeOperator(
        kind: kind,
        table: JoinTable(
          build, keys: keys, sharing: join.shared, matchingNulls: join.matchesNulls),
        keys: join.probeKeys, residual: join.residual, width: width, gap: 1, matched: matched,
        evaluator)
      var wantsMore = true
      try leftArea.read(left, rowsMax: join.context.options.batchRows) { batch throws(QueryError) in
        try join.context.check()
        wantsMore = try step.process(batch, evaluator, emit)
        return wantsMore
      }
      guard wantsMore, let rest = matched?.unmatched(), rest.count > 0 else { return wantsMore }
      let unmatched = build.select(rest.pointer, count: rest.count)
      return try emit(
        Batch(
          columns: leftArea.types.map { Vector.nulls($0, count: rest.count) } + unmatched.columns,
          rowCount: rest.count))
    }
  }
}
