import ColStore

/// Looks the rows of a batch up in the build side of a join.
struct ProbeOperator: StreamOperator {
  let kind: JoinKind
  let table: JoinTable
  let keys: [CompiledExpression]
  /// Where it is wanted in the end which build rows have no partner.
  let matched: MatchedRows?
  private let residual: CompiledExpression?
  /// Where of the partners only the nearest is wanted.
  private let nearest: NearestPartners?

  /// So many pairs are made at a time, but for a row with more partners.
  private static let pairsMax = 1 << 16

  /// - Parameters:
  ///   - residual: The join's other condition, over the columns of the probe side, `width`, and behind them
  ///     those of the build side.
  ///   - gap: How many columns stand between the two in the rows.
  init(
    kind: JoinKind, table: JoinTable, keys: [CompiledExpression], residual: Expression?,
    width: Int, gap: Int = 0, matched: MatchedRows?, _ evaluator: Evaluator
  ) throws(QueryError) {
    self.kind = kind
    self.table = table
    self.keys = keys
    self.matched = matched
    if let condition = NearestCondition(kind, residual, width: width) {
      self.residual = nil
      nearest = try NearestPartners(table, condition, evaluator)
    } else {
      self.residual = residual.map {
        CompiledExpression($0.mapColumns { $0 < width ? $0 : $0 + gap })
      }
      nearest = nil
    }
  }

  /// Whether no row has more than one partner.
  var isUnique: Bool { nearest != nil || table.isUnique }

  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    let count = batch.rowCount
    let numbers = table.numbers(of: try evaluator.evaluate(keys, batch), count: count)
    let number = UnsafePointer(numbers.pointer(UInt32.self))
    let hasPartner = kind == .semi || kind == .anti ? RowFlags(count: count) : nil
    var first = 0
    while first < count {
      try evaluator.cancellation.check()
      let end =
        nearest != nil
        ? count
        : table.end(of: number, from: first, count: count, pairsMax: ProbeOperator.pairsMax)
      let pairs = try matches(batch, number, first..<end, evaluator)
      let wantsMore: Bool
      switch kind {
      case .semi, .anti:
        hasPartner?.set(pairs.probe, count: pairs.count)
        wantsMore = true
      case .inner, .right, .asOf:
        matched?.mark(pairs.build, count: pairs.count)
        wantsMore = pairs.count == 0 ? true : try emit(joined(batch, pairs))
      case .left, .full, .asOfLeft:
        matched?.mark(pairs.build, count: pairs.count)
        let outer = withAbsent(pairs, first..<end)
        wantsMore = try emit(joined(batch, outer, hasAbsent: outer.count > pairs.count))
      }
      if !wantsMore { return false }
      first = end
    }
    withExtendedLifetime(numbers) {}
    guard let hasPartner else { return true }
    let kept = hasPartner.rows(where: kind == .semi)
    return kept.count == 0 ? true : try emit(kept.narrow(batch))
  }

  /// The pairs of some rows with equal keys for which the residual holds, or the nearest of all rows.
  private func matches(
    _ batch: Batch, _ numbers: UnsafePointer<UInt32>, _ rows: Range<Int>, _ evaluator: Evaluator
  ) throws(QueryError) -> JoinTable.Pairs {
    if let nearest { return try nearest.pairs(batch, numbers, evaluator) }
    let pairs = table.pairs(numbers, rows)
    guard let residual, pairs.count > 0 else { return pairs }
    let verdict = try evaluator.evaluate(residual, joined(batch, pairs))
    let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: pairs.count)
    return holds.coversAll ? pairs : pairs.select(holds)
  }

  private func joined(_ batch: Batch, _ pairs: JoinTable.Pairs, hasAbsent: Bool = false) -> Batch {
    let rows = UnsafePointer(pairs.probe.pointer(UInt32.self))
    let isEachOnce =
      pairs.count == batch.rowCount && (0..<pairs.count).allSatisfy { rows[$0] == $0 }
    let left = isEachOnce ? batch : batch.select(rows, count: pairs.count)
    let right = table.columns(at: pairs.build, count: pairs.count, hasAbsent: hasAbsent)
    return withExtendedLifetime(pairs) {
      Batch(columns: left.columns + right, rowCount: pairs.count)
    }
  }

  /// The pairs, and in its place each row without a partner, with the build side's absent row.
  private func withAbsent(_ pairs: JoinTable.Pairs, _ rows: Range<Int>) -> JoinTable.Pairs {
    let probe = pairs.probe.pointer(UInt32.self)
    let build = pairs.build.pointer(UInt32.self)
    let most = pairs.count + rows.count
    let (left, right) = (Buffer(UInt32.self, count: most), Buffer(UInt32.self, count: most))
    var (next, found) = (0, 0)
    func add(_ row: UInt32, _ partner: UInt32) {
      left.pointer(UInt32.self)[found] = row
      right.pointer(UInt32.self)[found] = partner
      found += 1
    }
    for row in UInt32(rows.lowerBound)..<UInt32(rows.upperBound) {
      if next == pairs.count || probe[next] != row { add(row, table.absentRow) }
      while next < pairs.count && probe[next] == row {
        add(row, build[next])
        next += 1
      }
    }
    return JoinTable.Pairs(probe: left, build: right, count: found)
  }
}

extension JoinTable.Pairs {
  fileprivate func select(_ pairs: Selection) -> JoinTable.Pairs {
    func picked(_ rows: Buffer) -> Buffer {
      let output = Buffer(UInt32.self, count: pairs.count)
      GatherKernels.gather(
        rows.pointer(UInt32.self), at: pairs.pointer, into: output.pointer(UInt32.self),
        count: pairs.count)
      return output
    }
    return JoinTable.Pairs(probe: picked(probe), build: picked(build), count: pairs.count)
  }
}

/// A flag a row.
struct RowFlags: Sendable {
  private let flags: Buffer
  private let count: Int

  init(count: Int) {
    self.count = count
    flags = Buffer(UInt8.self, count: count)
    flags.zero()
  }

  func set(_ rows: Buffer, count: Int) {
    let row = rows.pointer(UInt32.self)
    let flag = flags.pointer(UInt8.self)
    for index in 0..<count { flag[Int(row[index])] = 1 }
  }

  /// The rows whose flag is set, or those whose is not.
  func rows(where isSet: Bool) -> Selection {
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    let flag = flags.pointer(UInt8.self)
    let wanted: UInt8 = isSet ? 1 : 0
    var found = 0
    for row in 0..<count {
      output[found] = UInt32(truncatingIfNeeded: row)
      found &+= flag[row] == wanted ? 1 : 0
    }
    return Selection(buffer, count: found)
  }
}

/// Which rows of the build side have found a partner; set by all workers.
final class MatchedRows: Sendable {
  private let flags: RowFlags
  private let lock = WorkLock()

  init(count: Int) { flags = RowFlags(count: count) }

  func mark(_ rows: Buffer, count: Int) { lock.withLock { flags.set(rows, count: count) } }

  func unmatched() -> Selection { flags.rows(where: false) }
}
