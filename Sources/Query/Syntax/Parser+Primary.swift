extension Parser {
  /// A primary expression with its casts, subscripts and fields.
  mutating func postfix() throws(QueryError) -> ExpressionSyntax {
    var expression = try primary()
    while true {
      let position = token.start
      if take("::") {
        let type = try typeName()
        expression = try node(
          .cast(expression, type, isTry: false), at: expression.position, over: [expression])
      } else if take("[") {
        expression = try subscripted(expression, at: position)
      } else if at("!"), Self.endsOperand(token(ahead: 1)) {
        advance()
        let call = CallSyntax(
          name: NameSyntax(text: "factorial", position: position), arguments: [expression])
        expression = try node(.call(call), at: position, over: [expression])
      } else if at("."), isCallOrParenthesis(expression) {
        advance()
        let name = try anyName("the name of a function")
        guard at("(") else {
          throw QueryError(.unsupported, "fields of structs are not supported", at: position)
        }
        expression = try call(name, on: expression)
      } else {
        return expression
      }
    }
  }

  func isCallOrParenthesis(_ expression: ExpressionSyntax) -> Bool {
    if case .number = expression.kind { return false }
    return true
  }

  /// Whether the token cannot begin an operand, so that a `!` before it is the factorial.
  static func endsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .end, .symbol: return token.keyword != "("
    case .word: return Keyword.reserved.contains(token.keyword)
    default: return false
    }
  }

  mutating func subscripted(
    _ expression: ExpressionSyntax, at position: Int
  ) throws(QueryError) -> ExpressionSyntax {
    var first: ExpressionSyntax?
    if !at(":") { first = try self.expression() }
    if take(":") {
      var (last, step): (ExpressionSyntax?, ExpressionSyntax?)
      if at("-"), token(ahead: 1).keyword == ":" {
        advance()
      } else if !at("]") {
        last = try self.expression()
      }
      if take(":") { step = try self.expression() }
      try expect("]")
      return try node(
        .slice(expression, first, last, step: step), at: position,
        over: [expression] + [first, last, step].compactMap { $0 })
    }
    try expect("]")
    guard let first else { throw unexpected("expected an index") }
    return try node(.element(expression, first), at: position, over: [expression, first])
  }

  mutating func primary() throws(QueryError) -> ExpressionSyntax {
    let start = token
    switch start.kind {
    case .number:
      advance()
      return ExpressionSyntax(kind: .number(start.text), position: start.start, height: 1)
    case .string:
      advance()
      return ExpressionSyntax(kind: .string(start.text), position: start.start, height: 1)
    case .parameter:
      advance()
      return ExpressionSyntax(kind: .parameter(start.text), position: start.start, height: 1)
    case .quotedName: return try nameOrCall()
    case .symbol:
      switch start.keyword {
      case "(": return try parenthesised()
      case "*":
        if token(ahead: 1).keyword == "columns", token(ahead: 2).keyword == "(" {
          return try columns()
        }
        return try starExpression(table: nil)
      case "[":
        advance()
        return try list(from: start.start)
      case "{":
        throw QueryError(.unsupported, "structs are not supported", at: start.start)
      case "#":
        if case .number = token(ahead: 1).kind, let place = Int(token(ahead: 1).text) {
          advance()
          advance()
          return ExpressionSyntax(kind: .positional(place), position: start.start, height: 1)
        }
        throw unexpected("expected an expression")
      default: throw unexpected("expected an expression")
      }
    case .word: return try word()
    case .invalid, .end: throw unexpected("expected an expression")
    }
  }

  mutating func list(from position: Int) throws(QueryError) -> ExpressionSyntax {
    var elements: [ExpressionSyntax] = []
    repeat {
      if at("]") { break }
      elements.append(try expression())
    } while take(",")
    try expect("]")
    return try node(.list(elements), at: position, over: elements)
  }

  /// `{key: value, …}` behind MAP.
  mutating func map(from position: Int) throws(QueryError) -> ExpressionSyntax {
    try expect("{")
    var keys: [ExpressionSyntax] = []
    var values: [ExpressionSyntax] = []
    repeat {
      if at("}") { break }
      keys.append(try expression())
      try expect(":", after: "behind the key of a map")
      values.append(try expression())
    } while take(",")
    try expect("}")
    let lists = [
      try node(.list(keys), at: position, over: keys),
      try node(.list(values), at: position, over: values),
    ]
    return try call("map", lists, at: position)
  }

  mutating func parenthesised() throws(QueryError) -> ExpressionSyntax {
    let position = token.start
    if token(ahead: 1).keyword == ")" {
      throw QueryError(.syntax, "expected an expression between the parentheses", at: position)
    }
    advance()
    if startsQuery, let query = try subqueryInParentheses() {
      return ExpressionSyntax(kind: .subquery(query), position: position, height: 1)
    }
    let first = try expression()
    guard at(",") else {
      try expect(")")
      return first
    }
    var elements = [first]
    while take(",") {
      if at(")") { break }
      elements.append(try expression())
    }
    try expect(")")
    return try node(.row(elements), at: position, over: elements)
  }

  /// The query up to the closing parenthesis; nil, with nothing taken, where `((select 1) + 2)` shows
  /// that the inner parentheses were an expression's.
  mutating func subqueryInParentheses() throws(QueryError) -> QuerySyntax? {
    let start = index
    guard at("(") else {
      let query = try query()
      try expect(")")
      return query
    }
    if let query = try? query(), take(")") { return query }
    index = start
    return nil
  }

  // MARK: Names and calls

  mutating func nameOrCall() throws(QueryError) -> ExpressionSyntax {
    let first = token
    let isCall = token(ahead: 1).keyword == "("
    switch first.kind {
    case .quotedName: break
    case .word where isCall && !Keyword.reserved.contains(first.keyword): break
    case .word where Keyword.canBeName(first.keyword): break
    default: throw unexpected("expected an expression")
    }
    advance()
    let name = NameSyntax(text: first.text, position: first.start)
    if isCall { return try call(name) }
    var names = [name]
    while at(".") {
      if token(ahead: 1).keyword == "*" {
        advance()
        guard names.count == 1 else {
          throw QueryError(.unsupported, "schemas are not supported", at: name.position)
        }
        return try starExpression(table: name)
      }
      advance()
      let next = try anyName("a column name")
      if at("(") {
        let operand = ExpressionSyntax(kind: .name(names), position: first.start, height: 1)
        return try call(next, on: operand)
      }
      names.append(next)
    }
    return ExpressionSyntax(kind: .name(names), position: first.start, height: 1)
  }

  /// The call of `name`, whose parentheses come next; of `operand.name(…)`, the operand is the first
  /// argument.
  private mutating func call(
    _ name: NameSyntax, on operand: ExpressionSyntax? = nil
  ) throws(QueryError) -> ExpressionSyntax {
    var call = try callSuffix(name: name, takesNames: true)
    if let operand { call = call.applied(to: operand) }
    return try node(.call(call), at: name.position, over: call.children)
  }
}
