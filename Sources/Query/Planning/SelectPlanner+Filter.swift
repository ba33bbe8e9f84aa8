import ColStore

extension SelectPlanner {
  /// The rows of `plan`, whose columns have the names of `scope`, that satisfy all `conditions`.
  static func filtered(
    _ plan: LogicalPlan, _ scope: Scope, by conditions: [ExpressionSyntax], _ query: QueryPlanner
  ) throws(QueryError) -> LogicalPlan {
    var planner = SelectPlanner(
      query, SelectSyntax([], from: nil, at: conditions[0].position))
    planner.plan = plan
    planner.binder.scope = scope
    for condition in conditions { try planner.planFilter(condition) }
    return planner.plan.keepingFirst(plan.schema.count)
  }

  mutating func planFilter(_ syntax: ExpressionSyntax) throws(QueryError) {
    var conditions: [Expression] = []
    var semiJoins: [(members: Binder.Members, position: Int)] = []
    var existences: [(existence: CorrelatedExistence, negated: Bool)] = []
    for conjunct in Self.conjuncts(syntax) {
      switch conjunct.kind {
      case .inQuery(let operand, let query, negated: false),
        .quantified(let operand, "=", let query, isAll: false):
        binder.clause = .filter
        binder.stage = .input
        let operands = binder.rowFields(operand) ?? [operand]
        let members = try binder.membership(operands, query, at: conjunct.position)
        semiJoins.append((members, conjunct.position))
      default:
        if let found = try existence(conjunct) {
          existences.append(found)
        } else {
          conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
        }
      }
    }
    // Subqueries are computed for the values of the rows that other conditions leave.
    try filter(conditions.filter { !$0.reads(ColumnSpace.isJoined) })
    try joinSubqueries(through: .input)
    try filter(conditions.filter { $0.reads(ColumnSpace.isJoined) })
    for (existence, negated) in existences { plan = existence.joined(plan, negated: negated) }
    for (members, position) in semiJoins {
      plan = try Decorrelation.semiJoined(
        plan, members.plan, operands: try placed(members.operands),
        correlations: members.correlations, at: position)
    }
  }

  private mutating func filter(_ conditions: [Expression]) throws(QueryError) {
    if let condition = Expression.conjunction(try placed(conditions)) {
      plan = .filter(plan, predicate: condition)
    }
  }

  /// EXISTS or NOT EXISTS of a subquery that a semi-join answers; nil where it is anything else.
  private func existence(
    _ condition: ExpressionSyntax
  ) throws(QueryError) -> (CorrelatedExistence, negated: Bool)? {
    var (inner, negated) = (condition, false)
    while case .not(let operand) = inner.kind { (inner, negated) = (operand, !negated) }
    guard case .exists(let query) = inner.kind else { return nil }
    binder.clause = .filter
    binder.stage = .input
    return try binder.existence(query, at: inner.position).map { ($0, negated) }
  }

  static func conjuncts(_ syntax: ExpressionSyntax) -> [ExpressionSyntax] {
    if case .and(let operands) = syntax.kind { return operands.flatMap { conjuncts($0) } }
    return [syntax]
  }
}
