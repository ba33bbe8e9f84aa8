import ColStore

/// Conditions in a form that other rules can use.
///
/// What all operands of an OR ask is asked once, beside it: of `a.x = b.x AND p OR a.x = b.x AND q` the
/// equality is one to join by. A date compared with a time is compared with a date, which takes no cast
/// that might fail.
enum SimplifyConditions {
  static let apply: Optimizer.Rule = { plan in plan.mappingExpressions(simplified) }

  private static func simplified(_ expression: Expression) -> Expression {
    let expression = expression.mappingChildren(simplified)
    switch expression {
    case .or(let operands): return factored(operands) ?? expression
    case .call(let call): return dateComparison(call) ?? expression
    default: return expression
    }
  }

  /// The common conditions of the operands of an OR, and the OR of what else they ask; nil where they
  /// have none in common. (Distribution and absorption hold with NULL, too.)
  private static func factored(_ operands: [Expression]) -> Expression? {
    let asked = operands.map(\.conjuncts)
    let others = asked.dropFirst().map { Set($0.map(\.fingerprint)) }
    // One that may fail stays behind those that protect it.
    let common = asked[0].filter { condition in
      !condition.canFail && condition.isDeterministic
        && others.allSatisfy { $0.contains(condition.fingerprint) }
    }
    guard !common.isEmpty else { return nil }
    let known = Set(common.map(\.fingerprint))
    let rest = asked.map { conditions in
      Expression.conjunction(conditions.filter { !known.contains($0.fingerprint) })
    }
    guard rest.allSatisfy({ $0 != nil }) else { return Expression.conjunction(common) }
    return .and(common + [.or(rest.compactMap { $0 })])
  }

  /// A comparison of a DATE, cast to TIMESTAMP, with a constant, as one of days; nil for all else.
  private static func dateComparison(_ call: ScalarCall) -> Expression? {
    guard call.arguments.count == 2, var comparison = Comparison(rawValue: call.overload.name)
    else { return nil }
    var (subject, constant) = (call.arguments[0], call.arguments[1])
    if subject.isLiteral {
      (subject, constant) = (constant, subject)
      comparison = comparison.mirrored
    }
    guard case .cast(let date, .timestamp, _, _) = subject, date.type == .date,
      case .literal(.int64(let time), _) = constant, TemporalArithmetic.timestamps.contains(time)
    else { return nil }
    let day = CalendarMath.day(of: time)
    let isMidnight = day * Int64(microsecondsPerDay) == time
    switch comparison {
    case .less: comparison = isMidnight ? .less : .lessOrEqual
    case .greaterOrEqual: comparison = isMidnight ? .greaterOrEqual : .greater
    case .lessOrEqual, .greater: break
    case .equal, .notEqual: if !isMidnight { return nil }
    }
    guard
      let overload = try? FunctionRegistry.scalar(comparison.rawValue)?.resolve(
        [.date, .date], [nil, nil])
    else { return nil }
    return .call(
      ScalarCall(
        overload: overload, arguments: [date, .literal(.int64(day), type: .date)],
        position: call.position))
  }
}
