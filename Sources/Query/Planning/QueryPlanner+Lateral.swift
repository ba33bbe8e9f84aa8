import ColStore

/// The right side of a join, and what it reads of the left side.
struct JoinSide {
  var plan: LogicalPlan
  let scope: Scope
  /// Expressions over the left side's columns; number k of them is column
  /// ``ColumnSpace/outer`` + k of `plan`.
  var correlations: [Expression] = []
}

extension QueryPlanner {
  /// The right side of a join; subqueries may refer to the columns of the left side.
  func planRightSide(_ syntax: TableSyntax, beside left: Scope) throws(QueryError) -> JoinSide {
    guard case .query(let query, _) = syntax.kind else {
      let (plan, scope) = try planTable(syntax)
      return JoinSide(plan: plan, scope: scope)
    }
    try context.count(at: syntax.position)
    let binder = Binder(context: context, level: level, tables: tables, scope: left)
    let inner = QueryLevel(outer: binder)
    var plan = try QueryPlanner(context: context, level: inner, tables: tables).plan(query)
    var correlations = inner.correlations
    if !correlations.isEmpty && correlations.allSatisfy(Self.readsOnlyOuter) {
      // What it reads belongs to the query around both: then it is no lateral one.
      let values = correlations
      plan = plan.mappingExpressions { expression in
        expression.replacingColumns { index, _ in
          let number = index - ColumnSpace.outer
          return ColumnSpace.isOuter(index) && number < values.count ? values[number] : nil
        }
      }
      correlations = []
    }
    let (named, scope) = try named(
      plan, syntax.alias, default: "unnamed_subquery", isAnonymous: true)
    return JoinSide(plan: named, scope: scope, correlations: correlations)
  }

  private static func readsOnlyOuter(_ expression: Expression) -> Bool {
    expression.columns.allSatisfy { !ColumnSpace.isInput($0) }
  }

  /// The rows of `left`, each with those of the right side for its values.
  func planLateral(
    _ join: JoinSyntax, _ left: LogicalPlan, _ right: JoinSide, _ scope: Scope, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    guard [.inner, .cross, .left].contains(join.kind), !join.isAsOf else {
      throw QueryError(
        .unsupported,
        "a subquery that refers to the tables before it is joined by JOIN or LEFT JOIN",
        at: position)
    }
    var condition: Expression?
    switch join.condition {
    case .none: break
    case .on(let syntax):
      let binder = Binder(context: context, level: level, tables: tables, scope: scope)
      condition = try binder.bindCondition(syntax, in: .join, stage: .input)
      if case .literal(.bool(true), _)? = condition { condition = nil }
    case .using, .natural:
      throw QueryError(
        .unsupported, "USING and NATURAL joins of a subquery that refers to the tables before it",
        at: position)
    }
    return try Decorrelation.lateral(
      left, right.plan, correlations: right.correlations, keepsUnmatched: join.kind == .left,
      condition: condition, at: position)
  }

  // MARK: Lists as tables

  /// A join with a function that makes rows of each row: `FROM t, unnest(t.list)`. nil where the
  /// right side is no such function or reads nothing of the left side.
  func planUnnesting(
    _ join: JoinSyntax, _ left: LogicalPlan, _ scope: Scope, at position: Int
  ) throws(QueryError) -> (LogicalPlan, Scope)? {
    guard case .function(let call) = join.right.kind,
      let list = try listOf(call, scope: scope, at: join.right.position),
      list.columns.contains(where: { ColumnSpace.isInput($0) })
    else { return nil }
    guard join.kind == .inner || join.kind == .cross, !join.isAsOf else {
      throw QueryError(
        .unsupported, "\(call.name.text) over columns of other tables is joined by JOIN only",
        at: position)
    }
    let plan = LogicalPlan.unnest(left, lists: [NamedExpression(name: "list", expression: list)])
    let (fields, alias) = (Array(plan.schema.suffix(1)), join.right.alias)
    let name = alias?.columns.first?.text ?? alias?.name.text ?? call.name.text.lowercased()
    let own = Scope(
      table: alias?.name.text ?? call.name.text, fields: [Field(name: name, type: fields[0].type)])
    let joined = try scope.joined(with: own, offset: left.schema.count, at: join.right.position)
    switch join.condition {
    case .none: return (plan, joined)
    case .on(let condition):
      let binder = Binder(context: context, level: level, tables: tables, scope: joined)
      let bound = try binder.bindCondition(condition, in: .join, stage: .input)
      return (.filter(plan, predicate: bound), joined)
    case .using, .natural:
      throw QueryError(
        .unsupported, "USING and NATURAL joins of \(call.name.text)", at: position)
    }
  }

  /// The list whose elements a table function gives; nil for functions of other kinds.
  func listOf(
    _ call: CallSyntax, scope: Scope, at position: Int
  ) throws(QueryError) -> Expression? {
    let name = call.name.text.lowercased()
    guard ["unnest", "range", "generate_series"].contains(name) else { return nil }
    let binder = Binder(context: context, level: level, tables: tables, scope: scope)
    var arguments: [Expression] = []
    for argument in call.arguments {
      arguments.append(try binder.bind(argument, in: .join, stage: .input))
    }
    guard name == "unnest" else { return try binder.call(name, arguments, at: position) }
    return try binder.listToUnnest(arguments, at: position)
  }
}

extension Binder {
  /// The argument of `unnest`, checked.
  func listToUnnest(_ arguments: [Expression], at position: Int) throws(QueryError) -> Expression {
    guard arguments.count == 1 else {
      throw QueryError(.type, "unnest takes one list", at: position)
    }
    if arguments[0].type == .null { return .null(.list(.integer)) }
    guard arguments[0].type.isList else {
      throw QueryError(
        .type, "unnest takes a list, not a value of type \(arguments[0].type)", at: position)
    }
    return arguments[0]
  }
}
