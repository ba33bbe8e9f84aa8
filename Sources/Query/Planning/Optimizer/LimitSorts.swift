/// A sort of which only the first rows are wanted keeps only those.
enum LimitSorts {
  static let apply: Optimizer.Rule = { plan in limited(plan) }

  private static func limited(_ plan: LogicalPlan) -> LogicalPlan {
    let result = plan.withInputs(plan.inputs.map(limited))
    guard case .limit(let input, let limit, let offset) = result else { return result }
    switch input {
    case .sort(let sorted, let keys, nil, 0):
      return .sort(sorted, keys: keys, limit: limit, offset: offset)
    case .project(let projected, let expressions)
    where expressions.allSatisfy({ $0.expression.isDeterministic && !$0.expression.canFail }):
      // Rows are counted below, where there may be a sort; fewer are projected.
      return .project(limited(.limit(projected, limit: limit, offset: offset)), expressions)
    default: return result
    }
  }
}
