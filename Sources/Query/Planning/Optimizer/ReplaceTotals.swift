/// Aggregates over all rows, `sum(x) OVER ()`, of rows that are read from a table: they are computed first,
/// and stand beside each row as it is read again, so that no row has to be kept.
///
/// What the rows are made of must be cheap, for it is done twice.
enum ReplaceTotals {
  static let apply: Optimizer.Rule = { plan in replaced(plan) }

  private static func replaced(_ plan: LogicalPlan) -> LogicalPlan {
    let plan = plan.withInputs(plan.inputs.map(replaced))
    guard case .window(let input, let calls) = plan, input.isCheap else { return plan }
    var totals: [NamedAggregate] = []
    var others: [NamedWindow] = []
    /// Where each call's result comes to stand.
    var places: [(isTotal: Bool, number: Int)] = []
    for call in calls {
      if let total = call.call.total {
        places.append((true, totals.count))
        totals.append(NamedAggregate(name: call.name, call: total))
      } else {
        places.append((false, others.count))
        others.append(call)
      }
    }
    guard !totals.isEmpty else { return plan }
    let rows = others.isEmpty ? input : .window(input, calls: others)
    let sums = LogicalPlan.aggregate(input, keys: [], aggregates: totals, groupingSets: nil)
    let joined = LogicalPlan.join(.inner, rows, sums, equalities: [], residual: nil)
    let width = input.schema.count
    let columns = joined.schema
    var results = (0..<width).map { Expression.column(index: $0, type: columns[$0].type) }
    for (call, place) in zip(calls, places) {
      let index = width + (place.isTotal ? others.count : 0) + place.number
      let column = Expression.column(index: index, type: columns[index].type)
      let type = call.call.resultType
      results.append(
        column.type == type ? column : .cast(column, to: type, isTry: false, position: nil))
    }
    let names = plan.schema.map(\.name)
    return .project(
      joined, zip(names, results).map { NamedExpression(name: $0, expression: $1) })
  }
}

extension WindowCall {
  /// The aggregate, where each row's frame has all rows in whatever order they come.
  fileprivate var total: AggregateCall? {
    guard case .aggregate(let call) = function, partitionBy.isEmpty, orderBy.isEmpty,
      case .unboundedPreceding = frame.start, case .unboundedFollowing = frame.end,
      case .nothing = frame.exclusion
    else { return nil }
    return call
  }
}
