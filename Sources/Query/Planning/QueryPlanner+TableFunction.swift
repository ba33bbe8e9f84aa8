import ColStore

extension QueryPlanner {
  /// `name(table, argument := value, …)`; the table is a name, a file or a query in parentheses.
  func planTableFunction(
    _ function: any TableFunction, _ call: CallSyntax, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    let places = call.arguments.indices.filter { call.argumentNames[$0] == nil }
    guard places == [0], let first = call.arguments.first else {
      throw QueryError(
        .type, "\(function.name) takes a table, and other arguments as name := value",
        at: places.count > 1 ? call.arguments[places[1]].position : position,
        hint: "its arguments are \(function.parameters.joined(separator: ", "))")
    }
    let kind: TableSyntax.Kind
    switch first.kind {
    case .name(let names): kind = .table(names)
    case .string(let path): kind = .file(path)
    case .subquery(let query): kind = .query(query, isLateral: false)
    default:
      throw QueryError(
        .type, "the first argument of \(function.name) is a table", at: first.position)
    }
    let (input, _) = try planTable(
      TableSyntax(kind: kind, alias: nil, position: first.position, height: first.height))
    var arguments: [String: TableFunctionArgument] = [:]
    for (place, value) in call.arguments.enumerated().dropFirst() {
      guard let name = call.argumentNames[place] else { continue }
      let wanted = name.text.lowercased()
      guard function.parameters.contains(wanted) else {
        throw QueryError(
          .name, "\(function.name) has no argument \"\(name.text)\"", at: name.position,
          hint: nearestName(to: wanted, among: function.parameters)
            .map { "did you mean \"\($0)\"?" }
            ?? "its arguments are \(function.parameters.joined(separator: ", "))")
      }
      guard arguments[wanted] == nil else {
        throw QueryError(.name, "\"\(name.text)\" is given twice", at: name.position)
      }
      arguments[wanted] = try constant(value)
    }
    return try function.plan(
      TableFunctionCall(
        name: function.name, input: input, arguments: arguments, context: context, at: position))
  }

  /// The value of an argument, which no row has a part in.
  private func constant(_ syntax: ExpressionSyntax) throws(QueryError) -> TableFunctionArgument {
    let binder = Binder(context: context, level: level, tables: tables, scope: Scope())
    let bound = try binder.bind(syntax, in: .limit, stage: .input)
    guard bound.columns.isEmpty, binder.joined.isEmpty else {
      throw QueryError(.unsupported, "this argument must be a constant", at: syntax.position)
    }
    let plan = LogicalPlan.project(
      .values(rows: [[]], schema: []), [NamedExpression(name: "argument", expression: bound)])
    let value = try SingleValue.run(plan, context.options, at: syntax.position)
    return TableFunctionArgument(value ?? .null, type: bound.type, at: syntax.position)
  }
}
