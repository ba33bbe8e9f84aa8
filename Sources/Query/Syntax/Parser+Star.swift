extension Parser {
  mutating func columns() throws(QueryError) -> ExpressionSyntax {
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

  mutating func starExpression(table: NameSyntax?) throws(QueryError) -> ExpressionSyntax {
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
}
