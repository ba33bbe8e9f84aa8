import ColStore

/// Tests cheap conditions first.
///
/// Conditions that may fail keep their place behind those that stood before them, so that a test
/// that protects them still does.
enum OrderFilters {
  static let apply: Optimizer.Rule = { plan in reordered(plan) }

  private static func reordered(_ plan: LogicalPlan) -> LogicalPlan {
    let result = plan.withInputs(plan.inputs.map(reordered))
    switch result {
    case .filter(let input, let predicate):
      return .filter(
        input, predicate: Expression.conjunction(ordered(predicate.conjuncts)) ?? predicate)
    case .scan(let table, let columns, let predicates):
      return .scan(table: table, columns: columns, predicates: ordered(predicates))
    default: return result
    }
  }

  private static func ordered(_ conditions: [Expression]) -> [Expression] {
    var result: [Expression] = []
    var run: [Expression] = []
    func flush() {
      let ranked = run.enumerated().sorted { left, right in
        let (one, other) = (cost(left.element), cost(right.element))
        return one != other ? one < other : left.offset < right.offset
      }
      result += ranked.map(\.element)
      run = []
    }
    for condition in conditions {
      if condition.canFail {
        flush()
        result.append(condition)
      } else {
        run.append(condition)
      }
    }
    flush()
    return result
  }

  /// Work for one row, in comparisons of numbers.
  private static func cost(_ expression: Expression) -> Int {
    var total = expression.children.reduce(0) { $0 + cost($1) }
    switch expression {
    case .column, .literal: break
    case .call(let call):
      let text = call.arguments.contains { $0.type == .varchar }
      let isComparison = ["=", "<>", "<", "<=", ">", ">="].contains(call.overload.name)
      total += isComparison ? (text ? 3 : 1) : (text ? 30 : 3)
    case .cast: total += 4
    case .conditional: total += 4
    case .and, .or, .not, .isNull: total += 1
    case .inList: total += 2
    }
    return total
  }
}

extension Expression {
  /// Whether some row could make it fail.
  var canFail: Bool {
    switch self {
    case .call(let call): call.overload.canFail || call.arguments.contains(where: \.canFail)
    case .cast(let operand, let type, let isTry, _):
      operand.canFail || (!isTry && !Self.castAlwaysFits(operand.type, type))
    default: children.contains(where: \.canFail)
    }
  }

  /// Whether every value of the one type has its like in the other.
  static func castAlwaysFits(_ from: DataType, _ type: DataType) -> Bool {
    if from == .null || type == .varchar { return true }
    switch (from, type) {
    case (.integer, .bigint), (.integer, .double), (.bigint, .double), (.decimal, .double),
      (.boolean, .integer), (.boolean, .bigint), (.boolean, .double), (.timestamp, .date),
      (_, .boolean) where from.isNumeric || from == .timestamp && type == .date:
      return true
    case (.integer, .decimal(let precision, let scale)): return precision - scale >= 10
    case (.bigint, .decimal(let precision, let scale)): return precision - scale >= 19
    case (.decimal(let p, let s), .decimal(let precision, let scale)):
      return scale >= s && precision - scale >= p - s
    default: return false
    }
  }

  /// Whether the same row always gives the same value.
  var isDeterministic: Bool {
    if case .call(let call) = self, !call.overload.isDeterministic { return false }
    return children.allSatisfy(\.isDeterministic)
  }
}
