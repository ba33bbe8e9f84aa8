import ColStore

/// Arithmetic without tests for overflow where the ranges of its operands rule that out.
///
/// What cannot fail is cheaper, and conditions on it may be tested anywhere.
enum DropChecks {
  static let apply: Optimizer.Rule = { plan in unchecked(plan) }

  private static func unchecked(_ plan: LogicalPlan) -> LogicalPlan {
    let plan = plan.withInputs(plan.inputs.map(unchecked))
    switch plan {
    case .join(let kind, let left, let right, let equalities, let residual):
      // Unmatched rows have no values, and thus none out of range.
      let both = LogicalPlan.join(.inner, left, right, equalities: [], residual: nil)
      return .join(
        kind, left, right,
        equalities: equalities.map {
          $0.replacing(
            left: unchecked($0.left, over: left), right: unchecked($0.right, over: right))
        }, residual: residual.map { unchecked($0, over: both) })
    case .scan: return plan.mappingOwnExpressions { unchecked($0, over: plan) }
    default:
      guard let input = plan.inputs.first else { return plan }
      return plan.mappingOwnExpressions { unchecked($0, over: input) }
    }
  }

  private static func unchecked(_ expression: Expression, over input: LogicalPlan) -> Expression {
    guard expression.canFail else { return expression }
    let expression = expression.mappingChildren { unchecked($0, over: input) }
    switch expression {
    case .call(let call):
      let types = call.overload.parameterTypes
      guard call.overload.canFail, call.arguments.count == 2, types.count == 2,
        call.overload.resultType.isNumeric, types.allSatisfy(\.isNumeric),
        let operation = Arithmetic(rawValue: call.overload.name),
        input.range(of: expression) != nil,
        let overload = Arithmetic.unchecked(operation, types, call.overload.resultType)
      else { return expression }
      return .call(
        ScalarCall(overload: overload, arguments: call.arguments, position: call.position))
    case .cast(let operand, let type, isTry: false, let position)
    where type.isInteger && operand.type.isInteger && input.range(of: expression) != nil:
      return .cast(operand, to: type, isTry: true, position: position)
    default: return expression
    }
  }
}
