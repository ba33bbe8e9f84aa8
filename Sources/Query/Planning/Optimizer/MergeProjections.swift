import ColStore

/// Makes one projection of two, and takes expressions into the aggregation above them, where that
/// computes nothing twice.
enum MergeProjections {
  static let apply: Optimizer.Rule = { plan in merged(plan) }

  private static func merged(_ plan: LogicalPlan) -> LogicalPlan {
    let result = plan.withInputs(plan.inputs.map(merged))
    guard result.takesExpressions, case .project(let input, let inner)? = result.inputs.first
    else { return result }
    var uses = [Int](repeating: 0, count: inner.count)
    _ = result.mappingOwnExpressions { expression in
      expression.forEachColumn { if $0 < inner.count { uses[$0] += 1 } }
      return expression
    }
    let mergeable = inner.indices.allSatisfy { index in
      switch inner[index].expression {
      case .column, .literal: true
      default:
        uses[index] <= 1 && inner[index].expression.isDeterministic
          && (uses[index] == 1 || !inner[index].expression.canFail)
      }
    }
    guard mergeable else { return result }
    let over = result.mappingOwnExpressions { expression in
      expression.replacingColumns { index, _ in
        index < inner.count ? inner[index].expression : nil
      }
    }
    return merged(over.withInputs([input]))
  }
}

extension LogicalPlan {
  fileprivate var takesExpressions: Bool {
    switch self {
    case .project, .aggregate: true
    default: false
    }
  }
}
