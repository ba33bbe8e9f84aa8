import ColStore

/// Plans one SELECT:
///
///     FROM → WHERE → GROUP BY and aggregates → HAVING → windows → QUALIFY → select list → DISTINCT
///     → ORDER BY → LIMIT
///
/// Everything is bound over the columns of FROM first, so that one look at the whole SELECT tells
/// which aggregates, windows and subqueries there are; then the plan is built from the bottom.
struct SelectPlanner {
  let query: QueryPlanner
  let select: SelectSyntax
  var binder: Binder
  var plan = LogicalPlan.values(rows: [[]], schema: [])
  /// Where the results of joined subqueries and windows stand in `plan`.
  var places: [Int: Expression] = [:]
  var joinedCount = 0
  /// After grouping: what the keys are called in `plan`, by fingerprint.
  var keyColumns: [String: Expression] = [:]
  var keyCount = 0
  var aggregateCount = 0
  var isGrouped = false

  struct Output {
    let name: String
    let expression: Expression
    let position: Int
  }

  init(_ query: QueryPlanner, _ select: SelectSyntax) {
    self.query = query
    self.select = select
    binder = Binder(
      context: query.context, level: query.level, tables: query.tables, scope: Scope())
  }

  /// The clauses of the SELECT over the columns of FROM, before anything but WHERE is planned.
  private struct Clauses {
    /// nil without GROUP BY.
    let keys: [NamedExpression]?
    let sets: [[Int]]?
    let outputs: [Output]
    let having: Expression?
    let qualify: Expression?
    let order: [SortKey]
    let distinctOn: [Expression]
  }

  mutating func plan(
    orderBy: OrderBySyntax, limit: Int?, offset: Int
  ) throws(QueryError) -> LogicalPlan {
    try planSource()
    let results = try namedResults()
    if let filter = select.filter {
      for condition in try repeated(filter) { try planFilter(condition) }
    }
    let clauses = try bindClauses(results, orderBy)
    try planStages(clauses)
    var columns: [NamedExpression] = []
    for output in clauses.outputs {
      columns.append(
        NamedExpression(
          name: output.name, expression: try placed(output.expression, at: output.position)))
    }
    var order: [SortKey] = []
    for key in clauses.order {
      order.append(try key.mapped { (key) throws(QueryError) in try placed(key) })
    }
    var distinctOn: [Expression] = []
    for key in clauses.distinctOn { distinctOn.append(try placed(key)) }
    return try projected(columns, order, distinctOn, limit, offset)
  }

  // MARK: Binding

  /// FROM and the named windows.
  private mutating func planSource() throws(QueryError) {
    if let from = select.from { (plan, binder.scope) = try query.planTable(from) }
    for (name, window) in select.windows {
      guard binder.namedWindows.updateValue(window, forKey: name.text.lowercased()) == nil else {
        throw QueryError(
          .name, "the window \"\(name.text)\" is defined twice", at: name.position)
      }
    }
  }

  /// The select list with stars written out; its aliases are names from now on.
  private mutating func namedResults() throws(QueryError) -> [ResultSyntax] {
    let results = try expandedResults()
    try planUnnestedKeys(results)
    for result in results {
      guard let alias = result.alias else { continue }
      let key = alias.text.lowercased()
      binder.aliases[key] = result
    }
    return results
  }

  private func bindClauses(
    _ results: [ResultSyntax], _ orderBy: OrderBySyntax
  ) throws(QueryError) -> Clauses {
    let (keys, sets) = try groupingKeys(results)
    binder.groupingKeys = Set((keys ?? []).map(\.expression.fingerprint))
    var outputs: [Output] = []
    for result in results {
      outputs.append(
        Output(
          name: result.alias?.text ?? columnName(of: result.expression),
          expression: try binder.bind(result.expression, in: .select, stage: .output),
          position: result.expression.position))
    }
    var having: Expression?
    if let condition = select.having {
      having = try binder.bindCondition(condition, in: .having, stage: .grouped)
    }
    var qualify: Expression?
    if let condition = select.qualify {
      qualify = try binder.bindCondition(condition, in: .qualify, stage: .output)
      guard !binder.windows.isEmpty else {
        throw QueryError(
          .syntax, "QUALIFY needs a window function in it or in the select list",
          at: condition.position, hint: "WHERE and HAVING filter without one")
      }
    }
    let order = try orderKeys(orderBy, outputs)
    var distinctOn: [Expression] = []
    if case .distinctOn(let expressions) = select.quantifier {
      for expression in expressions {
        for key in try repeated(expression) {
          distinctOn.append(try orderKey(key, outputs, clause: "DISTINCT ON"))
        }
      }
    }
    return Clauses(
      keys: keys, sets: sets, outputs: outputs, having: having, qualify: qualify, order: order,
      distinctOn: distinctOn)
  }

  // MARK: Planning

  /// All that happens between WHERE and the select list.
  private mutating func planStages(_ clauses: Clauses) throws(QueryError) {
    if clauses.keys != nil || clauses.having != nil || !binder.aggregates.isEmpty {
      try planAggregate(clauses.keys ?? [], clauses.sets)
    }
    if let having = clauses.having {
      try joinSubqueries(through: .grouped)
      plan = .filter(plan, predicate: try placed(having))
    }
    try planWindows()
    try joinSubqueries(through: .output)
    try planUnnesting()
    if let qualify = clauses.qualify { plan = .filter(plan, predicate: try placed(qualify)) }
  }

  func columnName(of expression: ExpressionSyntax) -> String {
    // A column is called as its table has it.
    if case .name(let names) = expression.kind,
      case .one(let column) = binder.scope.find(
        names[names.count - 1].text, in: names.count > 1 ? names[names.count - 2].text : nil)
    {
      return column.name
    }
    return expression.columnName
  }
}
