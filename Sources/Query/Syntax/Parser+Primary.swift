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
        throw QueryError(
          .unsupported, "fields of structs and chained calls are not supported", at: position)
      } else {
        return expression
      }
    }
  }

  private func isCallOrParenthesis(_ expression: ExpressionSyntax) -> Bool {
    if case .number = expression.kind { return false }
    return true
  }

  /// Whether the token cannot begin an operand, so that a `!` before it is the factorial.
  private static func endsOperand(_ token: Token) -> Bool {
    switch token.kind {
    case .end, .symbol: return token.keyword != "("
    case .word: return Keyword.reserved.contains(token.keyword)
    default: return false
    }
  }

  private mutating func subscripted(
    _ expression: ExpressionSyntax, at position: Int
  ) throws(QueryError) -> ExpressionSyntax {
    var first: ExpressionSyntax?
    if !at(":") { first = try self.expression() }
    if take(":") {
      var last: ExpressionSyntax?
      if !at("]") { last = try self.expression() }
      try expect("]")
      return try node(
        .slice(expression, first, last), at: position,
        over: [expression] + [first, last].compactMap { $0 })
    }
    try expect("]")
    guard let first else { throw unexpected("expected an index") }
    return try node(.element(expression, first), at: position, over: [expression, first])
  }

  private mutating func primary() throws(QueryError) -> ExpressionSyntax {
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
      case "*": return try starExpression(table: nil)
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

  private mutating func list(from position: Int) throws(QueryError) -> ExpressionSyntax {
    var elements: [ExpressionSyntax] = []
    repeat {
      if at("]") { break }
      elements.append(try expression())
    } while take(",")
    try expect("]")
    return try node(.list(elements), at: position, over: elements)
  }

  private mutating func parenthesised() throws(QueryError) -> ExpressionSyntax {
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
  private mutating func subqueryInParentheses() throws(QueryError) -> QuerySyntax? {
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

  // MARK: Words

  private mutating func word() throws(QueryError) -> ExpressionSyntax {
    let start = token
    let position = start.start
    switch start.keyword {
    case "null":
      advance()
      return ExpressionSyntax(kind: .null, position: position, height: 1)
    case "true", "false":
      advance()
      return ExpressionSyntax(
        kind: .boolean(start.keyword == "true"), position: position, height: 1)
    case "case": return try conditional()
    case "cast", "try_cast":
      guard token(ahead: 1).keyword == "(" else { break }
      advance()
      advance()
      let operand = try expression()
      try expect("as", after: "in CAST")
      let type = try typeName()
      try expect(")")
      return try node(
        .cast(operand, type, isTry: start.keyword == "try_cast"), at: position, over: [operand])
    case "exists":
      guard token(ahead: 1).keyword == "(" else { break }
      advance()
      advance()
      guard startsQuery else { throw unexpected("expected a query behind EXISTS") }
      let query = try query()
      try expect(")")
      return ExpressionSyntax(kind: .exists(query), position: position, height: 1)
    case "interval":
      if let interval = try interval() { return interval }
    case "extract" where token(ahead: 1).keyword == "(": return try extract()
    case "substring" where token(ahead: 1).keyword == "(": return try substring()
    case "trim" where token(ahead: 1).keyword == "(": return try trim()
    case "position" where token(ahead: 1).keyword == "(": return try positionOf()
    case "overlay" where token(ahead: 1).keyword == "(": return try overlay()
    case "columns" where token(ahead: 1).keyword == "(": return try columns()
    case "array" where token(ahead: 1).keyword == "[":
      advance()
      advance()
      return try list(from: position)
    case "array" where token(ahead: 1).keyword == "(":
      throw QueryError(.unsupported, "ARRAY subqueries are not supported", at: position)
    case "lambda": return try lambda()
    case "map" where token(ahead: 1).keyword == "{":
      throw QueryError(.unsupported, "MAP literals are not supported", at: position)
    case "row" where token(ahead: 1).keyword == "(":
      advance()
      advance()
      let elements = try expressionList(until: ")")
      return try node(.row(elements), at: position, over: elements)
    case "current_date", "current_timestamp", "current_time", "localtimestamp", "localtime":
      guard token(ahead: 1).keyword != "(" else { break }
      advance()
      let call = CallSyntax(
        name: NameSyntax(text: start.keyword, position: position), arguments: [])
      return ExpressionSyntax(kind: .call(call), position: position, height: 1)
    default: break
    }
    if let literal = try typedLiteral() { return literal }
    return try nameOrCall()
  }

  private mutating func conditional() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    var operand: ExpressionSyntax?
    if !at("when") { operand = try expression() }
    var branches: [BranchSyntax] = []
    while take("when") {
      let condition = try expression()
      try expect("then", after: "in CASE")
      branches.append(BranchSyntax(condition: condition, result: try expression()))
    }
    guard !branches.isEmpty else {
      throw unexpected("expected WHEN in CASE", candidates: ["when"])
    }
    var otherwise: ExpressionSyntax?
    if take("else") { otherwise = try expression() }
    guard take("end") else {
      throw unexpected(
        "expected \(otherwise == nil ? "WHEN, ELSE or " : "")END in CASE",
        candidates: ["when", "else", "end"])
    }
    var children = branches.flatMap { [$0.condition, $0.result] }
    if let operand { children.append(operand) }
    if let otherwise { children.append(otherwise) }
    return try node(
      .conditional(operand: operand, branches: branches, otherwise: otherwise), at: position,
      over: children)
  }

  /// `INTERVAL '1 day'`, `INTERVAL 3 hours`, `INTERVAL (x) day`; nil where `interval` is a name.
  private mutating func interval() throws(QueryError) -> ExpressionSyntax? {
    let position = token.start
    let value: ExpressionSyntax
    switch token(ahead: 1).kind {
    case .string, .number:
      advance()
      let taken = advance()
      if case .number = taken.kind {
        value = ExpressionSyntax(kind: .number(taken.text), position: taken.start, height: 1)
      } else {
        value = ExpressionSyntax(kind: .string(taken.text), position: taken.start, height: 1)
      }
    case .symbol where token(ahead: 1).keyword == "(":
      advance()
      advance()
      value = try expression()
      try expect(")")
    default: return nil
    }
    if case .word = token.kind, let unit = IntervalUnit.function(of: token.keyword) {
      advance()
      return try node(.interval(value, unit: unit), at: position, over: [value])
    }
    guard case .string = value.kind else {
      throw unexpected(
        "expected a unit of time behind INTERVAL", candidates: IntervalUnit.names)
    }
    let type = TypeSyntax(name: "interval", arguments: [], listDepth: 0, position: position)
    return try node(.cast(value, type, isTry: false), at: position, over: [value])
  }

  /// `DATE '2019-10-01'`, `DECIMAL(3,1) '1.5'`: a cast of the string.
  private mutating func typedLiteral() throws(QueryError) -> ExpressionSyntax? {
    guard TypeName.isKnown(token.keyword) else { return nil }
    let start = index
    if case .string = token(ahead: 1).kind {
    } else if token(ahead: 1).keyword == "(", case .number = token(ahead: 2).kind {
      // Perhaps a precision and scale.
    } else if ["with", "without", "precision", "varying"].contains(token(ahead: 1).keyword) {
    } else {
      return nil
    }
    guard let type = try? typeName(), case .string = token.kind else {
      index = start
      return nil
    }
    let text = advance()
    let value = ExpressionSyntax(kind: .string(text.text), position: text.start, height: 1)
    return try node(.cast(value, type, isTry: false), at: tokens[start].start, over: [value])
  }

  // MARK: Calls with words between their arguments

  private func call(
    _ name: String, _ arguments: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> ExpressionSyntax {
    let call = CallSyntax(name: NameSyntax(text: name, position: position), arguments: arguments)
    return try node(.call(call), at: position, over: arguments)
  }

  private mutating func extract() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    let part: ExpressionSyntax
    switch token.kind {
    case .word, .string:
      let taken = advance()
      part = ExpressionSyntax(
        kind: .string(taken.text.lowercased()), position: taken.start, height: 1)
    default: throw unexpected("expected a part such as YEAR in EXTRACT")
    }
    try expect("from", after: "in EXTRACT")
    let value = try expression()
    try expect(")")
    return try call("date_part", [part, value], at: position)
  }

  private mutating func substring() throws(QueryError) -> ExpressionSyntax {
    let name = advance()
    let position = name.start
    advance()
    var arguments = [try expression()]
    if at("from") || at("for") {
      var start: ExpressionSyntax?
      var count: ExpressionSyntax?
      while at("from") || at("for") {
        if take("from") {
          start = try expression()
        } else if take("for") {
          count = try expression()
        }
      }
      arguments.append(
        start ?? ExpressionSyntax(kind: .number("1"), position: position, height: 1))
      if let count { arguments.append(count) }
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call("substring", arguments, at: position)
  }

  private mutating func trim() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    var function = "trim"
    if take("leading") {
      function = "ltrim"
    } else if take("trailing") {
      function = "rtrim"
    } else {
      _ = take("both")
    }
    if take("from") {
      let text = try expression()
      try expect(")")
      return try call(function, [text], at: position)
    }
    var arguments = [try expression()]
    if take("from") {
      arguments.insert(try expression(), at: 0)
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call(function, arguments, at: position)
  }

  private mutating func positionOf() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    let first = try expression(minimum: Precedence.other)
    if take("in") {
      let text = try expression()
      try expect(")")
      return try call("position", [text, first], at: position)
    }
    var arguments = [first]
    while take(",") { arguments.append(try expression()) }
    try expect(")")
    return try call("position", arguments, at: position)
  }

  private mutating func overlay() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    var arguments = [try expression()]
    if take("placing") {
      arguments.append(try expression())
      try expect("from", after: "in OVERLAY")
      arguments.append(try expression())
      if take("for") { arguments.append(try expression()) }
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call("overlay", arguments, at: position)
  }

  private mutating func lambda() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    var names: [NameSyntax] = []
    repeat {
      names.append(try name("a name for the lambda's argument"))
    } while take(",")
    try expect(":", after: "behind the lambda's arguments")
    let body = try expression()
    return try node(.lambda(names, body), at: position, over: [body])
  }

  // MARK: Stars

  private mutating func columns() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    if at("*") {
      let whole = try starExpression(table: nil)
      try expect(")")
      guard case .star(var star) = whole.kind else { return whole }
      star.isColumns = true
      return ExpressionSyntax(kind: .star(star), position: position, height: whole.height)
    }
    guard case .string = token.kind else {
      throw QueryError(
        .unsupported, "COLUMNS takes * or a regular expression in quotes", at: token.start)
    }
    let pattern = advance().text
    try expect(")")
    let star = StarSyntax(
      table: nil, excluded: [], replaced: [], renamed: [], pattern: pattern, isColumns: true)
    return ExpressionSyntax(kind: .star(star), position: position, height: 1)
  }

  private mutating func starExpression(table: NameSyntax?) throws(QueryError) -> ExpressionSyntax {
    let position = table?.position ?? token.start
    advance()
    var excluded: [NameSyntax] = []
    var replaced: [ResultSyntax] = []
    var renamed: [(from: NameSyntax, to: NameSyntax)] = []
    if take("exclude") || take("except", "(") {
      if tokens[index - 1].keyword == "(" {
        index -= 1
        excluded = try nameList("a column name")
      } else if at("(") {
        excluded = try nameList("a column name")
      } else {
        excluded = [try name("a column name")]
      }
    }
    if take("replace") {
      let isList = take("(")
      repeat {
        if isList && at(")") { break }
        let expression = try expression()
        try expect("as", after: "in REPLACE")
        replaced.append(
          ResultSyntax(expression: expression, alias: try anyName("a column name")))
      } while isList && take(",")
      if isList { try expect(")") }
    }
    if take("rename") {
      let isList = take("(")
      repeat {
        if isList && at(")") { break }
        let from = try anyName("a column name")
        try expect("as", after: "in RENAME")
        renamed.append((from, try anyName("a column name")))
      } while isList && take(",")
      if isList { try expect(")") }
    }
    if at("like") || at("ilike") || at("similar") || at("not", "like") || at("glob") {
      throw QueryError(
        .unsupported, "* LIKE is not supported", at: token.start,
        hint: "COLUMNS('regular expression') chooses columns")
    }
    let star = StarSyntax(
      table: table, excluded: excluded, replaced: replaced, renamed: renamed, pattern: nil)
    return try node(.star(star), at: position, over: replaced.map(\.expression))
  }

  // MARK: Names and calls

  private mutating func nameOrCall() throws(QueryError) -> ExpressionSyntax {
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
    if isCall {
      let call = try callSuffix(name: name)
      var children = call.arguments + call.orderBy.map(\.expression)
      if let filter = call.filter { children.append(filter) }
      if let window = call.window {
        children += window.partitionBy + window.orderBy.map(\.expression)
      }
      return try node(.call(call), at: first.start, over: children)
    }
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
      names.append(try anyName("a column name"))
      if at("(") {
        throw QueryError(
          .unsupported, "chained calls and schemas of functions are not supported",
          at: names[names.count - 1].position)
      }
    }
    return ExpressionSyntax(kind: .name(names), position: first.start, height: 1)
  }
}
