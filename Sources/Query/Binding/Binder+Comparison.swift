import ColStore

extension Binder {
  func bindBinary(
    _ symbol: String, _ left: ExpressionSyntax, _ right: ExpressionSyntax, at position: Int
  ) throws(QueryError) -> Expression {
    if let one = rowFields(left), let other = rowFields(right) {
      return try bindRowComparison(symbol, one, other, at: position)
    }
    if ["->", "->>"].contains(symbol) {
      let what = symbol == "->" ? "lambdas with -> are" : "the operator \(symbol) is"
      throw QueryError(.unsupported, "\(what) not supported", at: position)
    }
    let operands = try bindMeeting([left, right])
    let (first, second) = (operands[0], operands[1])
    let ignoringCase = Expression.literal(.string("i"), type: .varchar)
    switch symbol {
    case "=", "<>", "<", "<=", ">", ">=":
      return try compare(symbol, first, second, at: position)
    case "<=>": return try compare("is_not_distinct_from", first, second, at: position)
    case "!~~": return .not(try call("~~", [first, second], at: position))
    case "!~~*": return .not(try call("~~*", [first, second], at: position))
    case "~": return try call("regexp_matches", operands, at: position)
    case "!~": return .not(try call("regexp_matches", operands, at: position))
    case "~*": return try call("regexp_matches", operands + [ignoringCase], at: position)
    case "!~*": return .not(try call("regexp_matches", operands + [ignoringCase], at: position))
    case "^@": return try call("starts_with", [first, second], at: position)
    case "^": return try call("**", [first, second], at: position)
    default: return try call(symbol, [first, second], at: position)
    }
  }

  /// A comparison, in the type in which both sides meet.
  func compare(
    _ symbol: String, _ left: Expression, _ right: Expression, at position: Int
  ) throws(QueryError) -> Expression {
    let (first, second) = try unified(left, right, at: position)
    return try call(symbol, [first, second], at: position)
  }

  /// Both sides in one type. A number that a side's type holds exactly is taken in that type, so
  /// that columns need no cast.
  private func unified(
    _ left: Expression, _ right: Expression, at position: Int
  ) throws(QueryError) -> (Expression, Expression) {
    if left.type == right.type { return (left, right) }
    if !left.isLiteral, let literal = NumericLiteral.converted(right, to: left.type) {
      return (left, literal)
    }
    if !right.isLiteral, let literal = NumericLiteral.converted(left, to: right.type) {
      return (literal, right)
    }
    guard let type = Coercion.compared(left.type, right.type) else {
      throw QueryError(
        .type, "values of type \(left.type) and \(right.type) cannot be compared", at: position,
        hint: "an explicit CAST is required")
    }
    return (cast(left, to: type, at: position), cast(right, to: type, at: position))
  }

  func bindBetween(
    _ operand: ExpressionSyntax, _ low: ExpressionSyntax, _ high: ExpressionSyntax,
    at position: Int
  ) throws(QueryError) -> Expression {
    var values = try bindMeeting([operand, low, high])
    let type = try merged(values, what: "BETWEEN", at: position)
    switch type {
    case .integer, .bigint, .decimal: break
    default: values = values.map { cast($0, to: type, at: position) }
    }
    return .and([
      try compare(">=", values[0], values[1], at: position),
      try compare("<=", values[0], values[2], at: position),
    ])
  }

  func bindInList(
    _ operand: ExpressionSyntax, _ list: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> Expression {
    if let fields = rowFields(operand) { return try bindRowInList(fields, list, at: position) }
    var elements = try bindMeeting([operand] + list)
    var value = elements.removeFirst()
    if elements.count == 1 { return try compare("=", value, elements[0], at: position) }
    var literals: [Expression] = []
    for element in elements {
      if case .literal(.null, _) = element {
        literals.append(.null(value.type))
      } else if element.type == value.type && element.isLiteral {
        literals.append(element)
      } else if let literal = NumericLiteral.converted(element, to: value.type) {
        literals.append(literal)
      }
    }
    if literals.count == elements.count && !value.isLiteral { return .inList(value, literals) }
    var type = value.type
    for element in elements {
      guard let next = Coercion.compared(type, element.type) else {
        throw QueryError(
          .type, "values of type \(type) and \(element.type) cannot be compared", at: position,
          hint: "an explicit CAST is required")
      }
      type = next
    }
    value = cast(value, to: type, at: position)
    return .inList(value, elements.map { cast($0, to: type, at: position) })
  }

  func bindLike(_ like: LikeSyntax, at position: Int) throws(QueryError) -> Expression {
    var arguments = [try bind(like.text), try bind(like.pattern)]
    for (index, argument) in arguments.enumerated() {
      switch argument.type {
      case .varchar, .null: break
      default:
        throw QueryError(
          .type, "a pattern is matched with VARCHAR, but this is a value of type \(argument.type)",
          at: index == 0 ? like.text.position : like.pattern.position,
          hint: "an explicit CAST is required")
      }
    }
    if let escape = like.escape { arguments.append(try bind(escape)) }
    let name: String
    switch like.operation {
    case .like: name = arguments.count == 3 ? "like_escape" : "~~"
    case .ilike: name = arguments.count == 3 ? "ilike_escape" : "~~*"
    case .glob: name = "~~~"
    case .similar:
      guard arguments.count == 2 else {
        throw QueryError(.unsupported, "SIMILAR TO with ESCAPE is not supported", at: position)
      }
      name = "regexp_full_match"
    }
    return negate(try call(name, arguments, at: position), if: like.negated)
  }
}
