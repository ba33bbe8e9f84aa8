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
    case .join, .values, .limit:
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
    case .list, .map:
      throw QueryError(
        .unsupported, "subqueries that give a \(type) as a value are not supported", at: position)
    default: break
    }
    let number = context.scalarSubqueries.count
    context.scalarSubqueries.append(ScalarSubquery(plan: plan, type: type, position: position))
    return .column(index: ColumnSpace.scalar + number, type: type)
  }

  // MARK: EXISTS

  func bindExists(_ query: QuerySyntax, at position: Int) throws(QueryError) -> Expression {
    let key = "exists \(ObjectIdentifier(query))"
    if let known = known(key) { return .not(.isNull(known)) }
    if let number = context.scalarNumbers[ObjectIdentifier(query)] {
      return .column(index: ColumnSpace.scalar + number, type: .boolean)
    }
    let (plan, correlations) = try plan(query, at: position)
    if correlations.isEmpty {
      let count = try count([], at: position)
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

  /// `count(arguments)` over some input.
  private func count(_ arguments: [Expression], at position: Int) throws(QueryError)
    -> AggregateCall
  {
    guard let function = FunctionRegistry.aggregate("count") else {
      throw QueryError(.unsupported, "count is not supported", at: position)
    }
    let overload = try function.resolve(
      arguments.map(\.type), arguments.map { _ in nil })
    return AggregateCall(
      overload: overload, arguments: arguments, isDistinct: false, filter: nil, orderBy: [],
      position: position)
  }

  // MARK: IN

  /// The operand and the plan of `operand IN (query)` in one type, without a join yet.
  func membership(
    _ operand: ExpressionSyntax, _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> (
    operand: Expression, plan: LogicalPlan, type: DataType, correlations: [Expression]
  ) {
    if case .row = operand.kind {
      throw QueryError(
        .unsupported, "IN over rows of several values is not supported", at: position)
    }
    let value = try bind(operand)
    let (plan, correlations) = try plan(query, at: position)
    let field = try singleColumn(plan, at: position)
    guard let type = Coercion.compared(value.type, field.type) else {
      throw QueryError(
        .type, "values of type \(value.type) and \(field.type) cannot be compared", at: position,
        hint: "an explicit CAST is required")
    }
    let column = cast(.column(index: 0, type: field.type), to: type, at: position)
    let projected =
      field.type == type
      ? plan : .project(plan, [NamedExpression(name: field.name, expression: column)])
    return (cast(value, to: type, at: position), projected, type, correlations)
  }

  func bindMembership(
    _ operand: ExpressionSyntax, _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> Expression {
    let (value, plan, type, correlations) = try membership(operand, query, at: position)
    guard correlations.isEmpty else {
      throw QueryError(
        .unsupported,
        "IN over a correlated subquery is supported only as a condition of WHERE, without NOT",
        at: position, hint: "EXISTS may serve instead")
    }
    let key = "in \(ObjectIdentifier(query)) \(value.fingerprint)"
    let counts = "counts \(ObjectIdentifier(query))"
    let total: Expression
    let present: Expression
    if let known = memberCounts[counts] {
      (total, present) = known
    } else {
      total = try scalarCount(plan, [], at: position)
      present = try scalarCount(plan, [.column(index: 0, type: type)], at: position)
      memberCounts[counts] = (total, present)
    }
    let match: Expression
    if let known = known(key) {
      match = known
    } else {
      match = try append(
        JoinedSubquery(
          stage: stage, kind: .membership(value), plan: plan, correlations: [], type: .boolean,
          position: position), key: key)
    }
    let isEmpty = try compare("=", total, .literal(.int64(0), type: .bigint), at: position)
    let hasNull = try compare("<", present, total, at: position)
    return .conditional(
      branches: [
        Expression.Branch(condition: isEmpty, result: .bool(false)),
        Expression.Branch(condition: .not(.isNull(match)), result: .bool(true)),
        Expression.Branch(condition: .or([.isNull(value), hasNull]), result: .null(.boolean)),
      ], otherwise: .bool(false), type: .boolean)
  }

  private func scalarCount(
    _ plan: LogicalPlan, _ arguments: [Expression], at position: Int
  ) throws(QueryError) -> Expression {
    let call = try count(arguments, at: position)
    return try scalar(
      .aggregate(
        plan, keys: [], aggregates: [NamedAggregate(name: "count", call: call)],
        groupingSets: nil),
      type: .bigint, at: position)
  }
}
