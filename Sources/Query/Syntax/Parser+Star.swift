extension Parser {
  /// `COLUMNS(…)`, or `*COLUMNS(…)`.
  mutating func columns() throws(QueryError) -> ExpressionSyntax {
    let position = token.start
    let isUnpacked = take("*")
    advance()
    try expect("(")
    let argument = try expression()
    try expect(")")
    var star = StarSyntax()
    switch argument.kind {
    case .star(let whole): star = whole
    case .string(let pattern): star.choice = .pattern(pattern)
    case .lambda(let names, let condition) where names.count == 1:
      star.choice = .condition(names[0], condition)
    case .list(let elements):
      var names: [NameSyntax] = []
      for element in elements {
        guard case .string(let name) = element.kind else {
          throw QueryError(
            .syntax, "a list in COLUMNS has the names of columns, in quotes", at: element.position)
        }
        names.append(NameSyntax(text: name, position: element.position))
      }
      star.choice = .names(names)
    default:
      throw QueryError(
        .unsupported,
        "COLUMNS takes *, a regular expression in quotes, a list of names, or a lambda",
        at: argument.position)
    }
    star.isColumns = true
    star.isUnpacked = isUnpacked
    return try node(.star(star), at: position, over: [argument])
  }

  mutating func starExpression(table: NameSyntax?) throws(QueryError) -> ExpressionSyntax {
    let position = table?.position ?? token.start
    advance()
    var star = StarSyntax(table: table)
    if take("exclude") || take("except", "(") {
      let isList = tokens[index - 1].keyword == "(" || take("(")
      repeat {
        if isList && at(")") && !star.excluded.isEmpty { break }
        var names = [isList ? try anyName("a column name") : try name("a column name")]
        while take(".") { names.append(try anyName("a column name")) }
        star.excluded.append(names)
      } while isList && take(",")
      if isList { try expect(")") }
    }
    if take("replace") {
      let isList = take("(")
      repeat {
        if isList && at(")") { break }
        let expression = try expression()
        try expect("as", after: "in REPLACE")
        star.replaced.append(
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
        star.renamed.append((from, try anyName("a column name")))
      } while isList && take(",")
      if isList { try expect(")") }
    }
    var below = star.replaced.map(\.expression)
    let isNegated = at("not")
    if ["like", "ilike", "glob", "similar"].contains(token(ahead: isNegated ? 1 : 0).keyword) {
      let name = NameSyntax(text: "column name", position: position)
      let condition = try matching(
        ExpressionSyntax(kind: .name([name]), position: position, height: 1), negated: isNegated)
      star.choice = .condition(name, condition)
      below.append(condition)
    }
    return try node(.star(star), at: position, over: below)
  }
}
