import ColStore

extension Database {
  /// `EXPLAIN` and `EXPLAIN ANALYZE`: the optimized plan as text; run, with what each node has done.
  func explain(
    _ statement: StatementSyntax, analyze: Bool, into sink: ResultSink
  ) throws(QueryError) {
    guard case .query(let query) = statement else {
      throw QueryError(.unsupported, "only queries have a plan")
    }
    let prepared = try prepare(query)
    let text = analyze ? try analyzed(prepared) : try prepared.explained
    try emit(
      [Field(name: "explain_key", type: .varchar), Field(name: "explain_value", type: .varchar)],
      [[.string(analyze ? "analyzed_plan" : "logical_plan"), .string(text)]], into: sink)
  }

  /// Runs a query, drops its rows, and says what its nodes have done.
  private func analyzed(_ prepared: PreparedPlan) throws(QueryError) -> String {
    let watch = Stopwatch()
    let plan = try prepared.resolved(options)
    let before = watch.seconds
    let counter = RowCounter()
    let profile = PlanProfile(isTimed: true)
    try Executor(options: options, profile: profile).run(plan, into: counter)
    var lines = [profile.text(of: plan)]
    if !prepared.scalarSubqueries.isEmpty || !prepared.recursions.isEmpty {
      lines.append("subqueries: \(PlanProfile.seconds(before)) s")
    }
    lines.append("\(counter.rowCount) rows in \(PlanProfile.seconds(watch.seconds)) s")
    return lines.joined(separator: "\n")
  }
}

/// Counts the rows of a result and drops them.
private final class RowCounter: ResultSink {
  var rowCount = 0
  func begin(schema: [Field]) throws {}
  func consume(_ batch: Batch) throws { rowCount += batch.rowCount }
  func end() throws {}
}
