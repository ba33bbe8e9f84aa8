import ColStore

extension LogicalPlan {
  /// This node over other inputs, as many as it has.
  func withInputs(_ inputs: [LogicalPlan]) -> LogicalPlan {
    switch self {
    case .scan, .values: return self
    case .filter(_, let predicate): return .filter(inputs[0], predicate: predicate)
    case .project(_, let expressions): return .project(inputs[0], expressions)
    case .aggregate(_, let keys, let aggregates, let sets):
      return .aggregate(inputs[0], keys: keys, aggregates: aggregates, groupingSets: sets)
    case .window(_, let calls): return .window(inputs[0], calls: calls)
    case .unnest(_, let lists): return .unnest(inputs[0], lists: lists)
    case .sort(_, let keys, let limit, let offset):
      return .sort(inputs[0], keys: keys, limit: limit, offset: offset)
    case .limit(_, let limit, let offset):
      return .limit(inputs[0], limit: limit, offset: offset)
    case .distinct: return .distinct(inputs[0])
    case .setOperation(let operation, _, _, let all):
      return .setOperation(operation, inputs[0], inputs[1], all: all)
    case .join(let kind, _, _, let equalities, let residual):
      return .join(kind, inputs[0], inputs[1], equalities: equalities, residual: residual)
    case .operation(let operation, _): return .operation(operation, inputs)
    }
  }

  /// This plan with every expression of this node and those below changed; types stay.
  func mappingExpressions(_ change: (Expression) -> Expression) -> LogicalPlan {
    mappingOwnExpressions(change).withInputs(inputs.map { $0.mappingExpressions(change) })
  }

  /// This node with its own expressions changed.
  func mappingOwnExpressions(_ change: (Expression) -> Expression) -> LogicalPlan {
    func named(_ column: NamedExpression) -> NamedExpression {
      NamedExpression(name: column.name, expression: change(column.expression))
    }
    switch self {
    case .scan(let table, let columns, let predicates):
      return .scan(table: table, columns: columns, predicates: predicates.map(change))
    case .values(let rows, let schema):
      return .values(rows: rows.map { $0.map(change) }, schema: schema)
    case .filter(let input, let predicate): return .filter(input, predicate: change(predicate))
    case .project(let input, let expressions): return .project(input, expressions.map(named))
    case .aggregate(let input, let keys, let aggregates, let sets):
      return .aggregate(
        input, keys: keys.map(named),
        aggregates: aggregates.map {
          NamedAggregate(name: $0.name, call: $0.call.mappedSafely(change))
        }, groupingSets: sets)
    case .window(let input, let calls):
      return .window(
        input,
        calls: calls.map { NamedWindow(name: $0.name, call: $0.call.mappedSafely(change)) })
    case .sort(let input, let keys, let limit, let offset):
      return .sort(
        input,
        keys: keys.map {
          SortKey(
            expression: change($0.expression), descending: $0.descending,
            nullsFirst: $0.nullsFirst)
        }, limit: limit, offset: offset)
    case .unnest(let input, let lists): return .unnest(input, lists: lists.map(named))
    case .limit, .distinct, .setOperation, .operation: return self
    case .join(let kind, let left, let right, let equalities, let residual):
      return .join(
        kind, left, right,
        equalities: equalities.map {
          $0.replacing(left: change($0.left), right: change($0.right))
        }, residual: residual.map(change))
    }
  }
}

extension AggregateCall {
  /// As ``mapped(_:)``, for changes that cannot fail.
  func mappedSafely(_ change: (Expression) -> Expression) -> AggregateCall {
    AggregateCall(
      overload: overload, arguments: arguments.map(change), isDistinct: isDistinct,
      filter: filter.map(change),
      orderBy: orderBy.map {
        SortKey(
          expression: change($0.expression), descending: $0.descending, nullsFirst: $0.nullsFirst)
      }, position: position)
  }
}

extension WindowCall {
  /// As ``mapped(_:)``, for changes that cannot fail.
  func mappedSafely(_ change: (Expression) -> Expression) -> WindowCall {
    (try? mapped { (expression) throws(QueryError) in change(expression) }) ?? self
  }
}
