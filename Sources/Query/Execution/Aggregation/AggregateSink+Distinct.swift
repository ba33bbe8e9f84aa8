import ColStore

extension AggregateSink {
  /// DISTINCT aggregates of one argument (and constants) as plain ones over the distinct rows of keys
  /// and argument, which are found like any groups, by all workers and in files where memory is short.
  ///
  /// Nil where there are other aggregates, or the few values that an argument can have are better
  /// marked (``CodeSetAccumulator``), unless that is not wanted.
  func overDistinctRows(evenOfCodes: Bool = false) throws(QueryError) -> AggregateSink? {
    guard let first = aggregates.first, let argument = first.arguments.first,
      keys.allSatisfy(\.isDeterministic),
      aggregates.allSatisfy({ aggregate in
        aggregate.canRunOverDistinctRows && aggregate.filter == nil
          && (aggregates.count == 1 || aggregate.sharesDistinctRows(with: first))
      }),
      evenOfCodes || !isMarked(first)
    else { return nil }
    let rows = try AggregateSink(
      input: input, keys: keys + [argument], aggregates: [], keepsOrder: keepsOrder && !isDirect,
      context: context
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
      }, keepsOrder: keepsOrder, context: context)
  }

  /// Whether the values that a DISTINCT aggregate sees are marked by code.
  func isMarked(_ aggregate: CompiledAggregate) -> Bool {
    aggregate.markedDictionary(input, groupLimit: keys.isEmpty ? 1 : directGroupCount) != nil
  }
}

extension CompiledAggregate {
  /// Whether it can be computed over the distinct rows of the keys and its argument, those for which
  /// its filter holds.
  var canRunOverDistinctRows: Bool {
    guard isDistinct, isDeterministic, let argument = arguments.first, argument.constant == nil
    else { return false }
    return arguments.dropFirst().allSatisfy { $0.constant != nil }
      && (!needsOrder || ordersByArgument)
  }

  /// Whether both can be computed over the same distinct rows.
  func sharesDistinctRows(with other: CompiledAggregate) -> Bool {
    guard let own = arguments[0].bareColumn, filter == nil, other.filter == nil else {
      return false
    }
    return own == other.arguments[0].bareColumn && arguments[0].type == other.arguments[0].type
  }

  /// Whether rows are ordered by nothing but the argument.
  private var ordersByArgument: Bool {
    !orderBy.isEmpty
      && orderBy.allSatisfy {
        $0.expression.bareColumn != nil && $0.expression.bareColumn == arguments[0].bareColumn
      }
  }
}
