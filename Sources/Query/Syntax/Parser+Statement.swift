extension Parser {
  /// The next statement, or nil behind the last one. Empty statements are skipped.
  mutating func nextStatement() throws(QueryError) -> StatementSyntax? {
    while take(";") {}
    if isAtEnd { return nil }
    let statement = try statement()
    guard isAtEnd || at(";") else {
      throw unexpected("expected the end of the statement")
    }
    return statement
  }

  private mutating func statement() throws(QueryError) -> StatementSyntax {
    switch token.keyword {
    case "explain":
      return try nested { parser throws(QueryError) in
        parser.advance()
        let analyze = parser.take("analyze")
        return .explain(try parser.statement(), analyze: analyze)
      }
    case "describe", "desc", "summarize", "show":
      let position = token.start
      let table = TableSyntax(
        kind: .report(try report()), alias: nil, position: position, height: 1)
      return .report(selectStar(from: table, at: position))
    case "copy": return try copy()
    case "create": return try create()
    case "select", "from", "with", "values", "(", "table", "pivot", "unpivot":
      return .query(try query())
    case "insert", "update", "delete", "drop", "alter", "merge", "truncate":
      throw QueryError(
        .unsupported, "\(token.keyword.uppercased()) is not supported: stores are appended to",
        at: token.start, hint: "use ecq ingest")
    case "set", "reset", "pragma", "attach", "use", "begin", "commit", "rollback", "install",
      "load", "call", "prepare", "execute", "vacuum", "analyze", "checkpoint", "export",
      "import":
      throw QueryError(
        .unsupported, "\(token.keyword.uppercased()) statements are not supported", at: token.start)
    default:
      throw unexpected("expected a statement", candidates: Keyword.statements)
    }
  }

  /// DESCRIBE, SUMMARIZE or SHOW, and what it is about.
  mutating func report() throws(QueryError) -> ReportSyntax {
    switch advance().keyword {
    case "summarize": return .summarize(try describedQuery())
    case "show" where take("tables") || take("all", "tables"): return .tables
    default: return .describe(try describedQuery())
    }
  }

  /// Whether a report begins here, where a query could stand.
  var startsReport: Bool { ["describe", "desc", "summarize", "show"].contains(token.keyword) }

  /// What DESCRIBE and SUMMARIZE are about: a query, or a table as `FROM table`.
  private mutating func describedQuery() throws(QueryError) -> QuerySyntax {
    switch token.keyword {
    case "select", "from", "with", "values", "(", "pivot", "unpivot": return try query()
    case "table" where token(ahead: 1).keyword != "":
      advance()
    default: break
    }
    let position = token.start
    let table = try tablePrimary()
    return selectStar(from: table, at: position)
  }

  func selectStar(from table: TableSyntax, at position: Int) -> QuerySyntax {
    .select([ResultSyntax(expression: star(at: position), alias: nil)], from: table, at: position)
  }

  func star(at position: Int) -> ExpressionSyntax {
    ExpressionSyntax(
      kind: .star(StarSyntax()),
      position: position, height: 1)
  }

  private mutating func create() throws(QueryError) -> StatementSyntax {
    let position = advance().start
    let orReplace = take("or", "replace")
    if take("temp") || take("temporary") {}
    guard take("table") else {
      throw QueryError(
        .unsupported, "of CREATE statements only CREATE TABLE … AS is supported", at: position)
    }
    var ifNotExists = false
    if at("if", "not") {
      advance()
      advance()
      try expect("exists")
      ifNotExists = true
    }
    let name = try name("a table name")
    guard take("as") else {
      throw QueryError(
        .unsupported, "of CREATE statements only CREATE TABLE … AS is supported", at: token.start)
    }
    return .createTable(
      name: name, orReplace: orReplace, ifNotExists: ifNotExists, try query())
  }

  private mutating func copy() throws(QueryError) -> StatementSyntax {
    let position = advance().start
    let source: QuerySyntax
    if at("(") {
      advance()
      source = try query()
      try expect(")")
    } else {
      source = selectStar(from: try tablePrimary(), at: position)
    }
    guard take("to") else {
      throw unexpected("expected TO", candidates: ["to"])
    }
    guard case .string = token.kind else { throw unexpected("expected a file name in quotes") }
    let path = advance().text
    var options: [CopyOptionSyntax] = []
    _ = take("with")
    if take("(") {
      repeat {
        if at(")") { break }
        let name = try anyName("an option")
        var value: String?
        switch token.kind {
        case .word, .string, .number, .quotedName: value = advance().text
        default: break
        }
        options.append(CopyOptionSyntax(name: name, value: value))
      } while take(",")
      try expect(")")
    }
    return .copy(source, path: path, options: options, position: position)
  }
}
