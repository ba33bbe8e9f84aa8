import ColStore

extension SelectPlanner {
  func orderKey(
    _ syntax: ExpressionSyntax, _ outputs: [Output], clause: String
  ) throws(QueryError) -> Expression {
    if let place = try Self.ordinal(syntax, in: clause, count: outputs.count) {
      return outputs[place].expression
    }
    // A name alone means the last result of that name before it means a column.
    if case .name(let names) = syntax.kind, names.count == 1,
      let output = outputs.last(where: { Scope.same($0.name, names[0].text) })
    {
      return output.expression
    }
    return try binder.bind(syntax, in: .orderBy, stage: .output)
  }

  func orderKeys(_ orderBy: OrderBySyntax, _ outputs: [Output]) throws(QueryError)
    -> [SortKey]
  {
    switch orderBy {
    case .none: return []
    case .all(let descending, let nullsFirst):
      return outputs.map {
        SortKey(
          expression: $0.expression, descending: descending, nullsFirst: nullsFirst ?? false)
      }
    case .keys(let syntax):
      var keys: [SortKey] = []
      for key in syntax {
        for expression in try repeated(key.expression) {
          keys.append(
            SortKey(
              expression: try orderKey(expression, outputs, clause: "ORDER BY"),
              descending: key.descending, nullsFirst: key.nullsFirst ?? false))
        }
      }
      return keys
    }
  }

  /// The select list, DISTINCT, ORDER BY and LIMIT on top of `plan`.
  mutating func projected(
    _ columns: [NamedExpression], _ order: [SortKey], _ distinctOn: [Expression], _ limit: Int?,
    _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    switch select.quantifier {
    case .all: break
    case .distinct: return try distinct(columns, order, limit, offset)
    case .distinctOn: try keepFirst(of: distinctOn, order)
    }
    if order.isEmpty {
      return LogicalPlan.project(plan, columns).sorted(by: [], limit: limit, offset: offset)
    }
    var all = columns
    var numbers: [String: Int] = [:]
    for (index, column) in columns.enumerated() {
      let fingerprint = column.expression.fingerprint
      if numbers[fingerprint] == nil { numbers[fingerprint] = index }
    }
    var keys: [SortKey] = []
    for key in order {
      let fingerprint = key.expression.fingerprint
      let index: Int
      if let known = numbers[fingerprint] {
        index = known
      } else {
        index = all.count
        numbers[fingerprint] = index
        all.append(NamedExpression(name: "order \(index)", expression: key.expression))
      }
      keys.append(
        SortKey(
          expression: .column(index: index, type: key.expression.type),
          descending: key.descending, nullsFirst: key.nullsFirst))
    }
    let sorted = LogicalPlan.project(plan, all).sorted(by: keys, limit: limit, offset: offset)
    return all.count == columns.count ? sorted : sorted.keepingFirst(columns.count)
  }

  /// The distinct rows of the select list, in order: by what a key other than a result is in the
  /// first row of those that are alike.
  func distinct(
    _ columns: [NamedExpression], _ order: [SortKey], _ limit: Int?, _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    var results: [String: Expression] = [:]
    for (index, column) in columns.enumerated() {
      let fingerprint = column.expression.fingerprint
      if results[fingerprint] == nil {
        results[fingerprint] = .column(index: index, type: column.expression.type)
      }
    }
    var firsts: [NamedExpression] = []
    var keys: [SortKey] = []
    for key in order {
      keys.append(
        try key.mapped { (expression) throws(QueryError) in
          try expression.rewritten { (node) throws(QueryError) in
            if let result = results[node.fingerprint] { return result }
            guard case .column(let index, let type) = node, !ColumnSpace.isScalar(index) else {
              return nil
            }
            let place = Expression.column(index: columns.count + firsts.count, type: type)
            results[node.fingerprint] = place
            firsts.append(NamedExpression(name: "order \(firsts.count)", expression: node))
            return place
          }
        })
    }
    guard !firsts.isEmpty else {
      return LogicalPlan.distinct(.project(plan, columns))
        .sorted(by: keys, limit: limit, offset: offset)
    }
    let aggregates = try firsts.map { (column) throws(QueryError) in
      NamedAggregate(
        name: column.name,
        call: try .plain("first", [column.expression], at: select.position))
    }
    return LogicalPlan.aggregate(
      plan, keys: columns, aggregates: aggregates, groupingSets: nil
    ).sorted(by: keys, limit: limit, offset: offset).keepingFirst(columns.count)
  }

  /// Keeps the first row, in order, of those that agree in all of `keys`.
  mutating func keepFirst(of keys: [Expression], _ order: [SortKey]) throws(QueryError) {
    let width = plan.schema.count
    let number = WindowCall(
      function: .rowNumber, resultType: .bigint, partitionBy: keys, orderBy: order,
      frame: WindowCall.Frame(
        unit: .range, start: .unboundedPreceding,
        end: order.isEmpty ? .unboundedFollowing : .currentRow),
      position: select.position)
    let test = try binder.compare(
      "=", .column(index: width, type: .bigint), .literal(.int64(1), type: .bigint),
      at: select.position)
    plan = .filter(
      .window(plan, calls: [NamedWindow(name: "row_number()", call: number)]), predicate: test)
  }
}
