import ColStore

extension Binder {
  /// A column that stands for the aggregate, or nil where `name` is none.
  func bindAggregate(
    _ syntax: CallSyntax, name: String, at position: Int
  ) throws(QueryError) -> Expression? {
    guard let function = FunctionRegistry.aggregate(name) ?? withinGroup(name, syntax) else {
      return nil
    }
    if level.outer == nil { try checkAggregate(at: position) }
    let known = level.correlationCounts
    let call = try aggregateCall(
      function, syntax, name: name, argumentsIn: .aggregateArgument, stage: .input, at: position)
    let columns = call.expressions.flatMap(\.columns)
    // What reads columns of the query around this one alone is an aggregate of that query.
    if let outer = level.outer, columns.contains(where: { ColumnSpace.isOuter($0) }),
      !columns.contains(where: { ColumnSpace.isInput($0) })
    {
      level.forgetCorrelations(beyond: known)
      return try outer.bindAggregate(syntax, name: name, at: position)
        .map { level.column(for: $0) }
    }
    try checkAggregate(at: position)
    let key = Self.fingerprint(call)
    let number: Int
    if let known = aggregateNumbers[key] {
      number = known
    } else {
      number = aggregates.count
      aggregateNumbers[key] = number
      let text = ExpressionSyntax(kind: .call(syntax), position: position, height: 1)
      aggregates.append(NamedAggregate(name: text.columnName, call: call))
    }
    return .column(index: ColumnSpace.aggregate + number, type: call.overload.resultType)
  }

  /// Fails where the clause being bound can have no aggregates.
  private func checkAggregate(at position: Int) throws(QueryError) {
    switch clause {
    case .select, .having, .qualify, .orderBy, .windowArgument: break
    case .aggregateArgument:
      throw QueryError(.syntax, "aggregates cannot be nested", at: position)
    default:
      throw QueryError(
        .syntax, "\(clause.rawValue) cannot contain aggregates", at: position,
        hint: clause == .filter ? "HAVING filters groups" : nil)
    }
  }

  /// The value of a literal, or of a list of them.
  private static func constantValue(_ expression: Expression) -> Value? {
    if expression.type.isList, expression.columns.isEmpty {
      return try? ConstantFolding.value(of: expression)
    }
    return literalValue(expression)
  }

  private func withinGroup(_ name: String, _ syntax: CallSyntax) -> AggregateFunction? {
    guard !syntax.withinGroup.isEmpty else { return nil }
    switch name {
    case "percentile_cont": return FunctionRegistry.aggregate("quantile_cont")
    case "percentile_disc": return FunctionRegistry.aggregate("quantile_disc")
    default: return nil
    }
  }

  /// The call with its arguments bound in the given clause and stage.
  func aggregateCall(
    _ function: AggregateFunction, _ syntax: CallSyntax, name: String,
    argumentsIn clause: Clause, stage: Stage, at position: Int
  ) throws(QueryError) -> AggregateCall {
    guard !syntax.isStar || name == "count" || name == "count_star" else {
      throw QueryError(.syntax, "only count takes *", at: position)
    }
    guard !syntax.ignoresNulls else {
      throw QueryError(
        .unsupported, "IGNORE NULLS is supported for window functions only", at: position)
    }
    let parameters = try syntax.parameters.map { (list) throws(QueryError) in
      try self.parameters(list, of: function, at: position)
    }
    let rows =
      name == "count" && syntax.isDistinct && syntax.arguments.count == 1
      ? rowFields(syntax.arguments[0]) : nil
    var arguments = try (rows ?? syntax.arguments).map { (argument) throws(QueryError) in
      try bind(argument, in: clause, stage: stage)
    }
    var orderBy: [SortKey] = []
    if !syntax.withinGroup.isEmpty {
      guard syntax.withinGroup.count == 1 else {
        throw QueryError(.syntax, "WITHIN GROUP takes one key", at: position)
      }
      let key = syntax.withinGroup[0]
      let value = try bind(key.expression, in: clause, stage: stage)
      arguments.insert(value, at: 0)
      if function.isOrderedSet {
        try setOrder(of: &arguments, key, isWithinGroup: true, at: position)
      } else {
        orderBy = [SortKey(expression: value, descending: key.descending, nullsFirst: false)]
      }
    } else if function.isOrderedSet, syntax.orderBy.count == 1 {
      let key = syntax.orderBy[0]
      if arguments.count == 1 {
        arguments.insert(try bind(key.expression, in: clause, stage: stage), at: 0)
      }
      try setOrder(of: &arguments, key, isWithinGroup: false, at: position)
    }
    let overload: AggregateOverload
    do throws(QueryError) {
      if rows != nil {
        overload = Count.rows(arguments.map(\.type))
      } else if let parameters, let resolve = function.resolveParametric {
        overload = try resolve(parameters, arguments.map(\.type))
      } else {
        overload = try function.resolve(arguments.map(\.type), arguments.map(Self.constantValue))
      }
    } catch {
      throw error.located(at: position)
    }
    guard overload.parameterTypes.count == arguments.count else {
      throw QueryError(
        .type, "\(name) takes \(overload.parameterTypes.count) arguments: \(function.signature)",
        at: position)
    }
    arguments = zip(arguments, overload.parameterTypes).map {
      cast($0, to: $1, at: position)
    }
    var filter: Expression?
    if let condition = syntax.filter {
      filter = try bindCondition(condition, in: clause, stage: stage)
    }
    for key in syntax.orderBy where !function.isOrderedSet {
      orderBy.append(
        SortKey(
          expression: try bind(key.expression, in: clause, stage: stage),
          descending: key.descending, nullsFirst: key.nullsFirst ?? false))
    }
    return AggregateCall(
      overload: overload, arguments: arguments,
      isDistinct: syntax.isDistinct || function.isDistinct, filter: filter, orderBy: orderBy,
      position: position)
  }

  /// Has a quantile's fraction, the last argument, say in which order the values are.
  private func setOrder(
    of arguments: inout [Expression], _ key: OrderSyntax, isWithinGroup: Bool, at position: Int
  ) throws(QueryError) {
    guard let fraction = arguments.last, let literal = Self.constantValue(fraction) else { return }
    let negated = Quantiles.negated(literal, fraction.type)
    if isWithinGroup, negated == nil {
      throw QueryError(.value, "a fraction WITHIN GROUP lies between 0 and 1", at: position)
    }
    guard key.descending, let negated else { return }
    arguments[arguments.count - 1] = .literal(negated.value, type: negated.type)
  }

  /// The values of an aggregate's parameters, which depend on no row.
  private func parameters(
    _ list: [ExpressionSyntax], of function: AggregateFunction, at position: Int
  ) throws(QueryError) -> [AggregateParameter] {
    guard function.resolveParametric != nil else {
      throw QueryError(
        .syntax, "\(function.name) takes no parameters before its arguments",
        at: list.first?.position ?? position, hint: "it is \(function.signature)")
    }
    var parameters: [AggregateParameter] = []
    for syntax in list {
      let bound = try bind(syntax, in: .aggregateParameter, stage: .input)
      guard bound.columns.isEmpty else {
        throw QueryError(
          .syntax, "the parameters of \(function.name) are constants", at: syntax.position)
      }
      do throws(QueryError) {
        parameters.append(
          AggregateParameter(
            value: try ConstantFolding.value(of: bound), type: bound.type,
            position: syntax.position))
      } catch { throw error.located(at: syntax.position) }
    }
    return parameters
  }

  static func fingerprint(_ call: AggregateCall) -> String {
    var text = "\(call.overload.name):\(call.overload.resultType)("
    text += call.isDistinct ? "DISTINCT " : ""
    text += call.arguments.map(\.fingerprint).joined(separator: ", ")
    text += " ORDER BY " + call.orderBy.map { fingerprint($0) }.joined(separator: ", ")
    return text + ") FILTER " + (call.filter?.fingerprint ?? "")
  }

  static func fingerprint(_ key: SortKey) -> String {
    "\(key.expression.fingerprint) \(key.descending) \(key.nullsFirst)"
  }
}
