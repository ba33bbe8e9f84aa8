extension Parser {
  mutating func word() throws(QueryError) -> ExpressionSyntax {
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
      advance()
      advance()
      guard startsQuery else { throw unexpected("expected a query behind ARRAY") }
      let query = try query()
      try expect(")")
      return try collected(query, at: position)
    case "lambda": return try lambda()
    case "map" where token(ahead: 1).keyword == "{":
      advance()
      return try map(from: position)
    case "row" where token(ahead: 1).keyword == "(":
      advance()
      advance()
      let elements = try expressionList(until: ")")
      return try node(.row(elements), at: position, over: elements)
    default: break
    }
    if let literal = try typedLiteral() { return literal }
    return try nameOrCall()
  }

  /// `ARRAY(query)`: the rows as a list, which is empty where there are none.
  private func collected(
    _ query: QuerySyntax, at position: Int
  ) throws(QueryError) -> ExpressionSyntax {
    func call(_ name: String, _ arguments: [ExpressionSyntax]) throws(QueryError)
      -> ExpressionSyntax
    {
      let name = NameSyntax(text: name, position: position)
      return try node(
        .call(CallSyntax(name: name, arguments: arguments)), at: position, over: arguments)
    }
    let columns = StarSyntax(isColumns: true)
    let rows = TableSyntax(
      kind: .query(query, isLateral: false), alias: nil, position: position, height: 1)
    let list = try call(
      "list", [ExpressionSyntax(kind: .star(columns), position: position, height: 1)])
    let lists = ExpressionSyntax(
      kind: .subquery(
        .select([ResultSyntax(expression: list, alias: nil)], from: rows, at: position)),
      position: position, height: 1)
    let none = ExpressionSyntax(kind: .list([]), position: position, height: 1)
    return try call("coalesce", [lists, none])
  }

  mutating func conditional() throws(QueryError) -> ExpressionSyntax {
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
  mutating func interval() throws(QueryError) -> ExpressionSyntax? {
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
  mutating func typedLiteral() throws(QueryError) -> ExpressionSyntax? {
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
}
