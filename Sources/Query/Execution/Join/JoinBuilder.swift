import ColStore

/// Joins two pipelines: the right one is collected in a hash table, the left one streams past it.
///
/// Output rows are in the order of the left rows, and for each in that of the right; right rows
/// without a partner (RIGHT, FULL) come last.
struct JoinBuilder {
  let kind: JoinKind
  let equalities: [JoinEquality]
  let residual: Expression?
  let context: QueryContext

  func join(_ probe: Pipeline, _ build: Pipeline) throws(QueryError) -> Pipeline {
    var buildKeys: [CompiledExpression] = []
    var probeKeys: [CompiledExpression] = []
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
      buildKeys.append(right)
      probeKeys.append(left)
    }
    let facts: @Sendable (Int) -> ColumnFacts = { index in
      // Left rows may repeat, but have no other values than before.
      if index >= probe.types.count || kind == .right || kind == .full { return .none }
      return probe.facts(index).ofMovedRows
    }
    guard let batch = try rows(of: build, probeKeys + buildKeys) else {
      return try PartitionedJoin(
        kind: kind, probeKeys: probeKeys, buildKeys: buildKeys, residual: residual,
        probeTypes: probe.types, buildTypes: build.types, context: context
      ).run(probe, build.repeated ?? build, facts: facts)
    }
    let table = JoinTable(batch, keys: try Evaluator(context).evaluate(buildKeys, batch))
    let matched = kind == .right || kind == .full ? MatchedRows(count: batch.rowCount) : nil
    let step = ProbeOperator(
      kind: kind, table: table, keys: probeKeys,
      residual: residual.map { CompiledExpression($0) }, rightTypes: build.types,
      matched: matched, batchRows: context.options.batchRows)
    let types = kind == .semi || kind == .anti ? probe.types : probe.types + build.types
    let joined = probe.appending(step, types: types, addsRows: true, facts: facts)
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
    return Pipeline(
      source: BatchesSource(
        batches.filter { $0.rowCount > 0 }, batchRows: context.options.batchRows),
      types: types)
  }

  /// The build side; nil where it is to go to files, which takes keys to part it by.
  private func rows(
    of build: Pipeline, _ keys: [CompiledExpression]
  ) throws(QueryError) -> Batch? {
    guard let budget = context.budget, !keys.isEmpty, keys.allSatisfy(\.isDeterministic) else {
      return Batch.concatenate(try build.collect(context), types: build.types)
    }
    // What runs only once cannot be tried.
    guard build.repeated != nil,
      let batches = try build.collect(context, within: budget, part: PartitionedJoin.part)
    else { return nil }
    return Batch.concatenate(batches, types: build.types)
  }
}

/// Which rows of the build side have found a partner; set by all workers.
final class MatchedRows: @unchecked Sendable {
  private let flags: StateArray<UInt8>
  private let count: Int
  private let lock = WorkLock()

  init(count: Int) {
    self.count = count
    flags = StateArray()
    flags.resize(to: count)
  }

  func mark(_ rows: [UInt32]) {
    lock.withLock { for row in rows { flags.states[Int(row)] = 1 } }
  }

  func unmatched() -> Selection {
    let buffer = Buffer(UInt32.self, count: count)
    var found = 0
    for row in 0..<count where flags.states[row] == 0 {
      buffer.pointer(UInt32.self)[found] = UInt32(row)
      found += 1
    }
    return Selection(buffer, count: found)
  }
}
