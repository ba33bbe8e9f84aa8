import ColStore

/// Plans one query: its common tables, its body, its order and limit.
struct QueryPlanner {
  let context: PlanningContext
  let level: QueryLevel
  var tables: CommonTables?

  func plan(_ query: QuerySyntax) throws(QueryError) -> LogicalPlan {
    var planner = self
    var names: Set<String> = []
    for table in query.with {
      guard names.insert(table.name.text.lowercased()).inserted else {
        throw QueryError(
          .name, "the common table \"\(table.name.text)\" is defined twice",
          at: table.name.position)
      }
      // RECURSIVE only permits it: tables that do not refer to themselves are as ever.
      if query.isRecursive, Self.mentions(table.name.text, in: table.query) {
        planner.tables = try planner.planRecursive(table)
      } else {
        planner.tables = CommonTables(table, of: level, outer: planner.tables)
      }
    }
    return try planner.planBody(query)
  }

  private func planBody(_ query: QuerySyntax) throws(QueryError) -> LogicalPlan {
    let (limit, offset) = try limits(of: query)
    if let share = query.limit, share.isPercent { return try planShare(query, share) }
    switch query.body {
    case .select(let select):
      var planner = SelectPlanner(self, select)
      return try planner.plan(orderBy: query.orderBy, limit: limit, offset: offset)
    case .query(let inner):
      if case .none = query.orderBy, limit == nil, offset == 0 { return try plan(inner) }
    case .values, .setOperation: break
    }
    let body = try plan(body: query.body)
    return try ordered(body, by: query.orderBy, titles: titles(of: query.body), limit, offset)
  }

  func plan(body: QueryBodySyntax) throws(QueryError) -> LogicalPlan {
    switch body {
    case .select(let select):
      var planner = SelectPlanner(self, select)
      return try planner.plan(orderBy: .none, limit: nil, offset: 0)
    case .values(let rows): return try planValues(rows)
    case .setOperation(let operation): return try planSetOperation(operation)
    case .query(let query): return try plan(query)
    }
  }

  // MARK: VALUES

  private func planValues(_ rows: [[ExpressionSyntax]]) throws(QueryError) -> LogicalPlan {
    let binder = Binder(context: context, level: level, tables: tables, scope: Scope())
    var bound: [[Expression]] = []
    for row in rows {
      var values: [Expression] = []
      for value in row {
        values.append(try binder.bind(value, in: .values, stage: .input))
      }
      guard values.count == (bound.first?.count ?? values.count) else {
        throw QueryError(
          .syntax, "all rows of VALUES must have the same number of columns",
          at: row.first?.position)
      }
      bound.append(values)
    }
    let width = bound.first?.count ?? 0
    var fields: [Field] = []
    for column in 0..<width {
      let position = rows[0][column].position
      var type = try binder.merged(
        bound.map { $0[column] }, what: "VALUES", at: position)
      if type == .null { type = .integer }
      for row in bound.indices {
        bound[row][column] = binder.cast(bound[row][column], to: type, at: position)
      }
      fields.append(Field(name: "col\(column)", type: type))
    }
    return .values(rows: bound, schema: fields)
  }

  // MARK: Set operations

  private func planSetOperation(_ syntax: SetOperationSyntax) throws(QueryError) -> LogicalPlan {
    let operands = syntax.operands
    var plans: [LogicalPlan] = []
    for operand in operands {
      plans.append(try plan(body: operand.body))
      try context.count(at: operand.position)
    }
    if syntax.byName { plans = matchedByName(plans) }
    let fields = plans[0].schema
    var types = fields.map(\.type)
    for (plan, operand) in zip(plans, operands).dropFirst() {
      let others = plan.schema
      guard others.count == fields.count else {
        throw QueryError(
          .type,
          "both sides of a set operation need the same number of columns, not \(fields.count) and \(others.count)",
          at: operand.position)
      }
      for (column, other) in others.enumerated() {
        guard let type = Coercion.united(types[column], other.type) else {
          throw QueryError(
            .type, "columns of type \(types[column]) and \(other.type) do not go together",
            at: operand.position, hint: "an explicit CAST is required")
        }
        types[column] = type
      }
    }
    var result = plans[0].cast(to: types)
    for plan in plans.dropFirst() {
      result = .setOperation(syntax.operation, result, plan.cast(to: types), all: syntax.all)
    }
    return result
  }

  /// All plans with the columns of all; NULL where one lacks a column.
  private func matchedByName(_ plans: [LogicalPlan]) -> [LogicalPlan] {
    var names: [Field] = []
    for field in plans.flatMap(\.schema)
    where !names.contains(where: { Scope.same($0.name, field.name) }) {
      names.append(field)
    }
    return plans.map { plan in
      let fields = plan.schema
      return .project(
        plan,
        names.map { wanted in
          let index = fields.firstIndex { Scope.same($0.name, wanted.name) }
          return NamedExpression(
            name: wanted.name,
            expression: index.map { .column(index: $0, type: fields[$0].type) } ?? .null())
        })
    }
  }

  /// What ORDER BY may call a column of a set operation.
  private enum Title {
    case name(String)
    /// The text of an expression.
    case text(String)
  }

  /// The titles under which ORDER BY finds the columns of a set operation: those of both sides.
  private func titles(of body: QueryBodySyntax) -> [[Title]] {
    switch body {
    case .select(let select):
      return select.results.map { result in
        if case .name(let names) = result.expression.kind {
          return [.name(result.alias?.text ?? names[names.count - 1].text)]
        }
        let text = Title.text(result.expression.columnName)
        return result.alias.map { [.name($0.text), text] } ?? [text]
      }
    case .setOperation(let operation):
      let (left, right) = (titles(of: operation.left), titles(of: operation.right))
      guard left.count == right.count else { return left }
      return zip(left, right).map { $0 + $1 }
    case .query(let query): return titles(of: query.body)
    case .values: return []
    }
  }

  // MARK: Order and limit

  /// `plan` ordered by its own columns.
  private func ordered(
    _ plan: LogicalPlan, by orderBy: OrderBySyntax, titles: [[Title]], _ limit: Int?,
    _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    let fields = plan.schema
    var keys: [SortKey] = []
    switch orderBy {
    case .none: break
    case .all(let descending, let nullsFirst):
      keys = fields.enumerated().map { index, field in
        SortKey(
          expression: .column(index: index, type: field.type), descending: descending,
          nullsFirst: nullsFirst ?? false)
      }
    case .keys(let syntax):
      var scope = Scope(table: "", fields: fields)
      for (index, alternatives) in titles.enumerated() where index < fields.count {
        for case .name(let name) in alternatives
        where !scope.columns.contains(where: { Scope.same($0.name, name) }) {
          scope.columns.append(
            Scope.Column(
              table: "", name: name,
              expression: .column(index: index, type: fields[index].type)))
        }
      }
      let binder = Binder(context: context, level: level, tables: tables, scope: scope)
      for key in syntax {
        let expression: Expression
        if let place = try SelectPlanner.ordinal(
          key.expression, in: "ORDER BY", count: fields.count)
        {
          expression = .column(index: place, type: fields[place].type)
        } else if let place = titles.firstIndex(where: { column in
          column.contains { title in
            if case .text(let text) = title { return text == key.expression.columnName }
            return false
          }
        }), place < fields.count {
          expression = .column(index: place, type: fields[place].type)
        } else {
          // The tables of one side are none of the whole; their columns are.
          let syntax = try key.expression.mapped { (node) throws(QueryError) in
            guard case .name(let names) = node.kind, names.count > 1 else { return nil }
            return ExpressionSyntax(
              kind: .name([names[names.count - 1]]), position: node.position, height: 1)
          }
          expression = try binder.bind(syntax, in: .orderBy, stage: .input)
          guard binder.aggregates.isEmpty, binder.windows.isEmpty, binder.joined.isEmpty else {
            throw QueryError(
              .unsupported,
              "the ORDER BY of a set operation takes columns and expressions of them",
              at: key.expression.position)
          }
        }
        keys.append(
          SortKey(
            expression: expression, descending: key.descending,
            nullsFirst: key.nullsFirst ?? false))
      }
    }
    return plan.sorted(by: keys, limit: limit, offset: offset)
  }

  /// The values of LIMIT and OFFSET.
  private func limits(of query: QuerySyntax) throws(QueryError) -> (limit: Int?, offset: Int) {
    let limit = try query.limit.map { (limit) throws(QueryError) in
      limit.isPercent ? nil : try count(limit.count)
    }
    let offset = try query.offset.map { (offset) throws(QueryError) in try count(offset) }
    return (limit ?? nil, (offset ?? nil) ?? 0)
  }

  /// `LIMIT n%`: the rows numbered up to that share of their count.
  private func planShare(_ query: QuerySyntax, _ limit: LimitSyntax) throws(QueryError)
    -> LogicalPlan
  {
    let position = limit.count.position
    let binder = Binder(
      context: context, level: QueryLevel(outer: nil), tables: tables, scope: Scope())
    let bound = try binder.bind(limit.count, in: .limit, stage: .input)
    guard bound.columns.allSatisfy({ ColumnSpace.isScalar($0) }),
      case .double(let percent) = try context.value(
        of: binder.cast(bound, to: .double, at: position), at: position), percent >= 0,
      percent <= 100
    else {
      throw QueryError(.value, "LIMIT in percent lies between 0 and 100", at: position)
    }
    let (_, offset) = try limits(of: query)
    let whole = try planBody(
      QuerySyntax(body: query.body, orderBy: query.orderBy, position: query.position))
    let width = whole.schema.count
    let frame = WindowCall.Frame(
      unit: .range, start: .unboundedPreceding, end: .unboundedFollowing)
    let count = try AggregateCall.plain("count", at: position)
    let calls = [WindowCall.Function.rowNumber, .aggregate(count)].map { function in
      NamedWindow(
        name: "number",
        call: WindowCall(
          function: function, resultType: .bigint, partitionBy: [], orderBy: [], frame: frame,
          position: position))
    }
    let share = try binder.call(
      "floor",
      [
        try binder.call(
          "*",
          [
            .cast(
              .column(index: width + 1, type: .bigint), to: .double, isTry: false, position: nil),
            .literal(.double(percent / 100), type: .double),
          ], at: position)
      ], at: position)
    let number = Expression.column(index: width, type: .bigint)
    let first = Expression.literal(.int64(Int64(offset)), type: .bigint)
    let last = try binder.call(
      "+", [share, .literal(.double(Double(offset)), type: .double)], at: position)
    let conditions = [
      try binder.compare(">", number, first, at: position),
      try binder.compare("<=", number, last, at: position),
    ]
    return LogicalPlan.filter(.window(whole, calls: calls), predicate: .and(conditions))
      .keepingFirst(width)
  }

  /// The value of a count that depends on no row; nil for NULL. Subqueries in it are run at once, as
  /// a plan's limits are numbers.
  private func count(_ syntax: ExpressionSyntax) throws(QueryError) -> Int? {
    let binder = Binder(
      context: context, level: QueryLevel(outer: nil), tables: tables, scope: Scope())
    let bound = try binder.bind(syntax, in: .limit, stage: .input)
    guard bound.columns.allSatisfy({ ColumnSpace.isScalar($0) }) else {
      throw QueryError(
        .unsupported, "LIMIT and OFFSET take constants and subqueries", at: syntax.position)
    }
    let count = binder.cast(bound, to: .bigint, at: syntax.position)
    switch try context.value(of: count, at: syntax.position) {
    case .null: return nil
    case .int64(let count) where count >= 0: return Int(count)
    default:
      throw QueryError(.value, "LIMIT and OFFSET cannot be negative", at: syntax.position)
    }
  }
}

extension LogicalPlan {
  /// This plan with its columns cast to `types`.
  func cast(to types: [DataType]) -> LogicalPlan {
    let fields = schema
    guard fields.map(\.type) != types else { return self }
    return .project(
      self,
      fields.enumerated().map { index, field in
        let column = Expression.column(index: index, type: field.type)
        return NamedExpression(
          name: field.name,
          expression: field.type == types[index]
            ? column : .cast(column, to: types[index], isTry: false, position: nil))
      })
  }

  func sorted(by keys: [SortKey], limit: Int?, offset: Int) -> LogicalPlan {
    if !keys.isEmpty { return .sort(self, keys: keys, limit: limit, offset: offset) }
    return limit == nil && offset == 0 ? self : .limit(self, limit: limit, offset: offset)
  }
}
