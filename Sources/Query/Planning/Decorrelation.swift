import ColStore

/// Turns subqueries that refer to the row around them into joins.
///
/// The subquery is computed once for all distinct values of what it reads of the outer rows, its
/// domain: those columns are carried from the leaves of its plan to its top, which is then joined
/// back to the outer rows (after Neumann and Kemper, Unnesting Arbitrary Queries, 2015). Values of
/// the domain compare as in GROUP BY: NULL is equal to NULL.
struct Decorrelation {
  /// One row for each distinct combination of outer values.
  private let domain: LogicalPlan
  private let domainTypes: [DataType]
  private let position: Int

  private var width: Int { domainTypes.count }

  // MARK: Joining results to the outer rows

  /// `outer` with one more column: TRUE where `operands` are among the rows of `members`, else NULL.
  static func marked(
    _ outer: LogicalPlan, _ members: LogicalPlan, operands: [Expression]
  ) -> LogicalPlan {
    let width = outer.schema.count
    let joined = LogicalPlan.join(
      .left, outer, LogicalPlan.distinct(members).found,
      equalities: equalities(operands, behind: 0), residual: nil)
    return joined.keeping(width, and: width + operands.count)
  }

  /// Each of `operands` equal to a column of the other side, the first being column `first`.
  private static func equalities(_ operands: [Expression], behind first: Int) -> [JoinEquality] {
    operands.enumerated().map { index, operand in
      JoinEquality(left: operand, right: .column(index: first + index, type: operand.type))
    }
  }

  /// `outer` with one more column: the value of the subquery, or TRUE where it has a row and NULL
  /// where it has none. The first columns of `outer` are those of `source`, which has all values of
  /// the `correlations`.
  static func joined(
    _ outer: LogicalPlan, _ subquery: LogicalPlan, correlations: [Expression],
    of source: LogicalPlan, kind: Binder.JoinedSubquery.Kind, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    if case .scalar = kind,
      let joined = try valueOfGroup(outer, subquery, correlations, of: source, at: position)
    {
      return joined
    }
    let decorrelation = Decorrelation(
      domain: domain(of: source, correlations), domainTypes: correlations.map(\.type),
      position: position)
    let width = correlations.count
    var inner = try decorrelation.dependent(subquery)
    switch kind {
    case .exists:
      inner = LogicalPlan.distinct(inner.keepingFirst(width)).found
    case .scalar:
      if !subquery.hasAtMostOneRow { inner = try decorrelation.single(inner) }
    case .membership: preconditionFailure("membership is joined by marked")
    }
    let outerWidth = outer.schema.count
    let joined = LogicalPlan.join(
      .left, outer, inner, equalities: decorrelation.equalities(correlations), residual: nil)
    return try bounded(joined.keeping(outerWidth, and: outerWidth + width), at: position)
  }

  /// As ``joined(_:_:correlations:of:kind:at:)`` where all rows of a table ask for aggregates of the rows
  /// that are equal to them in something: these are grouped by that. Nil where it is anything else.
  private static func valueOfGroup(
    _ outer: LogicalPlan, _ subquery: LogicalPlan, _ correlations: [Expression],
    of source: LogicalPlan, at position: Int
  ) throws(QueryError) -> LogicalPlan? {
    guard case (.scan(_, _, let predicates), _) = narrowed(source, correlations),
      predicates.isEmpty,
      case .project(.aggregate(let input, let keys, let aggregates, nil), let results) = subquery,
      keys.isEmpty, !results[0].expression.readsOuter,
      let rows = ConditionalRows(of: input), rows.others.isEmpty, !rows.equalities.isEmpty
    else { return nil }
    let groups = LogicalPlan.aggregate(
      rows.plan,
      keys: rows.equalities.enumerated().map {
        NamedExpression(name: "key \($0)", expression: $1.right)
      }, aggregates: aggregates, groupingSets: nil)
    if groups.isCorrelated { return nil }
    let joined = LogicalPlan.join(
      .left, outer, groups.found,
      equalities: rows.equalities.enumerated().map { index, equality in
        JoinEquality(
          left: equality.left.replacingColumns { index, _ in
            ColumnSpace.isOuter(index) ? correlations[index - ColumnSpace.outer] : nil
          }, right: .column(index: index, type: equality.right.type))
      }, residual: nil)
    let width = outer.schema.count
    let values = try valuesOfNone(
      aggregates, from: width + rows.equalities.count, at: position)
    return .project(
      joined,
      outer.columns + [
        NamedExpression(
          name: results[0].name,
          expression: results[0].expression.replacingColumns { index, _ in
            ColumnSpace.isInput(index) ? values[index] : nil
          })
      ])
  }

  /// The rows of `outer` for which `operands` are among the rows of `members`, which may be
  /// correlated.
  static func semiJoined(
    _ outer: LogicalPlan, _ members: LogicalPlan, operands: [Expression],
    correlations: [Expression], at position: Int
  ) throws(QueryError) -> LogicalPlan {
    if correlations.isEmpty {
      return .join(
        .semi, outer, members, equalities: equalities(operands, behind: 0), residual: nil)
    }
    let decorrelation = Decorrelation(
      domain: domain(of: outer, correlations), domainTypes: correlations.map(\.type),
      position: position)
    let joined = LogicalPlan.join(
      .semi, outer, try decorrelation.dependent(members),
      equalities: decorrelation.equalities(correlations)
        + equalities(operands, behind: correlations.count), residual: nil)
    return try bounded(joined, at: position)
  }

  /// The rows of `outer`, each with the rows of the correlated `subquery` for its values; with
  /// `keepsUnmatched` also those without any. `condition` refers to both.
  static func lateral(
    _ outer: LogicalPlan, _ subquery: LogicalPlan, correlations: [Expression],
    keepsUnmatched: Bool, condition: Expression?, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    let decorrelation = Decorrelation(
      domain: domain(of: outer, correlations), domainTypes: correlations.map(\.type),
      position: position)
    let inner = try decorrelation.dependent(subquery)
    let (width, skipped) = (outer.schema.count, correlations.count)
    let joined = LogicalPlan.join(
      keepsUnmatched ? .left : .inner, outer, inner,
      equalities: decorrelation.equalities(correlations),
      residual: condition?.mapColumns {
        ColumnSpace.isInput($0) && $0 >= width ? $0 + skipped : $0
      })
    let kept = Array(0..<width) + Array(width + skipped..<joined.schema.count)
    return try bounded(joined.selecting(kept), at: position)
  }

  private static func domain(of outer: LogicalPlan, _ correlations: [Expression]) -> LogicalPlan {
    let (source, values) = narrowed(outer, correlations)
    return .distinct(
      .project(
        source,
        values.enumerated().map {
          NamedExpression(name: "outer \($0)", expression: $1)
        }))
  }

  /// The part of a plan that has all values of its expressions: what is joined to each of its rows takes
  /// none away, and plans would double with each such join.
  private static func narrowed(
    _ plan: LogicalPlan, _ values: [Expression]
  ) -> (LogicalPlan, [Expression]) {
    let columns = Set(values.flatMap(\.columns))
    switch plan {
    case .join(.left, let left, _, _, _)
    where columns.allSatisfy({ $0 < left.schema.count }):
      return narrowed(left, values)
    case .project(let input, let expressions)
    where columns.allSatisfy({ ColumnSpace.isInput($0) && expressions[$0].expression.isColumn }):
      return narrowed(
        input, values.map { $0.replacingColumns { index, _ in expressions[index].expression } })
    default: return (plan, values)
    }
  }

  /// Subqueries in subqueries may bring the rows around them again and again.
  private static func bounded(
    _ plan: LogicalPlan, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    guard plan.nodeCount(upTo: nodesMax) <= nodesMax else {
      throw QueryError(
        .unsupported, "subqueries nested like this are not supported", at: position,
        hint: "a join may say the same")
    }
    return plan
  }

  private static let nodesMax = 40_000

  /// Fails at run time where the domain has several rows for one of its values.
  private func single(_ inner: LogicalPlan) throws(QueryError) -> LogicalPlan {
    // Of one value, which it is does not matter.
    let type = inner.schema[width].type
    let value = Expression.column(index: width, type: type)
    let grouped = LogicalPlan.aggregate(
      inner, keys: domainColumns,
      aggregates: [
        NamedAggregate(name: "value", call: try .plain("min", [value], at: position)),
        NamedAggregate(name: "count", call: try .plain("count", at: position)),
      ], groupingSets: nil)
    let check = ScalarOverload(name: "single_row", [.bigint], .boolean, canFail: true) {
      arguments, rowCount throws(QueryError) in
      for row in 0..<rowCount {
        if case .int64(let count) = arguments[0].value(at: row), count > 1 {
          throw QueryError(.value, "this subquery gives more than one row for one value")
        }
      }
      return .constant(.boolean, .bool(true), count: rowCount)
    }
    let checked = Expression.call(
      ScalarCall(
        overload: check, arguments: [.column(index: width + 1, type: .bigint)],
        position: position))
    return .project(
      grouped,
      domainColumns + [
        NamedExpression(
          name: "value",
          expression: .conditional(
            branches: [
              Expression.Branch(condition: checked, result: .column(index: width, type: type))
            ],
            otherwise: .null(type), type: type))
      ])
  }

  // MARK: Carrying the domain through a plan

  private var domainColumns: [NamedExpression] {
    domainTypes.enumerated().map {
      NamedExpression(name: "outer \($0)", expression: .column(index: $0, type: $1))
    }
  }

  /// Equalities between `left` expressions and the domain columns of the right side, in which NULL
  /// equals NULL.
  private func equalities(_ left: [Expression]) -> [JoinEquality] {
    left.enumerated().map { index, expression in
      JoinEquality(
        left: expression, right: .column(index: index, type: domainTypes[index]),
        matchesNulls: true)
    }
  }

  private func unsupported(_ what: String) -> QueryError {
    QueryError(.unsupported, "\(what) is not supported in a correlated subquery", at: position)
  }

  /// An expression of the subquery over the same columns behind those of the domain.
  private func mapped(_ expression: Expression) -> Expression {
    expression.mapColumns { index in
      if ColumnSpace.isOuter(index) { return index - ColumnSpace.outer }
      return ColumnSpace.isInput(index) ? index + width : index
    }
  }

  private func crossed(_ plan: LogicalPlan) -> LogicalPlan {
    .join(.inner, domain, plan, equalities: [], residual: nil)
  }

  /// The rows of `plan` for every row of the domain, whose columns come first.
  private func dependent(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    guard plan.isCorrelated else { return crossed(plan) }
    switch plan {
    case .scan: return crossed(plan)
    case .values(let rows, let schema):
      let alternatives = rows.map { row in
        LogicalPlan.project(
          domain,
          domainColumns
            + zip(schema, row).map {
              NamedExpression(name: $0.name, expression: mapped($1))
            })
      }
      return alternatives.dropFirst().reduce(alternatives[0]) {
        .setOperation(.union, $0, $1, all: true)
      }
    case .operation: throw unsupported("table functions over outer columns")
    case .filter(let input, let predicate):
      return .filter(try dependent(input), predicate: mapped(predicate))
    case .project(let input, let expressions):
      return .project(
        try dependent(input),
        domainColumns
          + expressions.map { NamedExpression(name: $0.name, expression: mapped($0.expression)) })
    case .aggregate(let input, let keys, let aggregates, let sets):
      guard sets == nil else { throw unsupported("GROUPING SETS") }
      return try aggregate(input, keys, aggregates)
    case .window(let input, let calls):
      var mappedCalls: [NamedWindow] = []
      for named in calls {
        let call = try named.call.mapped { mapped($0) }
        mappedCalls.append(
          NamedWindow(
            name: named.name,
            call: WindowCall(
              function: call.function, resultType: call.resultType,
              partitionBy: domainColumns.map(\.expression) + call.partitionBy,
              orderBy: call.orderBy, frame: call.frame, position: call.position)))
      }
      return .window(try dependent(input), calls: mappedCalls)
    case .unnest(let input, let lists):
      return .unnest(
        try dependent(input),
        lists: lists.map { NamedExpression(name: $0.name, expression: mapped($0.expression)) })
    case .sort(let input, let keys, let limit, let offset):
      var mappedKeys: [SortKey] = []
      for key in keys { mappedKeys.append(try key.mapped { mapped($0) }) }
      let inner = try dependent(input)
      // The order shows in aggregates that gather rows.
      if limit == nil && offset == 0 {
        return .sort(inner, keys: mappedKeys, limit: nil, offset: 0)
      }
      let rows = try limited(inner, mappedKeys, limit, offset)
      return limit == 1 ? rows : .sort(rows, keys: mappedKeys, limit: nil, offset: 0)
    case .limit(let input, let limit, let offset):
      return try limited(try dependent(input), [], limit, offset)
    case .distinct(let input): return .distinct(try dependent(input))
    case .setOperation(let operation, let left, let right, let all):
      return .setOperation(operation, try dependent(left), try dependent(right), all: all)
    case .join(let kind, let left, let right, let equalities, let residual):
      return try join(kind, left, right, equalities, residual)
    }
  }

  private func aggregate(
    _ input: LogicalPlan, _ keys: [NamedExpression], _ aggregates: [NamedAggregate]
  ) throws(QueryError) -> LogicalPlan {
    var calls: [NamedAggregate] = []
    for aggregate in aggregates {
      calls.append(
        NamedAggregate(name: aggregate.name, call: try aggregate.call.mapped { mapped($0) }))
    }
    let grouped = LogicalPlan.aggregate(
      try dependent(input),
      keys: domainColumns
        + keys.map { NamedExpression(name: $0.name, expression: mapped($0.expression)) },
      aggregates: calls, groupingSets: nil)
    guard keys.isEmpty else { return grouped }
    // Without GROUP BY there is a row for every value of the domain, over no rows if need be.
    let joined = LogicalPlan.join(
      .left, domain, grouped.found, equalities: equalities(domainColumns.map(\.expression)),
      residual: nil)
    let values = try Decorrelation.valuesOfNone(calls, from: 2 * width, at: position)
    return .project(
      joined,
      domainColumns
        + zip(calls, values).map { NamedExpression(name: $0.name, expression: $1) })
  }

  /// Aggregates, which stand from column `first` on and before the column ``LogicalPlan/found``, where
  /// that may be NULL, as there are no rows.
  private static func valuesOfNone(
    _ calls: [NamedAggregate], from first: Int, at position: Int
  ) throws(QueryError) -> [Expression] {
    let found = Expression.column(index: first + calls.count, type: .boolean)
    var values: [Expression] = []
    for (index, aggregate) in calls.enumerated() {
      let overload = aggregate.call.overload
      let accumulator = overload.makeAccumulator()
      accumulator.resize(to: 1)
      let value = Expression.column(index: first + index, type: overload.resultType)
      switch try accumulator.finish(count: 1).value(at: 0) {
      case .null: values.append(value)
      case .list:
        throw QueryError(
          .unsupported,
          "the aggregate \(overload.name) is not supported in a correlated subquery", at: position)
      case let empty:
        values.append(
          .conditional(
            branches: [
              Expression.Branch(
                condition: .isNull(found), result: .literal(empty, type: overload.resultType))
            ], otherwise: value, type: overload.resultType))
      }
    }
    return values
  }

  /// The rows numbered `offset + 1 … offset + limit` for each value of the domain.
  private func limited(
    _ plan: LogicalPlan, _ keys: [SortKey], _ limit: Int?, _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    let count = plan.schema.count
    let number = WindowCall(
      function: .rowNumber, resultType: .bigint, partitionBy: domainColumns.map(\.expression),
      orderBy: keys,
      frame: WindowCall.Frame(
        unit: .range, start: .unboundedPreceding,
        end: keys.isEmpty ? .unboundedFollowing : .currentRow), position: position)
    func compared(_ symbol: String, _ value: Int) throws(QueryError) -> Expression {
      guard let function = FunctionRegistry.scalar(symbol) else {
        throw unsupported("LIMIT")
      }
      return .call(
        ScalarCall(
          overload: try function.resolve([.bigint, .bigint], [nil, .int64(Int64(value))]),
          arguments: [
            .column(index: count, type: .bigint), .literal(.int64(Int64(value)), type: .bigint),
          ], position: position))
    }
    var conditions: [Expression] = []
    if offset > 0 { conditions.append(try compared(">", offset)) }
    if let limit {
      conditions.append(
        try compared(
          "<=", limit.addingReportingOverflow(offset).overflow ? Int.max : limit + offset))
    }
    let numbered = LogicalPlan.window(
      plan, calls: [NamedWindow(name: "row_number()", call: number)])
    guard let condition = Expression.conjunction(conditions) else { return plan }
    return LogicalPlan.filter(numbered, predicate: condition).keepingFirst(count)
  }

  private func join(
    _ kind: JoinKind, _ left: LogicalPlan, _ right: LogicalPlan, _ joinEqualities: [JoinEquality],
    _ residual: Expression?
  ) throws(QueryError) -> LogicalPlan {
    guard kind != .right && kind != .full else { throw unsupported("a RIGHT or FULL JOIN") }
    // The domain comes in from the left; a right side that reads it too brings it again.
    let first = try dependent(left)
    let leftWidth = left.schema.count
    guard right.isCorrelated else {
      let equalities = joinEqualities.map {
        $0.replacing(left: mapped($0.left))
      }
      for equality in joinEqualities where equality.right.readsOuter {
        throw unsupported("this JOIN condition")
      }
      return .join(kind, first, right, equalities: equalities, residual: residual.map(mapped))
    }
    let second = try dependent(right)
    var equalities = equalities(domainColumns.map(\.expression))
    for equality in joinEqualities {
      equalities.append(
        equality.replacing(left: mapped(equality.left), right: mapped(equality.right)))
    }
    // Residuals see: domain, left, domain again, right.
    let mappedResidual = residual?.mapColumns { index in
      if ColumnSpace.isOuter(index) { return index - ColumnSpace.outer }
      guard ColumnSpace.isInput(index) else { return index }
      return index < leftWidth ? index + width : index + 2 * width
    }
    let joined = LogicalPlan.join(
      kind, first, second, equalities: equalities, residual: mappedResidual)
    if kind == .semi || kind == .anti { return joined }
    let kept = Array(0..<width + leftWidth) + Array((2 * width + leftWidth)..<joined.schema.count)
    return joined.selecting(kept)
  }
}

extension Expression {
  fileprivate var isColumn: Bool {
    if case .column = self { return true }
    return false
  }

  /// Whether it reads columns of the query around its own.
  var readsOuter: Bool { reads(ColumnSpace.isOuter) }

  /// Whether it reads a column that is of one kind.
  func reads(_ isOfKind: (Int) -> Bool) -> Bool {
    var found = false
    forEachColumn { if isOfKind($0) { found = true } }
    return found
  }
}

extension LogicalPlan {
  /// The columns as they are.
  fileprivate var columns: [NamedExpression] {
    schema.enumerated().map {
      NamedExpression(name: $1.name, expression: .column(index: $0, type: $1.type))
    }
  }

  /// The rows with a column behind the others that is TRUE.
  fileprivate var found: LogicalPlan {
    .project(self, columns + [NamedExpression(name: "found", expression: .bool(true))])
  }
}
