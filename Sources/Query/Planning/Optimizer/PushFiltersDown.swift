import ColStore

/// Tests rows as early as possible: below projections, joins, groupings, windows and sorts, and
/// within scans.
///
/// Conditions that may fail stay above joins and groupings, which can drop the rows that they would
/// fail on.
enum PushFiltersDown {
  static let apply: Optimizer.Rule = { plan in pushed(plan, []) }

  /// The plan with `conditions`, over its output, tested as far down as they can be.
  private static func pushed(_ plan: LogicalPlan, _ conditions: [Expression]) -> LogicalPlan {
    switch plan {
    case .filter(let input, let predicate):
      return pushed(input, predicate.conjuncts + conditions)
    case .scan(let table, let columns, let predicates):
      let constants = conditions.filter(\.columns.isEmpty)
      let own = conditions.filter { !$0.columns.isEmpty }
      return LogicalPlan.scan(table: table, columns: columns, predicates: predicates + own)
        .filtered(by: constants)
    case .project(let input, let expressions):
      var below: [Expression] = []
      var above: [Expression] = []
      for condition in conditions {
        let replaced = condition.replacingColumns { index, _ in
          index < expressions.count ? expressions[index].expression : nil
        }
        let sources = condition.columns.filter { $0 < expressions.count }
        let isCheap = sources.allSatisfy { expressions[$0].expression.isDeterministic }
        if isCheap && above.isEmpty { below.append(replaced) } else { above.append(condition) }
      }
      return LogicalPlan.project(pushed(input, below), expressions).filtered(by: above)
    case .join(let kind, let left, let right, let equalities, let residual):
      return join(kind, left, right, equalities, residual, conditions)
    case .aggregate(let input, let keys, let aggregates, let sets):
      // A condition on keys alone drops whole groups; without keys there is always a row.
      let (below, above) = split(conditions) { condition in
        sets == nil && !keys.isEmpty
          && condition.columns.allSatisfy { $0 < keys.count && keys[$0].expression.isDeterministic }
          && !condition.columns.isEmpty
      }
      let mapped = below.map { condition in
        condition.replacingColumns { index, _ in keys[index].expression }
      }
      return LogicalPlan.aggregate(
        pushed(input, mapped), keys: keys, aggregates: aggregates, groupingSets: sets
      ).filtered(by: above)
    case .window(let input, let calls):
      // A condition on what all windows partition by drops whole partitions.
      let width = input.schema.count
      let (below, above) = split(conditions) { condition in
        condition.columns.allSatisfy { column in
          column < width
            && calls.allSatisfy { call in
              call.call.partitionBy.contains { part in
                if case .column(let index, _) = part { return index == column }
                return false
              }
            }
        }
      }
      return LogicalPlan.window(pushed(input, below), calls: calls).filtered(by: above)
    case .sort(let input, let keys, nil, 0):
      return .sort(pushed(input, conditions), keys: keys, limit: nil, offset: 0)
    case .distinct(let input):
      let (below, above) = split(conditions) { _ in true }
      return LogicalPlan.distinct(pushed(input, below)).filtered(by: above)
    case .setOperation(let operation, let left, let right, let all):
      let (below, above) = split(conditions) { _ in true }
      return LogicalPlan.setOperation(
        operation, pushed(left, below), pushed(right, below), all: all
      ).filtered(by: above)
    case .values, .sort, .limit, .unnest, .operation:
      return plan.withInputs(plan.inputs.map { pushed($0, []) }).filtered(by: conditions)
    }
  }

  /// The conditions that may go below an operator that drops or combines rows, and the others.
  private static func split(
    _ conditions: [Expression], _ fits: (Expression) -> Bool
  ) -> (below: [Expression], above: [Expression]) {
    var (below, above): ([Expression], [Expression]) = ([], [])
    for condition in conditions {
      if !condition.canFail && condition.isDeterministic && fits(condition) {
        below.append(condition)
      } else {
        above.append(condition)
      }
    }
    return (below, above)
  }

  /// What an OR asks of one side, if each of its operands asks something of that.
  private static func asked(
    by condition: Expression, _ isOfSide: (Expression) -> Bool
  ) -> [Expression] {
    guard case .or(let operands) = condition else { return [] }
    let own = operands.map { Expression.conjunction($0.conjuncts.filter(isOfSide)) }
    return own.allSatisfy { $0 != nil } ? [.or(own.compactMap { $0 })] : []
  }

  private static func join(
    _ kind: JoinKind, _ left: LogicalPlan, _ right: LogicalPlan, _ equalities: [JoinEquality],
    _ residual: Expression?, _ conditions: [Expression]
  ) -> LogicalPlan {
    let width = left.schema.count
    func isLeft(_ condition: Expression) -> Bool {
      let columns = condition.columns
      return !columns.isEmpty && columns.allSatisfy { $0 < width }
    }
    func isRight(_ condition: Expression) -> Bool {
      let columns = condition.columns
      return !columns.isEmpty && columns.allSatisfy { $0 >= width && ColumnSpace.isInput($0) }
    }
    var leftConditions: [Expression] = []
    var rightConditions: [Expression] = []
    var above: [Expression] = []
    var equalities = equalities
    var kept: [Expression] = []
    // Rows of a side that the join keeps unmatched are dropped only by conditions above the join.
    let filtersLeft = kind != .right && kind != .full
    let filtersRight = kind == .inner || kind == .right
    for condition in conditions {
      if condition.canFail || !condition.isDeterministic {
        above.append(condition)
      } else if filtersLeft && isLeft(condition) {
        leftConditions.append(condition)
      } else if filtersRight && isRight(condition) {
        rightConditions.append(condition.mapColumns { $0 - width })
      } else if kind == .inner && !condition.columns.isEmpty {
        kept.append(condition)
        leftConditions += asked(by: condition, isLeft)
        rightConditions += asked(by: condition, isRight).map { $0.mapColumns { $0 - width } }
      } else {
        above.append(condition)
      }
    }
    // Conditions of the join itself: an unmatched row that is not kept need not be looked at.
    for condition in residual?.conjuncts ?? [] {
      let mayMove = !condition.canFail && condition.isDeterministic
      if mayMove, kind == .inner || kind == .right || kind == .semi, isLeft(condition) {
        leftConditions.append(condition)
      } else if mayMove, kind != .right && kind != .full, isRight(condition) {
        rightConditions.append(condition.mapColumns { $0 - width })
      } else {
        kept.append(condition)
      }
    }
    var rest: Expression?
    if let condition = Expression.conjunction(kept) {
      let (found, remaining) = QueryPlanner.split(condition, width: width)
      if kind == .inner {
        equalities += found
        rest = remaining
      } else {
        rest = condition
      }
    }
    return LogicalPlan.join(
      kind, pushed(left, leftConditions), pushed(right, rightConditions),
      equalities: equalities, residual: rest
    ).filtered(by: above)
  }
}
