import ColStore

extension Binder {
  /// A call of the registered scalar function or operator.
  func call(
    _ name: String, _ arguments: [Expression], at position: Int
  ) throws(QueryError) -> Expression {
    guard let function = scalarFunction(name) else {
      throw unknownFunction(name, at: position)
    }
    let overload: ScalarOverload
    do throws(QueryError) {
      overload = try self.overload(of: function, for: arguments)
    } catch {
      throw error.located(at: position)
    }
    guard overload.parameterTypes.count == arguments.count else {
      throw QueryError(
        .type, "\(name) takes \(overload.parameterTypes.count) arguments: \(function.signature)",
        at: position)
    }
    if overload.nulls == .propagate, arguments.contains(where: { Self.literalValue($0) == .null }) {
      let isTyped = !arguments.contains { $0.type == .null }
      return .null(isTyped ? overload.resultType : Self.typeOfNull(overload))
    }
    let cast = zip(arguments, overload.parameterTypes).map { argument, type in
      self.cast(argument, to: type, at: position)
    }
    return .call(ScalarCall(overload: overload, arguments: cast, position: position))
  }

  /// The type of a call of a NULL without a type: none where it depends on the types of the arguments.
  private static func typeOfNull(_ overload: ScalarOverload) -> DataType {
    switch overload.resultType {
    case .decimal where overload.resultType != .hugeint: .null
    case .varchar where overload.name == "||": .null
    case let type: type
    }
  }

  /// The overload for the arguments' types; a NULL without a type is a list where nothing else fits.
  private func overload(
    of function: ScalarFunction, for arguments: [Expression]
  ) throws(QueryError) -> ScalarOverload {
    let (types, literals) = (arguments.map(\.type), arguments.map(Self.literalValue))
    do throws(QueryError) {
      return try function.resolve(types, literals)
    } catch {
      let lists = types.map { $0 == .null ? .list(.null) : $0 }
      guard types.contains(.null), let overload = try? function.resolve(lists, literals) else {
        throw error
      }
      return overload
    }
  }

  private func unknownFunction(_ name: String, at position: Int) -> QueryError {
    let isWord =
      name.utf8.first.map { $0 == UInt8(ascii: "_") || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
      ?? false
    guard isWord else {
      return QueryError(.unsupported, "the operator \(name) is not supported", at: position)
    }
    if WindowName.all.contains(name) {
      return QueryError(
        .syntax, "\(name) is a window function", at: position, hint: "write \(name)(…) OVER (…)")
    }
    let known =
      FunctionRegistry.names + context.options.functions.map(\.name) + Self.specialForms
      + WindowName.all
    return QueryError(
      .name, "there is no function \"\(name)\"", at: position,
      hint: nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" })
  }

  /// Functions that are syntax rather than kernels.
  static let specialForms =
    PlanningContext.constantNames + [
      "coalesce", "ifnull", "nullif", "if", "grouping", "unnest",
    ]

  func bindCall(_ syntax: CallSyntax, at position: Int) throws(QueryError) -> Expression {
    let name = syntax.name.text.lowercased()
    if let named = syntax.argumentNames.values.min(by: { $0.position < $1.position }) {
      guard scalarFunction(name)?.parameters != nil, syntax.window == nil else {
        throw QueryError(
          .unsupported, "\(name) takes no named arguments", at: named.position)
      }
    }
    if syntax.window != nil { return try bindWindow(syntax, name: name, at: position) }
    if let aggregate = try bindAggregate(syntax, name: name, at: position) { return aggregate }
    guard syntax.parameters == nil else {
      guard FunctionRegistry.scalar(name) != nil else { throw unknownFunction(name, at: position) }
      throw QueryError(
        .syntax, "\(name) takes no parameters before its arguments", at: position,
        hint: "only aggregates such as windowFunnel do")
    }
    guard !syntax.isDistinct, syntax.filter == nil, syntax.orderBy.isEmpty,
      syntax.withinGroup.isEmpty, !syntax.isStar
    else {
      guard scalarFunction(name) != nil else { throw unknownFunction(name, at: position) }
      throw QueryError(
        .syntax, "only aggregates take *, DISTINCT, ORDER BY and FILTER", at: position)
    }
    if WindowName.all.contains(name), FunctionRegistry.scalar(name) == nil {
      throw unknownFunction(name, at: position)
    }
    if name == "unnest" { return try bindUnnest(syntax, at: position) }
    if name == "grouping" || name == "grouping_id" { return try bindGrouping(syntax, at: position) }
    if syntax.arguments.isEmpty, let constant = context.constant(name) { return constant }
    var arguments: [Expression] = []
    if let parameters = scalarFunction(name)?.parameters {
      arguments = try bindArguments(syntax, parameters, at: position)
    } else {
      for argument in syntax.arguments { arguments.append(try bind(argument)) }
    }
    switch (name, arguments.count) {
    case ("age", 1):
      if let today = context.constant("current_date") { arguments.insert(today, at: 0) }
    case ("coalesce", 1...), ("ifnull", 2): return try coalesce(arguments, at: position)
    case ("nullif", 2):
      let equal = try compare("=", arguments[0], arguments[1], at: position)
      return .conditional(
        branches: [Expression.Branch(condition: equal, result: .null(arguments[0].type))],
        otherwise: arguments[0], type: arguments[0].type)
    case ("if", 3), ("iff", 3):
      let test = try condition(arguments[0], at: position)
      let type = try merged(Array(arguments[1...]), what: "IF", at: position)
      return .conditional(
        branches: [
          Expression.Branch(condition: test, result: cast(arguments[1], to: type, at: position))
        ], otherwise: cast(arguments[2], to: type, at: position), type: type)
    case ("date", 1) where FunctionRegistry.scalar("date") == nil,
      ("to_date", 1) where FunctionRegistry.scalar("to_date") == nil:
      guard Self.canCast(arguments[0].type, to: .date) else { break }
      return cast(arguments[0], to: .date, at: position)
    default: break
    }
    return try call(name, arguments, at: position)
  }

  /// The first argument that is not NULL, as a chain of conditions, so that the arguments behind it
  /// are not computed.
  private func coalesce(_ arguments: [Expression], at position: Int) throws(QueryError)
    -> Expression
  {
    let type = try merged(arguments, what: "COALESCE", at: position)
    let values = arguments.filter { argument in
      if case .literal(.null, _) = argument { return false }
      return true
    }
    guard let last = values.last else { return .null(type) }
    guard values.count > 1 else { return cast(last, to: type, at: position) }
    return .conditional(
      branches: values.dropLast().map {
        Expression.Branch(
          condition: .not(.isNull($0)), result: cast($0, to: type, at: position))
      },
      otherwise: cast(last, to: type, at: position), type: type)
  }

  /// A column that stands for the elements of a list, each in a row of its own.
  private func bindUnnest(_ syntax: CallSyntax, at position: Int) throws(QueryError) -> Expression {
    if !unnestedKeys.isEmpty,
      let known = unnestedKeys[try unnestedList(syntax, at: position).fingerprint]
    {
      return known
    }
    guard clause == .select || clause == .orderBy, stage == .output else {
      throw QueryError(
        .unsupported, "unnest stands in the select list or in FROM only", at: position)
    }
    let known = unnested.count
    let list = try unnestedList(syntax, at: position)
    guard unnested.count == known else {
      throw QueryError(.unsupported, "unnest within unnest is not supported", at: position)
    }
    let wanted = list.fingerprint
    if let number = unnested.firstIndex(where: { $0.fingerprint == wanted }) {
      return .column(index: ColumnSpace.unnested + number, type: list.type.element)
    }
    unnested.append(list)
    return .column(index: ColumnSpace.unnested + known, type: list.type.element)
  }

  private func unnestedList(_ syntax: CallSyntax, at position: Int) throws(QueryError) -> Expression
  {
    var arguments: [Expression] = []
    for argument in syntax.arguments { arguments.append(try bind(argument)) }
    return try listToUnnest(arguments, at: position)
  }

  private func bindGrouping(_ syntax: CallSyntax, at position: Int) throws(QueryError)
    -> Expression
  {
    switch clause {
    case .select, .having, .qualify, .orderBy, .windowArgument: break
    default:
      throw QueryError(.syntax, "\(clause.rawValue) cannot contain GROUPING", at: position)
    }
    var arguments: [Expression] = []
    for argument in syntax.arguments {
      let key = try bind(argument, in: .groupBy, stage: .input)
      guard groupingKeys.contains(key.fingerprint) else {
        throw QueryError(
          .syntax, "the arguments of GROUPING are keys of GROUP BY", at: argument.position)
      }
      arguments.append(key)
    }
    guard (1...62).contains(arguments.count) else {
      throw QueryError(.syntax, "GROUPING takes keys of GROUP BY", at: position)
    }
    groupings.append(arguments)
    return .column(index: ColumnSpace.grouping + groupings.count - 1, type: .bigint)
  }

  /// `list[first:last:step]`; what is left out is the end that the step goes from, or to.
  func bindSlice(
    _ list: ExpressionSyntax, _ first: ExpressionSyntax?, _ last: ExpressionSyntax?,
    step: ExpressionSyntax?, at position: Int
  ) throws(QueryError) -> Expression {
    var ends = (first: Int64(1), last: Int64.max)
    let bound = try step.map { (step) throws(QueryError) in try bind(step) }
    if let bound, first == nil || last == nil {
      guard bound.columns.isEmpty else {
        throw QueryError(
          .unsupported, "a slice with a step that is no constant has both ends", at: position)
      }
      if case .int64(..<0) = try ConstantFolding.value(of: bound) { ends = (ends.last, ends.first) }
    }
    let from = try first.map { (syntax) throws(QueryError) in try bind(syntax) }
    let to = try last.map { (syntax) throws(QueryError) in try bind(syntax) }
    let arguments = [
      try bind(list), from ?? .literal(.int64(ends.first), type: .bigint),
      to ?? .literal(.int64(ends.last), type: .bigint),
    ]
    return try call("list_slice", arguments + (bound.map { [$0] } ?? []), at: position)
  }
}
