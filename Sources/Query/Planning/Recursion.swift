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

  /// Fills `result`.
  func run(_ options: QueryOptions, scalars: [Expression]) throws(QueryError) {
    let executor = Executor(options: options)
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
      rows = try executor.collect(next)
    }
    result.replace(with: all)
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
  func scans(_ source: BatchTable) -> Bool {
    if case .scan(let table, _, _) = self, let own = table.source as? BatchTable {
      return own === source
    }
    return inputs.contains { $0.scans(source) }
  }
}
