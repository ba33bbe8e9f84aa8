import ColStore

extension SelectPlanner {
  mutating func planWindows() throws(QueryError) {
    guard !binder.windows.isEmpty else { return }
    try joinSubqueries(through: .grouped)
    var calls: [NamedWindow] = []
    for window in binder.windows {
      calls.append(
        NamedWindow(
          name: window.name,
          call: try window.call.mapped { (expression) throws(QueryError) in
            try placed(expression)
          }))
    }
    let width = plan.schema.count
    plan = .window(plan, calls: calls)
    for (index, call) in calls.enumerated() {
      places[ColumnSpace.window + index] = .column(
        index: width + index, type: call.call.resultType)
    }
  }

  /// The rows that `unnest` in the select list makes of each row.
  mutating func planUnnesting() throws(QueryError) {
    guard !binder.unnested.isEmpty else { return }
    guard qualifyIsAbsent else {
      throw QueryError(
        .unsupported, "unnest does not go with QUALIFY and DISTINCT ON", at: select.position)
    }
    var lists: [NamedExpression] = []
    for list in binder.unnested {
      lists.append(NamedExpression(name: "unnest", expression: try placed(list)))
    }
    let width = plan.schema.count
    plan = .unnest(plan, lists: lists)
    for (index, list) in lists.enumerated() {
      places[ColumnSpace.unnested + index] = .column(
        index: width + index, type: list.expression.type.element)
    }
  }

  var qualifyIsAbsent: Bool {
    if case .distinctOn = select.quantifier { return false }
    return select.qualify == nil
  }

  /// Joins the subqueries of the stages up to `stage` that are not in the plan yet.
  ///
  /// They stand side by side: what each reads of the outer rows is taken from the plan without the
  /// others, or plans would double with every subquery.
  mutating func joinSubqueries(through stage: Binder.Stage) throws(QueryError) {
    let outer = plan
    let outerWidth = outer.schema.count
    for number in binder.joined.indices
    where places[ColumnSpace.joined + number] == nil
      && binder.joined[number].stage.rawValue <= stage.rawValue
    {
      let subquery = binder.joined[number]
      if isGrouped && subquery.stage == .input { continue }
      let width = plan.schema.count
      switch subquery.kind {
      case .membership(let operands):
        plan = Decorrelation.marked(plan, subquery.plan, operands: try placed(operands))
      case .scalar, .exists:
        var correlations: [Expression] = []
        for correlation in subquery.correlations {
          correlations.append(try placed(correlation, at: subquery.position))
        }
        let readsOuter = correlations.allSatisfy { $0.columns.allSatisfy { $0 < outerWidth } }
        var source = readsOuter ? outer : plan
        if let condition = subquery.precondition {
          source = .filter(source, predicate: try placed(condition))
        }
        plan = try Decorrelation.joined(
          plan, subquery.plan, correlations: correlations, of: source, kind: subquery.kind,
          at: subquery.position)
      }
      places[ColumnSpace.joined + number] = .column(index: width, type: subquery.type)
    }
  }

  func placed(_ expressions: [Expression]) throws(QueryError) -> [Expression] {
    var found: [Expression] = []
    for expression in expressions { found.append(try placed(expression)) }
    return found
  }

  /// The expression over the columns of `plan`.
  func placed(_ expression: Expression, at position: Int? = nil) throws(QueryError)
    -> Expression
  {
    try expression.rewritten { (node) throws(QueryError) in
      if isGrouped {
        if case .literal = node { return nil }
        if let key = keyColumns[node.fingerprint] { return key }
      }
      guard case .column(let index, let type) = node else { return nil }
      if let place = places[index] { return place }
      if ColumnSpace.isOuter(index) || ColumnSpace.isScalar(index) { return node }
      if (ColumnSpace.unnested..<ColumnSpace.joined).contains(index) {
        throw QueryError(
          .unsupported, "a subquery beside unnest that reads its elements is not supported",
          at: position ?? select.position, hint: "unnest in a subquery in FROM works")
      }
      if !isGrouped { return node }
      if index >= ColumnSpace.grouping, index < ColumnSpace.window {
        return .column(
          index: keyCount + aggregateCount + index - ColumnSpace.grouping, type: type)
      }
      if ColumnSpace.isAggregate(index) {
        return .column(index: keyCount + index - ColumnSpace.aggregate, type: type)
      }
      throw ungrouped(index, at: position)
    }
  }

  func ungrouped(_ index: Int, at position: Int?) -> QueryError {
    let column = binder.scope.columns.first { column in
      if case .column(let number, _) = column.expression { return number == index }
      return false
    }
    let name = column?.name ?? "of this expression"
    return QueryError(
      .syntax, "the column \"\(name)\" must be in GROUP BY or in an aggregate",
      at: binder.columnPositions[index] ?? position,
      hint: "any_value(\(name)) takes one of the values")
  }
}
