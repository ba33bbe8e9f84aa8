import ColStore

extension Binder {
  /// The typed expression that the syntax means in the current clause.
  func bind(_ syntax: ExpressionSyntax) throws(QueryError) -> Expression {
    let position = syntax.position
    try context.count(at: position)
    switch syntax.kind {
    case .null: return .null()
    case .boolean(let value): return .bool(value)
    case .number(let text): return try NumericLiteral.expression(text, at: position)
    case .string(let text): return .literal(.string(text), type: .varchar)
    case .parameter(let name): return try bindNamedValue(name, at: position)
    case .name(let names): return try bindName(names, at: position)
    case .positional(let place):
      guard place >= 1, place <= scope.columns.count else {
        throw QueryError(.name, "there is no column number \(place)", at: position)
      }
      return scope.columns[place - 1].expression
    case .star:
      throw QueryError(
        .syntax, "* stands for columns only in a select list and in count(*)", at: position)
    case .unary(let symbol, let operand):
      let bound = try bindMeeting([operand])
      if symbol == "+", bound[0].type.isNumeric { return bound[0] }
      return try call(symbol, bound, at: position)
    case .binary(let symbol, let left, let right):
      return try bindBinary(symbol, left, right, at: position)
    case .and(let operands): return .and(try conditions(operands))
    case .or(let operands): return .or(try conditions(operands))
    case .not(let operand): return .not(try condition(operand))
    case .isNull(let operand, let negated):
      return negate(.isNull(try bind(operand)), if: negated)
    case .isBoolean(let operand, let value, let negated):
      let test = try call(
        "is_not_distinct_from", [try condition(operand), .bool(value)], at: position)
      return negate(test, if: negated)
    case .isDistinct(let left, let right, let negated):
      let name = negated ? "is_not_distinct_from" : "is_distinct_from"
      if let one = rowFields(left), let other = rowFields(right) {
        return try bindRowComparison(name, one, other, at: position)
      }
      return try compare(name, try bind(left), try bind(right), at: position)
    case .between(let operand, let low, let high, let negated):
      return negate(try bindBetween(operand, low, high, at: position), if: negated)
    case .inList(let operand, let list, let negated):
      return negate(try bindInList(operand, list, at: position), if: negated)
    case .inQuery(let operand, let query, let negated):
      return negate(try bindMembership(operand, query, at: position), if: negated)
    case .like(let like): return try bindLike(like, at: position)
    case .conditional(let operand, let branches, let otherwise):
      return try bindConditional(operand, branches, otherwise, at: position)
    case .cast(let operand, let type, let isTry):
      return try bindCast(operand, type, isTry: isTry, at: position)
    case .call(let call): return try bindCall(call, at: position)
    case .interval(let value, let unit):
      return try bindInterval(value, unit: unit, at: position)
    case .subquery(let query): return try bindScalarSubquery(query, at: position)
    case .exists(let query): return try bindExists(query, at: position)
    case .quantified(let operand, let symbol, let query, let isAll):
      return try bindQuantified(operand, symbol, query, isAll: isAll, at: position)
    case .list(let elements): return try bindList(elements, at: position)
    case .element(let list, let index):
      return try call("list_extract", [try bind(list), try bind(index)], at: position)
    case .slice(let list, let first, let last, let step):
      return try bindSlice(list, first, last, step: step, at: position)
    case .row:
      throw QueryError(.unsupported, "rows of several values are not supported", at: position)
    case .lambda: throw QueryError(.unsupported, "lambdas are not supported", at: position)
    case .atTimeZone: throw QueryError(.unsupported, "time zones are not supported", at: position)
    }
  }

  // MARK: Conditions

  func condition(_ syntax: ExpressionSyntax) throws(QueryError) -> Expression {
    try condition(try bind(syntax), at: syntax.position)
  }

  func condition(_ expression: Expression, at position: Int) throws(QueryError) -> Expression {
    switch expression.type {
    case .boolean: return expression
    case .null: return .null(.boolean)
    case .integer, .bigint, .double, .decimal, .varchar:
      return .cast(expression, to: .boolean, isTry: false, position: position)
    default:
      throw QueryError(
        .type, "a condition is a BOOLEAN, but this is a value of type \(expression.type)",
        at: position)
    }
  }

  private func conditions(_ syntax: [ExpressionSyntax]) throws(QueryError) -> [Expression] {
    var operands: [Expression] = []
    for operand in syntax {
      let bound = try condition(operand)
      operands.append(bound)
    }
    return operands
  }

  func negate(_ expression: Expression, if negated: Bool) -> Expression {
    negated ? .not(expression) : expression
  }

  // MARK: CASE

  private func bindConditional(
    _ operand: ExpressionSyntax?, _ branches: [BranchSyntax], _ otherwise: ExpressionSyntax?,
    at position: Int
  ) throws(QueryError) -> Expression {
    var conditions: [Expression] = []
    var results: [Expression] = []
    for branch in branches {
      if let operand {
        conditions.append(
          try compare(
            "=", try bind(operand), try bind(branch.condition), at: branch.condition.position))
      } else {
        conditions.append(try condition(branch.condition))
      }
      results.append(try bind(branch.result))
    }
    results.append(try otherwise.map { (syntax) throws(QueryError) in try bind(syntax) } ?? .null())
    let type = try merged(results, what: "CASE", at: position)
    let cast = results.map { self.cast($0, to: type, at: position) }
    return .conditional(
      branches: zip(conditions, cast).map { Expression.Branch(condition: $0, result: $1) },
      otherwise: cast[cast.count - 1], type: type)
  }

  /// The type of expressions of which one is chosen.
  func merged(
    _ expressions: [Expression], what: String, at position: Int
  ) throws(QueryError) -> DataType {
    guard let first = expressions.first else { return .null }
    var type = first.type
    var literal = Coercion.Operand(first)
    for expression in expressions.dropFirst() {
      let operand = Coercion.Operand(expression)
      guard let merged = Coercion.merged(literal, operand) else {
        throw QueryError(
          .type,
          "values of type \(type) and \(expression.type) do not mix in \(what)",
          at: position, hint: "an explicit CAST is required")
      }
      type = merged
      let bothLiterals =
        (literal.isStringLiteral || literal.type == .null)
        && (operand.isStringLiteral || operand.type == .null)
      literal =
        bothLiterals && type == .varchar
        ? (literal.isStringLiteral ? literal : operand) : Coercion.Operand(type: type)
    }
    return type
  }

  // MARK: Casts

  private func bindCast(
    _ operand: ExpressionSyntax, _ syntax: TypeSyntax, isTry: Bool, at position: Int
  ) throws(QueryError) -> Expression {
    let value = try bind(operand)
    let type = try TypeName.type(of: syntax)
    if case .literal(.null, _) = value { return .null(type) }
    if let range = TypeName.range(of: syntax) {
      let cast = try bindCast(value, to: type, isTry: isTry, at: position)
      return .call(
        ScalarCall(
          overload: RangeCheck.overload(type, range, syntax.name.uppercased(), isTry: isTry),
          arguments: [cast], position: position))
    }
    return try bindCast(value, to: type, isTry: isTry, at: position)
  }

  private func bindCast(
    _ value: Expression, to type: DataType, isTry: Bool, at position: Int
  ) throws(QueryError) -> Expression {
    if value.type == type { return value }
    guard Self.canCast(value.type, to: type) else {
      throw QueryError(
        .type, "a value of type \(value.type) cannot be cast to \(type)", at: position)
    }
    if let literal = NumericLiteral.converted(value, to: type) { return literal }
    return .cast(value, to: type, isTry: isTry, position: position)
  }

  /// Whether there is a cast at all; values may still not fit.
  static func canCast(_ from: DataType, to type: DataType) -> Bool {
    if from == type || from == .null || type == .varchar { return true }
    if from == .varchar { return true }
    switch (from, type) {
    case (_, _) where (from.isNumeric || from == .boolean) && (type.isNumeric || type == .boolean):
      return true
    case (.date, .timestamp), (.timestamp, .date), (.timestamp, .time): return true
    case (.list(let element), .list(let wanted)): return canCast(element, to: wanted)
    default: return false
    }
  }

  // MARK: Intervals

  private func bindInterval(
    _ value: ExpressionSyntax, unit: String, at position: Int
  ) throws(QueryError) -> Expression {
    var operand = try bind(value)
    if let whole = NumericLiteral.exact(operand), whole.scale == 0,
      let interval = Self.interval(whole.unscaled, unit: unit)
    {
      return .literal(.interval(interval), type: .interval)
    }
    if operand.type != .double {
      operand = .cast(operand, to: .double, isTry: false, position: position)
    }
    if unit != "to_seconds" && unit != "to_milliseconds" {
      operand = try call("trunc", [operand], at: position)
      let type: DataType =
        unit == "to_hours" || unit == "to_minutes" || unit == "to_microseconds"
        ? .bigint : .integer
      operand = .cast(operand, to: type, isTry: false, position: position)
    }
    return try call(unit, [operand], at: position)
  }

  /// The interval of `count` units, where it is in range.
  private static func interval(_ count: Int128, unit: String) -> Interval? {
    func months(_ factor: Int128) -> Interval? {
      Int32(exactly: count * factor).map { Interval(months: $0) }
    }
    func days(_ factor: Int128) -> Interval? {
      Int32(exactly: count * factor).map { Interval(days: $0) }
    }
    func microseconds(_ factor: Int128) -> Interval? {
      Int64(exactly: count * factor).map { Interval(microseconds: $0) }
    }
    guard count.magnitude < 1 << 64 else { return nil }
    switch unit {
    case "to_years": return months(12)
    case "to_quarters": return months(3)
    case "to_months": return months(1)
    case "to_decades": return months(120)
    case "to_centuries": return months(1_200)
    case "to_millennia": return months(12_000)
    case "to_weeks": return days(7)
    case "to_days": return days(1)
    case "to_hours": return microseconds(3_600_000_000)
    case "to_minutes": return microseconds(60_000_000)
    case "to_seconds": return microseconds(1_000_000)
    case "to_milliseconds": return microseconds(1_000)
    case "to_microseconds": return microseconds(1)
    default: return nil
    }
  }

  private func bindList(
    _ elements: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> Expression {
    var arguments: [Expression] = []
    for element in elements { arguments.append(try bind(element)) }
    return try call("list_value", arguments, at: position)
  }
}
