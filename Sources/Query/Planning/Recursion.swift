import ColStore

/// A recursive common table: rows to start with, and a query that makes further rows of the last
/// ones until there are none.
///
///     result = working = anchor
///     repeat: working = step(working), for UNION without what is known; result += working
struct Recursion: Sendable {
  let anchor: LogicalPlan
  /// Scans `working`.
  let step: LogicalPlan
  /// UNION ALL keeps rows that come again.
  let keepsDuplicates: Bool
  let working: BatchTable
  let result: BatchTable
  /// How many scalar subqueries were planned before this one was.
  let scalarsBefore: Int

  /// Fills `result`: with all rows, or as many as a LIMIT asks for.
  func run(
    _ options: QueryOptions, scalars: [Expression], demand: Demand?
  ) throws(QueryError) {
    let executor = Executor(options: options)
    let wanted = try demand.map { (demand) throws(QueryError) in
      try Optimizer.optimized(demand.plan(working).replacingScalars(scalars))
    }
    var missing = demand?.count ?? .max
    let first = try Optimizer.optimized(anchor.replacingScalars(scalars))
    let next = try Optimizer.optimized(step.replacingScalars(scalars))
    let known = HashGrouping.make(result.columns.map(\.type))
    var rows = try executor.collect(first)
    var all: [Batch] = []
    while true {
      if !keepsDuplicates { rows = fresh(rows, known) }
      rows = rows.filter { $0.rowCount > 0 }
      if rows.isEmpty { break }
      all += rows
      working.replace(with: rows)
      if let wanted {
        missing -= try executor.collect(wanted).reduce(0) { $0 + $1.rowCount }
        if missing <= 0 { break }
      }
      rows = try executor.collect(next)
    }
    result.replace(with: all)
  }

  /// What a LIMIT makes of the recursion's rows, each by itself, before it counts them: once there are
  /// `count` of those, further rows change nothing.
  struct Demand {
    let count: Int
    /// The same of another table's rows.
    let plan: (BatchTable) -> LogicalPlan
  }

  /// The rows that were not there before, each once.
  private func fresh(_ batches: [Batch], _ known: any KeyTable) -> [Batch] {
    batches.map { batch in
      if batch.rowCount == 0 { return batch }
      var seen = UInt32(known.count)
      let numbers = Buffer(UInt32.self, count: batch.rowCount)
      known.assign(batch.columns, count: batch.rowCount, into: numbers.pointer(UInt32.self))
      let kept = Buffer(UInt32.self, count: batch.rowCount)
      var count = 0
      // New values are numbered in the order in which they appear.
      for row in 0..<batch.rowCount where numbers.pointer(UInt32.self)[row] == seen {
        kept.pointer(UInt32.self)[count] = UInt32(row)
        count += 1
        seen += 1
      }
      return withExtendedLifetime(numbers) {
        batch.select(UnsafePointer(kept.pointer(UInt32.self)), count: count)
      }
    }
  }
}

extension LogicalPlan {
  /// Whether the plan scans `source`.
  func scans(_ source: BatchTable) -> Bool { scanCount(of: source) > 0 }

  func scanCount(of source: BatchTable) -> Int {
    if case .scan(let table, _, _) = self, let own = table.source as? BatchTable {
      return own === source ? 1 : 0
    }
    return inputs.reduce(0) { $0 + $1.scanCount(of: source) }
  }

  /// What a LIMIT over the rows of `source` asks of them; nil where there is none.
  func demand(on source: BatchTable) -> Recursion.Demand? {
    for input in inputs where input.scans(source) {
      if let inner = input.demand(on: source) { return inner }
    }
    guard case .limit(let input, let limit?, let offset) = self, input.isRowwise(over: source)
    else { return nil }
    let (count, overflow) = limit.addingReportingOverflow(offset)
    if overflow { return nil }
    return Recursion.Demand(count: count) { input.replacing(source, with: $0) }
  }

  /// Whether the plan does nothing but filter and project the rows of `source`.
  private func isRowwise(over source: BatchTable) -> Bool {
    switch self {
    case .scan: scans(source)
    case .filter(let input, _), .project(let input, _): input.isRowwise(over: source)
    default: false
    }
  }

  private func replacing(_ source: BatchTable, with other: BatchTable) -> LogicalPlan {
    if case .scan(let table, let columns, let predicates) = self, scans(source) {
      return .scan(
        table: TableReference(name: table.name, source: other), columns: columns,
        predicates: predicates)
    }
    return withInputs(inputs.map { $0.replacing(source, with: other) })
  }
}
