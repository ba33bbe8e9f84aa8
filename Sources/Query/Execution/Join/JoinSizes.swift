extension JoinBuilder {
  /// Rows that a table is made of without asking what else there is.
  private static let rowsMin = 1 << 17

  /// Whether `left` has far fewer rows than `right`, which has many.
  func isSmall(_ left: Pipeline, beside right: Pipeline) throws(QueryError) -> Bool {
    guard right.rowLimit ?? .max >= JoinBuilder.rowsMin else { return false }
    let rows = try right.estimatedRows(context)
    if rows < JoinBuilder.rowsMin { return false }
    if let limit = left.rowLimit, limit < rows / 4 { return true }
    return try left.estimatedRows(context) < rows / 4
  }
}

extension Pipeline {
  private static let samples = 4

  /// About how many rows come out: as many of each task as of some, which are run.
  fileprivate func estimatedRows(_ context: QueryContext) throws(QueryError) -> Int {
    if operators.isEmpty, let rows = source.rowCount { return rows }
    guard source.repeated() != nil else { return rowLimit ?? .max }
    let pipeline = untraced
    let scanner = source.makeScanner(context)
    let evaluator = Evaluator(context)
    let tasks = source.taskCount - source.lateTaskCount
    let samples = min(Pipeline.samples, tasks)
    var rows = 0
    do throws(QueryError) {
      for sample in 0..<samples {
        try context.check()
        let task = tasks * (2 * sample + 1) / (2 * samples)
        try pipeline.runTask(task, scanner, evaluator) { batch throws(QueryError) in
          rows += batch.rowCount
          return true
        }
      }
    } catch {
      // Rows fail where they are wanted, if they are.
      try context.check()
      return rowLimit ?? .max
    }
    return samples == 0 ? 0 : rows * tasks / samples
  }
}
