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
  /// About how many rows come out: as many of each task as of some, which are run.
  fileprivate func estimatedRows(_ context: QueryContext) throws(QueryError) -> Int {
    if operators.isEmpty, let rows = source.rowCount { return rows }
    guard source.repeated() != nil else { return rowLimit ?? .max }
    var rows = 0
    let samples: Int
    do throws(QueryError) {
      samples = try runSamples(context) { _, batch in
        rows += batch.rowCount
        return true
      }
    } catch {
      // Rows fail where they are wanted, if they are.
      try context.check()
      return rowLimit ?? .max
    }
    return samples == 0 ? 0 : rows * (source.taskCount - source.lateTaskCount) / samples
  }
}
