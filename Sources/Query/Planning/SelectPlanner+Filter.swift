import ColStore

extension SelectPlanner {
  mutating func planFilter(_ syntax: ExpressionSyntax) throws(QueryError) {
    var conditions: [Expression] = []
    var semiJoins: [(operand: Expression, plan: LogicalPlan, correlations: [Expression], Int)] = []
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
        conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
      }
    }
    try joinSubqueries(through: .input)
    var placedConditions: [Expression] = []
    for condition in conditions { placedConditions.append(try placed(condition)) }
    if let condition = Expression.conjunction(placedConditions) {
      plan = .filter(plan, predicate: condition)
    }
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

  static func conjuncts(_ syntax: ExpressionSyntax) -> [ExpressionSyntax] {
    if case .and(let operands) = syntax.kind { return operands.flatMap { conjuncts($0) } }
    return [syntax]
  }
}
