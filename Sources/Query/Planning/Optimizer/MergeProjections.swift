import ColStore

/// Makes one projection of two where that computes nothing twice.
enum MergeProjections {
  static let apply: Optimizer.Rule = { plan in merged(plan) }

  private static func merged(_ plan: LogicalPlan) -> LogicalPlan {
    let result = plan.withInputs(plan.inputs.map(merged))
    guard case .project(.project(let input, let inner), let outer) = result else { return result }
    var uses = [Int](repeating: 0, count: inner.count)
    for column in outer {
      column.expression.forEachColumn { if $0 < inner.count { uses[$0] += 1 } }
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
    return merged(
      .project(
        input,
        outer.map { column in
          NamedExpression(
            name: column.name,
            expression: column.expression.replacingColumns { index, _ in
              index < inner.count ? inner[index].expression : nil
            })
        }))
  }
}
