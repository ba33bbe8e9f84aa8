extension LogicalPlan {
  /// Whether any expression in the plan reads columns of the query around it.
  var isCorrelated: Bool {
    expressions.contains { $0.readsOuter } || inputs.contains { $0.isCorrelated }
  }

  /// How many nodes the plan has, those of shared parts each time; counted up to one more than `limit`.
  func nodeCount(upTo limit: Int) -> Int {
    var count = 1
    for input in inputs where count <= limit {
      count += input.nodeCount(upTo: limit - count)
    }
    return count
  }

  /// Whether the plan gives one row at most.
  var hasAtMostOneRow: Bool {
    switch self {
    case .values(let rows, _): rows.count <= 1
    case .project(let input, _), .window(let input, _): input.hasAtMostOneRow
    case .sort(_, _, let limit?, _) where limit <= 1: true
    case .limit(_, let limit?, _) where limit <= 1: true
    case .sort(let input, _, _, _), .limit(let input, _, _), .filter(let input, _),
      .distinct(let input):
      input.hasAtMostOneRow
    case .aggregate(_, let keys, _, let sets): keys.isEmpty && sets == nil
    default: false
    }
  }

  /// The expressions of this node alone.
  var expressions: [Expression] {
    switch self {
    case .scan(_, _, let predicates): predicates
    case .values(let rows, _): rows.flatMap { $0 }
    case .filter(_, let predicate): [predicate]
    case .project(_, let expressions): expressions.map(\.expression)
    case .aggregate(_, let keys, let aggregates, _):
      keys.map(\.expression) + aggregates.flatMap { $0.call.expressions }
    case .window(_, let calls): calls.flatMap { $0.call.expressions }
    case .unnest(_, let lists): lists.map(\.expression)
    case .sort(_, let keys, _, _): keys.map(\.expression)
    case .limit, .distinct, .setOperation, .operation: []
    case .join(_, _, _, let equalities, let residual):
      equalities.flatMap { [$0.left, $0.right] } + (residual.map { [$0] } ?? [])
    }
  }

  /// The rows for which all conditions hold.
  func filtered(by conditions: [Expression]) -> LogicalPlan {
    Expression.conjunction(conditions).map { .filter(self, predicate: $0) } ?? self
  }

  /// The first `count` columns, and the column `last`.
  func keeping(_ count: Int, and last: Int) -> LogicalPlan {
    selecting(Array(0..<count) + [last])
  }

  /// The first `count` columns.
  func keepingFirst(_ count: Int) -> LogicalPlan { selecting(0..<count) }

  /// These columns alone, under their names.
  func selecting(_ columns: some Sequence<Int>) -> LogicalPlan {
    let fields = schema
    return .project(
      self,
      columns.map {
        NamedExpression(
          name: fields[$0].name, expression: .column(index: $0, type: fields[$0].type))
      })
  }
}

extension AggregateCall {
  var expressions: [Expression] {
    arguments + (filter.map { [$0] } ?? []) + orderBy.map(\.expression)
  }
}

extension WindowCall {
  var expressions: [Expression] {
    var found: [Expression] = []
    _ = try? mapped { expression in
      found.append(expression)
      return expression
    }
    return found
  }
}
