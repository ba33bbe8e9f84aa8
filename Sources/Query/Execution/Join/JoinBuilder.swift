import ColStore

/// Joins two pipelines: the right one is collected in a hash table, the left one streams past it.
///
/// Output rows are in the order of the left rows, and for each in that of the right; right rows
/// without a partner (RIGHT, FULL) come last. Where the left side has far fewer rows, the table is
/// made of these (INNER, which are then in the order of the right rows), or of the right rows that have
/// partners among them.
struct JoinBuilder {
  let kind: JoinKind
  let equalities: [JoinEquality]
  let residual: Expression?
  /// Whether right rows that are equal are one.
  let takesDistinct: Bool
  /// Whether the order of the output matters.
  let keepsOrder: Bool
  /// Whether the left rows can be had twice for little.
  let isLeftCheap: Bool
  let context: QueryContext

  func join(_ left: Pipeline, _ right: Pipeline) throws(QueryError) -> Pipeline {
    switch kind {
    case .right, .full: return try joinSides(left, right)
    case .inner:
      guard try isSmall(left, beside: right) else { return try joinSides(left, right) }
      return try joinSwapped(left, right)
    case .left, .semi, .anti, .asOf, .asOfLeft:
      guard !equalities.isEmpty, isLeftCheap || context.budget == nil,
        try isSmall(left, beside: right)
      else { return try joinSides(left, right) }
      let left = isLeftCheap ? left : try left.held(context)
      return try joinSides(left, try partners(of: left, in: right))
    }
  }

  private func joinSwapped(_ left: Pipeline, _ right: Pipeline) throws(QueryError) -> Pipeline {
    let (leftWidth, rightWidth) = (left.types.count, right.types.count)
    let swapped = JoinBuilder(
      kind: kind,
      equalities: equalities.map { $0.replacing(left: $0.right, right: $0.left) },
      residual: residual?.mapColumns { $0 < leftWidth ? $0 + rightWidth : $0 - leftWidth },
      takesDistinct: false, keepsOrder: keepsOrder, isLeftCheap: false, context: context)
    let joined = try swapped.joinSides(right, left)
    let order = Array(rightWidth..<rightWidth + leftWidth) + Array(0..<rightWidth)
    return joined.keeping(order, facts: { joined.facts(order[$0]) })
  }

  /// The sides' keys, pairs of one type.
  private func keys() throws(QueryError) -> (
    left: [CompiledExpression], right: [CompiledExpression]
  ) {
    var keys: (left: [CompiledExpression], right: [CompiledExpression]) = ([], [])
    for equality in equalities {
      var right = CompiledExpression(equality.right)
      var left = CompiledExpression(equality.left)
      if right.type != left.type {
        guard let common = ImplicitCast.common(left.type, right.type) else {
          throw QueryError(.type, "cannot join \(left.type) with \(right.type)")
        }
        left = left.type == common ? left : CompiledExpression(casting: left, to: common)
        right = right.type == common ? right : CompiledExpression(casting: right, to: common)
      }
      keys.left.append(left)
      keys.right.append(right)
    }
    return keys
  }

  /// The rows of `right` whose keys rows of `left` have, if these can be held in memory; else all.
  private func partners(
    of left: Pipeline, in right: Pipeline
  ) throws(QueryError) -> Pipeline {
    let keys = try keys()
    guard (keys.left + keys.right).allSatisfy(\.isDeterministic) else { return right }
    let known = left.appending(
      ProjectOperator(expressions: keys.left), types: keys.left.map(\.type),
      facts: { index in keys.left[index].bareColumn.map(left.facts) ?? .none })
    let columns = keys.left.enumerated().map { CompiledExpression(column: $0, type: $1.type) }
    let shared = zip(keys.right, columns).map { SharedDictionary($0, right, $1, known) }
    guard
      let (batch, values) = try rows(of: known, columns, sharing: shared, probeKeys: keys.right)
    else { return right }
    let table = JoinTable(
      batch, keys: values, sharing: shared, matchingNulls: matchesNulls,
      lookups: lookups(of: right), threads: context.options.threads)
    return narrowed(right, table, keys.right).filtered(
      by: CompiledExpression(keys.right, isIn: table, negated: false))
  }

  /// For each key whether NULL is equal to NULL.
  private var matchesNulls: [Bool] { equalities.map(\.matchesNulls) }

  /// About how many rows are looked up, where memory may be spent on that.
  private func lookups(of probe: Pipeline) -> Int {
    context.budget == nil ? probe.rowLimit ?? 0 : 0
  }

  private func joinSides(_ probe: Pipeline, _ build: Pipeline) throws(QueryError) -> Pipeline {
    let build =
      takesDistinct
      ? try AggregateSink.distinctRows(of: build, keepsOrder: false, context) : build
    let (probeKeys, buildKeys) = try keys()
    let width = probe.types.count
    let facts: @Sendable (Int) -> ColumnFacts = { index in
      if kind == .right || kind == .full { return .none }
      // Rows may repeat, but have no other values than before.
      if index < width { return probe.facts(index).ofMovedRows }
      return ColumnFacts(range: build.facts(index - width).range)
    }
    let shared = zip(probeKeys, buildKeys).map { SharedDictionary($0, probe, $1, build) }
    guard
      let (batch, keys) = try rows(of: build, buildKeys, sharing: shared, probeKeys: probeKeys)
    else {
      return try PartitionedJoin(
        kind: kind, probeKeys: probeKeys, buildKeys: buildKeys, shared: shared,
        matchesNulls: matchesNulls, residual: residual, keepsOrder: keepsOrder,
        probeTypes: probe.types, buildTypes: build.types, context: context
      ).run(probe, build.repeated ?? build, facts: facts)
    }
    if batch.rowCount == 0, let joined = joined(probe, withNothingOf: build.types) {
      return joined
    }
    if batch.rowCount == 1, keys.isEmpty, residual == nil, kind == .inner || kind == .left {
      return paired(probe, with: batch)
    }
    let table = JoinTable(
      batch, keys: keys, sharing: shared, matchingNulls: matchesNulls, lookups: lookups(of: probe),
      threads: context.options.threads)
    if kind == .semi || kind == .anti, residual == nil {
      return probe.filtered(by: CompiledExpression(probeKeys, isIn: table, negated: kind == .anti))
    }
    let matched = kind == .right || kind == .full ? MatchedRows(count: batch.rowCount) : nil
    let step = try ProbeOperator(
      kind: kind, table: table, keys: probeKeys, residual: residual, width: width,
      matched: matched, Evaluator(context))
    let types = kind == .semi || kind == .anti ? probe.types : probe.types + build.types
    let rows = kind == .inner ? narrowed(probe, table, probeKeys) : probe
    let joined = rows.appending(
      step, types: types, addsRows: !step.isUnique, facts: facts)
    guard let matched else { return joined }
    // All left rows must have passed before it is known which right rows have no partner.
    var batches = try joined.collect(context)
    let rest = matched.unmatched()
    if rest.count > 0 {
      let right = batch.select(rest.pointer, count: rest.count)
      batches.append(
        Batch(
          columns: probe.types.map { Vector.nulls($0, count: rest.count) } + right.columns,
          rowCount: rest.count))
    }
    return Pipeline(batches, types: types, context)
  }

  /// Each row of the probe side with the only row of the other.
  private func paired(_ probe: Pipeline, with row: Batch) -> Pipeline {
    let width = probe.types.count
    let columns = probe.types.enumerated().map { CompiledExpression(column: $0, type: $1) }
    return probe.appending(
      ProjectOperator(expressions: columns + row.columns.map { CompiledExpression(value: $0) }),
      types: probe.types + row.columns.map(\.type),
      facts: { $0 < width ? probe.facts($0) : .none })
  }

  /// What comes of a build side without rows; nil where the join has to look at it.
  private func joined(_ probe: Pipeline, withNothingOf types: [DataType]) -> Pipeline? {
    switch kind {
    case .anti: return probe
    case .left, .asOfLeft:
      let width = probe.types.count
      let columns = probe.types.enumerated().map { CompiledExpression(column: $0, type: $1) }
      return probe.appending(
        ProjectOperator(
          expressions: columns + types.map { CompiledExpression(Expression.null($0)) }),
        types: probe.types + types, facts: { $0 < width ? probe.facts($0) : .none })
    case .inner, .semi, .right, .full, .asOf: return nil
    }
  }

  /// The rows of `probe`; without those that have no partner, where these are many and a scan finds
  /// them by the codes of a key.
  private func narrowed(
    _ probe: Pipeline, _ table: JoinTable, _ keys: [CompiledExpression]
  ) -> Pipeline {
    guard probe.isBareScan else { return probe }
    var found: (key: Int, values: KeyNumbers, part: Double)?
    for (key, expression) in keys.enumerated() {
      guard let column = expression.bareColumn, let values = table.values(ofKey: key),
        let dictionary = probe.facts(column).dictionary
      else { continue }
      let part = Double(values.count) / Double(max(dictionary.count, 1))
      if part < found?.part ?? 0.5 { found = (key, values, part) }
    }
    guard let found else { return probe }
    return probe.filtered(by: CompiledExpression(keys[found.key], isAmong: found.values))
  }

  /// The build side and its keys; nil where it is to go to files, which takes keys to part it by.
  private func rows(
    of build: Pipeline, _ keys: [CompiledExpression], sharing shared: [SharedDictionary?],
    probeKeys: [CompiledExpression]
  ) throws(QueryError) -> (Batch, keys: [Vector])? {
    let evaluator = Evaluator(context)
    guard let budget = context.budget, !keys.isEmpty,
      (keys + probeKeys).allSatisfy(\.isDeterministic)
    else {
      let batch = Batch.concatenate(try build.collect(context), types: build.types)
      return (batch, try evaluator.evaluate(keys, batch))
    }
    // What runs only once cannot be tried.
    guard build.repeated != nil,
      let batches = try build.collect(context, within: budget, part: PartitionedJoin.part)
    else { return nil }
    let batch = Batch.concatenate(batches, types: build.types)
    let values = try evaluator.evaluate(keys, batch)
    guard PartitionedJoin.hasRoom(for: values, sharing: shared, budget, workers: 1) else {
      return nil
    }
    return (batch, values)
  }
}
