import ColStore

extension AggregateSink {
  /// DISTINCT aggregates of one argument (and constants) as plain ones over the distinct rows of keys
  /// and argument, which are found like any groups, by all workers and in files where memory is short.
  ///
  /// Nil where there are other aggregates, or the few values that an argument can have are better
  /// marked (``CodeSetAccumulator``).
  func overDistinctRows() throws(QueryError) -> AggregateSink? {
    guard let first = aggregates.first, let argument = first.arguments.first,
      argument.isDeterministic,
      keys.allSatisfy(\.isDeterministic),
      aggregates.allSatisfy({ aggregate in
        aggregate.isDistinct && aggregate.filter == nil
          && (!aggregate.needsOrder || aggregate.ordersByArgument)
          && aggregate.arguments.dropFirst().allSatisfy { $0.constant != nil }
          && aggregate.arguments[0].bareColumn == argument.bareColumn
          && aggregate.arguments[0].type == argument.type
      }), argument.bareColumn != nil || aggregates.count == 1,
      !(first.makeAccumulator(input, groupLimit: keys.isEmpty ? 1 : directGroupCount)
        is CodeSetAccumulator)
    else { return nil }
    let rows = try AggregateSink(
      input: input, keys: keys + [argument], aggregates: [], context: context
    ).pipeline()
    let value = Expression.column(index: keys.count, type: argument.type)
    return AggregateSink(
      input: rows,
      keys: keys.enumerated().map {
        CompiledExpression(column: $0.offset, type: $0.element.type)
      },
      aggregates: aggregates.map { aggregate in
        let constants = aggregate.arguments.compactMap(\.constant).map {
          Expression.literal($0.value(at: 0), type: $0.type)
        }
        return CompiledAggregate(
          AggregateCall(
            overload: aggregate.overload, arguments: [value] + constants, isDistinct: false,
            filter: nil,
            orderBy: aggregate.orderBy.map {
              SortKey(
                expression: value, descending: $0.descending, nullsFirst: $0.nullsFirst)
            }, position: aggregate.position))
      }, context: context)
  }
}

extension CompiledAggregate {
  /// Whether rows are ordered by nothing but the argument.
  fileprivate var ordersByArgument: Bool {
    !orderBy.isEmpty
      && orderBy.allSatisfy {
        $0.expression.bareColumn != nil && $0.expression.bareColumn == arguments[0].bareColumn
      }
  }
}
