import ColStore

/// Looks the rows of a batch up in the build side of a join.
struct ProbeOperator: StreamOperator {
  let kind: JoinKind
  let table: JoinTable
  let keys: [CompiledExpression]
  let residual: CompiledExpression?
  let rightTypes: [DataType]
  let matched: MatchedRows?
  let batchRows: Int

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    // A few left rows at a time, so that many partners do not pile up.
    if keys.isEmpty && table.batch.rowCount > 0 {
      let step = max(1, (1 << 16) / table.batch.rowCount)
      var offset = 0
      while offset < batch.rowCount {
        try evaluator.cancellation.check()
        let count = min(step, batch.rowCount - offset)
        if try !probe(batch.slice(offset: offset, count: count), evaluator, emit) { return false }
        offset += count
      }
      return true
    }
    return try probe(batch, evaluator, emit)
  }

  private func probe(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var (probe, build) = table.matches(
      try evaluator.evaluate(keys, batch), count: batch.rowCount)
    var joined: Batch?
    if let residual, !probe.isEmpty {
      let pairs = paired(batch, probe, build)
      let verdict = try evaluator.evaluate(residual, pairs)
      let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: pairs.rowCount)
      if holds.coversAll {
        joined = pairs
      } else {
        let rows = holds.pointer
        let kept = (0..<holds.count).map { Int(rows[$0]) }
        probe = kept.map { probe[$0] }
        build = kept.map { build[$0] }
        joined = holds.narrow(pairs)
      }
    }
    switch kind {
    case .semi, .anti: return try emitFiltered(batch, probe, emit)
    case .inner, .right:
      matched?.mark(build)
      if probe.isEmpty { return true }
      return try emit(joined ?? paired(batch, probe, build))
    case .left, .full:
      matched?.mark(build)
      return try emitOuter(batch, probe, build, emit)
    }
  }

  private func paired(_ batch: Batch, _ probe: [UInt32], _ build: [UInt32]) -> Batch {
    let left = select(batch.columns, probe)
    let right = select(table.batch.columns, build)
    return Batch(columns: left + right, rowCount: probe.count)
  }

  private func select(_ columns: [Vector], _ rows: [UInt32]) -> [Vector] {
    rows.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else {
        return columns.map { $0.slice(offset: 0, count: 0) }
      }
      return columns.map { $0.select(base, count: rows.count) }
    }
  }

  /// Semi and anti: left rows with, or without, a partner.
  private func emitFiltered(
    _ batch: Batch, _ probe: [UInt32], _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var found = [Bool](repeating: false, count: batch.rowCount)
    for row in probe { found[Int(row)] = true }
    let wanted = (0..<batch.rowCount).filter { found[$0] == (kind == .semi) }.map { UInt32($0) }
    if wanted.isEmpty { return true }
    return try emit(Batch(columns: select(batch.columns, wanted), rowCount: wanted.count))
  }

  /// Left rows without a partner keep their place, beside NULLs.
  private func emitOuter(
    _ batch: Batch, _ probe: [UInt32], _ build: [UInt32],
    _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    var left: [UInt32] = []
    var right: [UInt32] = []
    let absent = UInt32(table.batch.rowCount)
    var hasAbsent = false
    var next = 0
    for row in 0..<UInt32(batch.rowCount) {
      let first = next
      while next < probe.count && probe[next] == row {
        left.append(row)
        right.append(build[next])
        next += 1
      }
      if next == first {
        left.append(row)
        right.append(absent)
        hasAbsent = true
      }
    }
    if left.isEmpty { return true }
    let leftColumns = select(batch.columns, left)
    let rightColumns =
      hasAbsent
      ? rightTypes.indices.map { column in
        withAbsent(table.batch.columns[column], rightTypes[column], right, absent)
      } : select(table.batch.columns, right)
    return try emit(Batch(columns: leftColumns + rightColumns, rowCount: left.count))
  }

  /// The build column at `rows`, NULL where a row is `absent`.
  private func withAbsent(
    _ vector: Vector, _ type: DataType, _ rows: [UInt32], _ absent: UInt32
  ) -> Vector {
    if absent == 0 { return .nulls(type, count: rows.count) }
    let clamped = rows.map { min($0, absent - 1) }
    let picked = select([vector], clamped)[0].flat()
    let validity = Buffer(UInt8.self, count: rows.count)
    let valid = validity.pointer(UInt8.self)
    for (index, row) in rows.enumerated() {
      valid[index] = row == absent ? 0 : (picked.validity.map { $0[index] } ?? 1)
    }
    return Vector(
      flat: type, count: rows.count, values: picked.values, validity: UnsafePointer(valid),
      child: picked.child, mapValues: picked.mapValues, owners: [picked, validity])
  }
}
