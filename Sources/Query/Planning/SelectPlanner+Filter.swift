import ColStore

extension SelectPlanner {
  mutating func planFilter(_ syntax: ExpressionSyntax) throws(QueryError) {
    var conditions: [Expression] = []
    var semiJoins: [(operand: Expression, plan: LogicalPlan, correlations: [Expression], Int)] = []
    var existences: [(existence: CorrelatedExistence, negated: Bool)] = []
    for conjunct in Self.conjuncts(syntax) {
      switch conjunct.kind {
      case .inQuery(let operand, let query, negated: false),
        .quantified(let operand, "=", let query, isAll: false):
        binder.clause = .filter
        binder.stage = .input
        if binder.rowFields(operand) != nil {
          conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
          continue
        }
        let members = try binder.membership(operand, query, at: conjunct.position)
        semiJoins.append(
          (members.operand, members.plan, members.correlations, conjunct.position))
      default:
        if let found = try existence(conjunct) {
          existences.append(found)
        } else {
          conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
        }
      }
    }
    try joinSubqueries(through: .input)
    var placedConditions: [Expression] = []
    for condition in conditions { placedConditions.append(try placed(condition)) }
    if let condition = Expression.conjunction(placedConditions) {
      plan = .filter(plan, predicate: condition)
    }
    for (existence, negated) in existences { plan = existence.joined(plan, negated: negated) }
    for (operand, members, correlations, position) in semiJoins {
      let value = try placed(operand)
      if correlations.isEmpty {
        plan = .join(
          .semi, plan, members,
          equalities: [
            JoinEquality(left: value, right: .column(index: 0, type: value.type))
          ], residual: nil)
      } else {
        plan = try Decorrelation.semiJoined(
          plan, members, operand: value, correlations: correlations, at: position)
      }
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
