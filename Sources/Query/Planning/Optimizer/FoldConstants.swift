import ColStore

/// Computes what depends on no row: calls and casts of literals, conditions on literals.
///
/// What fails is left in place, so that it fails only when a row gets there.
enum FoldConstants {
  static let apply: Optimizer.Rule = { plan in plan.mappingExpressions(folded) }

  static func folded(_ expression: Expression) -> Expression {
    switch expression {
    case .column, .literal: return expression
    case .call(let call):
      let arguments = call.arguments.map(folded)
      let result = Expression.call(
        ScalarCall(overload: call.overload, arguments: arguments, position: call.position))
      guard call.overload.isDeterministic, arguments.allSatisfy(\.isLiteral) else { return result }
      return computed(result)
    case .cast(let operand, let type, let isTry, let position):
      let operand = folded(operand)
      let result = Expression.cast(operand, to: type, isTry: isTry, position: position)
      return operand.isLiteral ? computed(result) : result
    case .conditional(let branches, let otherwise, let type):
      return conditional(branches, otherwise, type)
    case .and(let operands): return junction(operands, isAnd: true)
    case .or(let operands): return junction(operands, isAnd: false)
    case .not(let operand):
      switch folded(operand) {
      case .literal(.bool(let value), _): return .bool(!value)
      case .literal(.null, _): return .null(.boolean)
      case .not(let inner): return inner
      case let operand: return .not(operand)
      }
    case .isNull(let operand):
      let operand = folded(operand)
      if case .literal(let value, _) = operand { return .bool(value.isNull) }
      return .isNull(operand)
    case .inList(let operand, let list):
      let result = Expression.inList(folded(operand), list.map(folded))
      return result.children.allSatisfy(\.isLiteral) ? computed(result) : result
    }
  }

  /// The literal that the constant expression is, or the expression where it has none.
  private static func computed(_ expression: Expression) -> Expression {
    switch expression.type {
    case .list, .map: return expression
    default: break
    }
    guard let value = try? ConstantFolding.value(of: expression) else { return expression }
    return .literal(value, type: expression.type)
  }

  private static func conditional(
    _ branches: [Expression.Branch], _ otherwise: Expression, _ type: DataType
  ) -> Expression {
    var kept: [Expression.Branch] = []
    for branch in branches {
      let condition = folded(branch.condition)
      if case .literal(let value, _) = condition {
        guard value == .bool(true) else { continue }
        let result = folded(branch.result)
        return kept.isEmpty
          ? result : .conditional(branches: kept, otherwise: result, type: type)
      }
      kept.append(Expression.Branch(condition: condition, result: folded(branch.result)))
    }
    let otherwise = folded(otherwise)
    return kept.isEmpty
      ? otherwise : .conditional(branches: kept, otherwise: otherwise, type: type)
  }

  private static func junction(_ operands: [Expression], isAnd: Bool) -> Expression {
    var kept: [Expression] = []
    for operand in operands.map(folded) {
      if case .literal(.bool(let value), _) = operand {
        if value == isAnd { continue }
        // FALSE decides an AND, TRUE an OR, whatever the others are; those before it may fail.
        if kept.isEmpty { return operand }
      }
      switch operand {
      case .and(let inner) where isAnd: kept += inner
      case .or(let inner) where !isAnd: kept += inner
      default: kept.append(operand)
      }
    }
    switch kept.count {
    case 0: return .bool(isAnd)
    case 1: return kept[0]
    default: return isAnd ? .and(kept) : .or(kept)
    }
  }
}
