import ColStore

extension AggregateSink {
  /// DISTINCT aggregates of the same arguments as plain ones over the distinct rows of keys and
  /// arguments (but constants), which are found like any groups, by all workers and in files where
  /// memory is short.
  ///
  /// Nil where there are other aggregates, or the few values that an argument can have are better
  /// marked (``CodeSetAccumulator``), unless that is not wanted.
  func overDistinctRows(evenOfCodes: Bool = false) throws(QueryError) -> AggregateSink? {
    guard let first = aggregates.first,
      keys.allSatisfy(\.isDeterministic),
      aggregates.allSatisfy({ aggregate in
        aggregate.canRunOverDistinctRows && aggregate.filter == nil
          && (aggregates.count == 1 || aggregate.sharesDistinctRows(with: first))
      }),
      evenOfCodes || !isMarked(first)
    else { return nil }
    let rows = try distinctRows(of: first).pipeline()
    return AggregateSink(
      input: rows,
      keys: keys.enumerated().map {
        CompiledExpression(column: $0.offset, type: $0.element.type)
      },
      aggregates: aggregates.map { aggregate in
        var column = keys.count
        let arguments = aggregate.arguments.map { argument in
          if let constant = argument.constant {
            return Expression.literal(constant.value(at: 0), type: constant.type)
          }
          defer { column += 1 }
          return .column(index: column, type: argument.type)
        }
        return CompiledAggregate(
          AggregateCall(
            overload: aggregate.overload, arguments: arguments, isDistinct: false, filter: nil,
            orderBy: aggregate.orderBy.map {
              SortKey(
                expression: arguments[0], descending: $0.descending, nullsFirst: $0.nullsFirst)
            }, position: aggregate.position))
      }, keepsOrder: keepsOrder, context: context)
  }

  /// The distinct rows of the keys and the arguments, but constants, of an aggregate.
  func distinctRows(of aggregate: CompiledAggregate) -> AggregateSink {
    AggregateSink(
      input: input, keys: keys + aggregate.arguments.filter { $0.constant == nil },
      aggregates: [], keepsOrder: keepsOrder && !isDirect, context: context)
  }

  /// Whether the values that a DISTINCT aggregate sees are marked by code.
  func isMarked(_ aggregate: CompiledAggregate) -> Bool {
    aggregate.markedDictionary(input, groupLimit: keys.isEmpty ? 1 : directGroupCount) != nil
  }
}

extension CompiledAggregate {
  /// Whether it can be computed over the distinct rows of the keys and its arguments, those for which
  /// its filter holds.
  var canRunOverDistinctRows: Bool {
    isDistinct && isDeterministic && arguments[0].constant == nil
      && (!needsOrder || ordersByArgument)
  }

  /// Whether both can be computed over the same distinct rows.
  func sharesDistinctRows(with other: CompiledAggregate) -> Bool {
    guard filter == nil, other.filter == nil else { return false }
    let (own, others) = (distinctColumns, other.distinctColumns)
    return !own.contains(nil) && own == others
      && zip(arguments, other.arguments).allSatisfy { $0.constant != nil || $0.type == $1.type }
  }

  /// The columns that the arguments are, but for constants.
  private var distinctColumns: [Int?] {
    arguments.filter { $0.constant == nil }.map(\.bareColumn)
  }

  /// Whether rows are ordered by nothing but the argument.
  private var ordersByArgument: Bool {
    !orderBy.isEmpty && arguments.dropFirst().allSatisfy { $0.constant != nil }
      && orderBy.allSatisfy {
        $0.expression.bareColumn != nil && $0.expression.bareColumn == arguments[0].bareColumn
      }
  }
}
