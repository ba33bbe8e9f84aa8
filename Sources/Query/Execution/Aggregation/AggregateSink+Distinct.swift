import ColStore

extension AggregateSink {
  /// DISTINCT aggregates of one argument as plain ones over the distinct rows of keys and argument,
  /// which are found like any groups, by all workers and in files where memory is short.
  ///
  /// Nil where there are other aggregates, or the few values that an argument can have are better
  /// marked (``CodeSetAccumulator``).
  func overDistinctRows() throws(QueryError) -> AggregateSink? {
    guard let first = aggregates.first, first.arguments.count == 1,
      let argument = first.arguments.first, argument.isDeterministic,
      keys.allSatisfy(\.isDeterministic),
      aggregates.allSatisfy({ aggregate in
        aggregate.isDistinct && aggregate.filter == nil && !aggregate.needsOrder
          && aggregate.arguments.count == 1
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
        CompiledAggregate(
          AggregateCall(
            overload: aggregate.overload, arguments: [value], isDistinct: false, filter: nil,
            orderBy: [], position: aggregate.position))
      }, context: context)
  }

  /// How many groups there can be where their numbers are computed; nil elsewhere.
  private var directGroupCount: Int? {
    isDirect ? domains.reduce(1) { $0 * max($1?.size ?? 1, 1) } : nil
  }
}
