import ColStore

extension Binder {
  /// The subquery's plan and what it reads of this query.
  private func plan(
    _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> (LogicalPlan, correlations: [Expression]) {
    let level = QueryLevel(outer: self)
    let planner = QueryPlanner(context: context, level: level, tables: tables)
    let plan = try planner.plan(query)
    return (plan, level.correlations)
  }

  private func singleColumn(_ plan: LogicalPlan, at position: Int) throws(QueryError) -> Field {
    let fields = plan.schema
    guard fields.count == 1 else {
      throw QueryError(
        .type, "this subquery gives \(fields.count) columns, not one", at: position)
    }
    return fields[0]
  }

  private func append(_ subquery: JoinedSubquery, key base: String) throws(QueryError) -> Expression
  {
    switch clause {
    case .join, .values, .limit, .columns:
      throw QueryError(
        .unsupported, "such subqueries are not supported in \(clause.rawValue)",
        at: subquery.position)
    default: break
    }
    let number = joined.count
    joined.append(subquery)
    joinedNumbers["\(base) \(stage)"] = number
    return .column(index: ColumnSpace.joined + number, type: subquery.type)
  }

  /// The subquery's result where the same one is joined already: at this stage, or to the input, so
  /// that a grouping key with a subquery in it is recognised in the select list.
  private func known(_ base: String) -> Expression? {
    (joinedNumbers["\(base) \(Stage.input)"] ?? joinedNumbers["\(base) \(stage)"]).map {
      .column(index: ColumnSpace.joined + $0, type: joined[$0].type)
    }
  }

  // MARK: Values

  func bindScalarSubquery(_ query: QuerySyntax, at position: Int) throws(QueryError)
    -> Expression
  {
    let identity = ObjectIdentifier(query)
    if let number = context.scalarNumbers[identity] {
      return .column(
        index: ColumnSpace.scalar + number, type: context.scalarSubqueries[number].type)
    }
    let key = "scalar \(identity)"
    if let known = known(key) { return known }
    let (plan, correlations) = try plan(query, at: position)
    let field = try singleColumn(plan, at: position)
    if correlations.isEmpty {
      let column = try scalar(plan, type: field.type, at: position)
      if case .column(let index, _) = column {
        context.scalarNumbers[identity] = index - ColumnSpace.scalar
      }
      return column
    }
    return try append(
      JoinedSubquery(
        stage: stage, kind: .scalar, plan: plan, correlations: correlations, type: field.type,
        position: position), key: key)
  }

  /// A column that stands for the value of a plan that does not depend on this query.
  private func scalar(_ plan: LogicalPlan, type: DataType, at position: Int) throws(QueryError)
    -> Expression
  {
    switch type {
    case .map, .list(.map):
      throw QueryError(
        .unsupported, "subqueries that give a \(type) as a value are not supported", at: position)
    default: break
    }
    let number = context.scalarSubqueries.count
    context.scalarSubqueries.append(ScalarSubquery(plan: plan, type: type, position: position))
    return .column(index: ColumnSpace.scalar + number, type: type)
  }

  // MARK: EXISTS

  /// What EXISTS asks for, where a semi-join answers it.
  func existence(
    _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> CorrelatedExistence? {
    let planned = try plan(query, at: position)
    let existence = CorrelatedExistence(planned.0, correlations: planned.correlations)
    if existence == nil { plannedExistences[ObjectIdentifier(query)] = planned }
    return existence
  }

  func bindExists(_ query: QuerySyntax, at position: Int) throws(QueryError) -> Expression {
    let key = "exists \(ObjectIdentifier(query))"
    if let known = known(key) { return .not(.isNull(known)) }
    if let number = context.scalarNumbers[ObjectIdentifier(query)] {
      return .column(index: ColumnSpace.scalar + number, type: .boolean)
    }
    let planned = plannedExistences.removeValue(forKey: ObjectIdentifier(query))
    let (plan, correlations) = if let planned { planned } else { try plan(query, at: position) }
    if correlations.isEmpty {
      let count = try AggregateCall.plain("count", at: position)
      let counted = LogicalPlan.aggregate(
        .limit(plan, limit: 1, offset: 0), keys: [],
        aggregates: [NamedAggregate(name: "count", call: count)], groupingSets: nil)
      let test = try compare(
        ">", .column(index: 0, type: count.overload.resultType),
        .literal(.int64(0), type: .bigint), at: position)
      let column = try scalar(
        .project(counted, [NamedExpression(name: "exists", expression: test)]), type: .boolean,
        at: position)
      if case .column(let index, _) = column {
        context.scalarNumbers[ObjectIdentifier(query)] = index - ColumnSpace.scalar
      }
      return column
    }
    return .not(
      .isNull(
        try append(
          JoinedSubquery(
            stage: stage, kind: .exists, plan: plan, correlations: correlations, type: .boolean,
            position: position), key: key)))
  }

  // MARK: IN

  /// `operands` IN `query`, a column of the query each.
  func membership(
    _ operands: [ExpressionSyntax], _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> Members {
    var values: [Expression] = []
    for operand in operands { values.append(try bind(operand)) }
    let level = QueryLevel(outer: self)
    let plan = try QueryPlanner(context: context, level: level, tables: tables).plan(query)
    let fields = plan.schema
    guard fields.count == operands.count else {
      throw QueryError(
        .type,
        "this subquery gives \(fields.count) columns, not \(operands.count == 1 ? "one" : "\(operands.count)")",
        at: position)
    }
    var types: [DataType] = []
    for (value, field) in zip(values, fields) {
      guard let type = Coercion.compared(value.type, field.type) else {
        throw QueryError(
          .type, "values of type \(value.type) and \(field.type) cannot be compared",
          at: position, hint: "an explicit CAST is required")
      }
      types.append(type)
    }
    return Members(
      operands: zip(values, types).map { cast($0, to: $1, at: position) },
      plan: plan.cast(to: types), level: level)
  }

  /// Values, and the rows of a subquery that they are looked for among.
  struct Members {
    let operands: [Expression]
    /// Its columns have the types of the operands.
    let plan: LogicalPlan
    let level: QueryLevel

    var correlations: [Expression] { level.correlations }
    var columns: [Expression] {
      operands.enumerated().map { .column(index: $0, type: $1.type) }
    }
  }

  func bindMembership(
    _ operand: ExpressionSyntax, _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> Expression {
    if let fields = rowFields(operand) { return try bindRowMembership(fields, query, at: position) }
    let members = try membership([operand], query, at: position)
    let (value, plan) = (members.operands[0], members.plan)
    guard members.correlations.isEmpty else {
      return try bindCorrelatedMembership(members, query, at: position)
    }
    let key = "in \(ObjectIdentifier(query)) \(value.fingerprint)"
    let counts = "counts \(ObjectIdentifier(query))"
    let total: Expression
    let present: Expression
    if let known = memberCounts[counts] {
      (total, present) = known
    } else {
      total = try scalarCount(plan, [], at: position)
      present = try scalarCount(plan, members.columns, at: position)
      memberCounts[counts] = (total, present)
    }
    let match = try marked(members, key: key, at: position)
    let isEmpty = try compare("=", total, .literal(.int64(0), type: .bigint), at: position)
    let hasNull = try compare("<", present, total, at: position)
    return .conditional(
      branches: [
        Expression.Branch(condition: isEmpty, result: .bool(false)),
        Expression.Branch(condition: .not(.isNull(match)), result: .bool(true)),
        Expression.Branch(condition: .or([.isNull(value), hasNull]), result: .null(.boolean)),
      ], otherwise: .bool(false), type: .boolean)
  }

  /// A column that is TRUE for rows among the members, which do not depend on them, else NULL.
  private func marked(
    _ members: Members, key: String, at position: Int
  ) throws(QueryError) -> Expression {
    if let known = known(key) { return known }
    return try append(
      JoinedSubquery(
        stage: stage, kind: .membership(members.operands), plan: members.plan, correlations: [],
        type: .boolean, position: position), key: key)
  }

  /// TRUE where a row equals the operand; else NULL where one of both is NULL, if there are rows.
  private func bindCorrelatedMembership(
    _ members: Members, _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> Expression {
    let column = members.columns[0]
    let operand = members.operands[0]
    let outer = members.level.column(for: operand)
    let equal = try compare("=", column, outer, at: position)
    func exists(_ plan: LogicalPlan, _ what: String) throws(QueryError) -> Expression {
      let key = "in \(what) \(ObjectIdentifier(query)) \(operand.fingerprint)"
      if let known = known(key) { return .not(.isNull(known)) }
      return .not(
        .isNull(
          try append(
            JoinedSubquery(
              stage: stage, kind: .exists, plan: plan,
              correlations: members.level.correlations, type: .boolean, position: position),
            key: key)))
    }
    let match = try exists(.filter(members.plan, predicate: equal), "match")
    let hasRows = try exists(members.plan, "rows")
    let hasNull = try exists(.filter(members.plan, predicate: .isNull(column)), "null")
    return .conditional(
      branches: [
        Expression.Branch(condition: match, result: .bool(true)),
        Expression.Branch(
          condition: .or([hasNull, .and([hasRows, .isNull(operand)])]),
          result: .null(.boolean)),
      ], otherwise: .bool(false), type: .boolean)
  }

  /// `(a, b) IN (query)`: TRUE where all fields are equal in a row, NULL where they could be.
  private func bindRowMembership(
    _ fields: [ExpressionSyntax], _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> Expression {
    let members = try membership(fields, query, at: position)
    let (plan, level, operands) = (members.plan, members.level, members.operands)
    let isCorrelated = !members.correlations.isEmpty
    let outer = operands.map { level.column(for: $0) }
    var tests: [Expression] = []
    for (member, value) in zip(members.columns, outer) {
      tests.append(try compare("=", member, value, at: position))
    }
    let equal = tests.count == 1 ? tests[0] : Expression.and(tests)
    func exists(
      _ predicate: Expression, _ what: String, where precondition: Expression? = nil
    ) throws(QueryError) -> Expression {
      let values = level.correlations.map(\.fingerprint).joined(separator: " ")
      let key = "row in \(what) \(ObjectIdentifier(query)) \(values)"
      if let known = known(key) { return .not(.isNull(known)) }
      return .not(
        .isNull(
          try append(
            JoinedSubquery(
              stage: stage, kind: .exists, plan: .filter(plan, predicate: predicate),
              correlations: level.correlations, precondition: precondition, type: .boolean,
              position: position), key: key)))
    }
    // Either side has few NULLs as a rule: apart, both are looked for among few rows.
    func hasNull(_ side: [Expression]) -> Expression {
      side.count == 1 ? .isNull(side[0]) : .or(side.map { .isNull($0) })
    }
    func couldBe(
      _ side: [Expression], _ what: String, where precondition: Expression
    ) throws(QueryError) -> Expression {
      try exists(.and([hasNull(side), .isNull(equal)]), what, where: precondition)
    }
    let match: Expression
    var someMemberHasNull = Expression.bool(true)
    if isCorrelated {
      match = try exists(equal, "match")
    } else {
      let values = operands.map(\.fingerprint).joined(separator: " ")
      let found = try marked(
        members, key: "row in \(ObjectIdentifier(query)) \(values)", at: position)
      match = .not(.isNull(found))
      let count = try scalarCount(
        .filter(plan, predicate: hasNull(members.columns)), [], at: position)
      someMemberHasNull = try compare(
        ">", count, .literal(.int64(0), type: .bigint), at: position)
    }
    return .conditional(
      branches: [
        Expression.Branch(condition: match, result: .bool(true)),
        Expression.Branch(
          condition: .or([
            try couldBe(members.columns, "member unknown", where: someMemberHasNull),
            try couldBe(outer, "unknown", where: hasNull(operands)),
          ]), result: .null(.boolean)),
      ], otherwise: .bool(false), type: .boolean)
  }

  // MARK: ANY, ALL

  /// `operand symbol ANY (query)` and `ALL`, by the extremes of the query's values.
  func bindQuantified(
    _ operand: ExpressionSyntax, _ symbol: String, _ query: QuerySyntax, isAll: Bool,
    at position: Int
  ) throws(QueryError) -> Expression {
    let symbol = symbol == "!=" ? "<>" : symbol == "==" ? "=" : symbol
    if symbol == "=" && !isAll { return try bindMembership(operand, query, at: position) }
    if symbol == "<>" && isAll { return .not(try bindMembership(operand, query, at: position)) }
    guard ["=", "<>", "<", "<=", ">", ">="].contains(symbol) else {
      throw QueryError(
        .unsupported, "the operator \(symbol) with ANY and ALL is not supported", at: position)
    }
    guard rowFields(operand) == nil else {
      throw QueryError(
        .unsupported, "of rows of values, ANY and ALL take = ANY and <> ALL", at: position)
    }
    let members = try membership([operand], query, at: position)
    let column = members.columns[0]
    func aggregate(_ name: String, _ arguments: [Expression]) throws(QueryError) -> Expression {
      let call = try AggregateCall.plain(name, arguments, at: position)
      let plan = LogicalPlan.aggregate(
        members.plan, keys: [], aggregates: [NamedAggregate(name: name, call: call)],
        groupingSets: nil)
      let type = call.overload.resultType
      if members.correlations.isEmpty { return try scalar(plan, type: type, at: position) }
      let key = "any \(name) \(arguments.count) \(ObjectIdentifier(query))"
      if let known = known(key) { return known }
      return try append(
        JoinedSubquery(
          stage: stage, kind: .scalar, plan: plan, correlations: members.correlations, type: type,
          position: position), key: key)
    }
    let total = try aggregate("count", [])
    let present = try aggregate("count", [column])
    let (least, greatest) = (try aggregate("min", [column]), try aggregate("max", [column]))
    let value = members.operands[0]
    /// Whether the values that are there decide: one that fits for ANY, one that does not for ALL.
    let decides: Expression
    switch (symbol, isAll) {
    case ("=", _), ("<>", _):
      decides = .or([
        try compare("<>", value, least, at: position),
        try compare("<>", value, greatest, at: position),
      ])
    case (">", false), (">=", false): decides = try compare(symbol, value, least, at: position)
    case ("<", false), ("<=", false): decides = try compare(symbol, value, greatest, at: position)
    case (">", _), (">=", _): decides = .not(try compare(symbol, value, greatest, at: position))
    default: decides = .not(try compare(symbol, value, least, at: position))
    }
    let isEmpty = try compare("=", total, .literal(.int64(0), type: .bigint), at: position)
    let hasNull = try compare("<", present, total, at: position)
    return .conditional(
      branches: [
        Expression.Branch(condition: isEmpty, result: .bool(isAll)),
        Expression.Branch(condition: decides, result: .bool(!isAll)),
        Expression.Branch(condition: .or([.isNull(value), hasNull]), result: .null(.boolean)),
      ], otherwise: .bool(isAll), type: .boolean)
  }

  private func scalarCount(
    _ plan: LogicalPlan, _ arguments: [Expression], at position: Int
  ) throws(QueryError) -> Expression {
    let call = try AggregateCall.plain("count", arguments, at: position)
    return try scalar(
      .aggregate(
        plan, keys: [], aggregates: [NamedAggregate(name: "count", call: call)],
        groupingSets: nil),
      type: .bigint, at: position)
  }
}
