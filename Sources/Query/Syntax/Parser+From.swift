extension Parser {
  /// The tables behind FROM; commas are cross joins.
  mutating func fromClause() throws(QueryError) -> TableSyntax {
    var left = try joinedTable()
    while at(",") {
      // A trailing comma before the next clause is allowed.
      let next = token(ahead: 1)
      switch next.kind {
      case .end: advance()
      case .word where Keyword.reserved.contains(next.keyword) && next.keyword != "lateral":
        advance()
      default:
        let position = advance().start
        let right = try joinedTable()
        left = try join(
          JoinSyntax(kind: .cross, isAsOf: false, left: left, right: right, condition: .none),
          at: position)
        continue
      }
      break
    }
    return left
  }

  private func join(_ join: JoinSyntax, at position: Int) throws(QueryError) -> TableSyntax {
    let height = max(join.left.height, join.right.height) + 1
    guard height <= Self.heightMax else {
      throw QueryError(.unsupported, "more than \(Self.heightMax) joins in a row", at: position)
    }
    return TableSyntax(kind: .join(join), alias: nil, position: position, height: height)
  }

  private mutating func joinedTable() throws(QueryError) -> TableSyntax {
    var left = try tablePrimary()
    while let joined = try join(to: left) { left = joined }
    return left
  }

  /// `left` and what one JOIN adds to it; nil where none follows.
  private mutating func join(to left: TableSyntax) throws(QueryError) -> TableSyntax? {
    guard let (kind, isAsOf, isNatural, position) = try joinOperator() else { return nil }
    var right = try tablePrimary()
    var condition = JoinSyntax.Condition.none
    if isNatural {
      condition = .natural
    } else if kind != .cross && kind != .positional {
      // `a JOIN b JOIN c ON … ON …`: another JOIN before the condition belongs to the right side.
      while !at("on"), !at("using"), let joined = try nestedJoin(to: right) { right = joined }
      if take("on") {
        condition = .on(try expression())
      } else if take("using") {
        condition = .using(try nameList("a column name"))
      } else {
        throw unexpected("expected ON or USING behind the joined table")
      }
    }
    return try join(
      JoinSyntax(kind: kind, isAsOf: isAsOf, left: left, right: right, condition: condition),
      at: position)
  }

  private mutating func nestedJoin(to right: TableSyntax) throws(QueryError) -> TableSyntax? {
    try nested { parser throws(QueryError) in try parser.join(to: right) }
  }

  /// Takes `[NATURAL] [ASOF] [kind] JOIN`.
  private mutating func joinOperator() throws(QueryError)
    -> (JoinSyntax.Kind, isAsOf: Bool, isNatural: Bool, position: Int)?
  {
    let position = token.start
    let start = index
    let isNatural = take("natural")
    let isAsOf = take("asof")
    var kind = JoinSyntax.Kind.inner
    var takesOuter = false
    switch token.keyword {
    case "inner": advance()
    case "left":
      kind = .left
      takesOuter = true
    case "right":
      kind = .right
      takesOuter = true
    case "full":
      kind = .full
      takesOuter = true
    case "cross":
      kind = .cross
      advance()
    case "semi":
      kind = .semi
      advance()
    case "anti":
      kind = .anti
      advance()
    case "positional":
      kind = .positional
      advance()
    default: break
    }
    if takesOuter {
      advance()
      _ = take("outer")
    }
    guard take("join") else {
      if index == start { return nil }
      throw unexpected("expected JOIN", candidates: ["join"])
    }
    return (kind, isAsOf, isNatural, position)
  }

  /// A table, a subquery, a function or a file, with its alias.
  mutating func tablePrimary() throws(QueryError) -> TableSyntax {
    try nested { parser throws(QueryError) in try parser.tablePrimaryUnchecked() }
  }

  private mutating func tablePrimaryUnchecked() throws(QueryError) -> TableSyntax {
    let position = token.start
    // `alias: table`.
    if token(ahead: 1).keyword == ":" {
      switch token.kind {
      case .word, .quotedName:
        let name = try anyName("a name")
        advance()
        let table = try tablePrimary()
        return TableSyntax(
          kind: table.kind, alias: AliasSyntax(name: name, columns: []), position: table.position,
          height: table.height)
      default: break
      }
    }
    var kind: TableSyntax.Kind
    var height = 1
    if case .string = token.kind {
      kind = .file(advance().text)
    } else if at("(") || at("lateral", "(") {
      let isLateral = take("lateral")
      try expect("(")
      if startsQuery {
        kind = .query(try query(), isLateral: isLateral)
        try expect(")")
      } else if startsReport, token(ahead: 1).keyword != ")" {
        kind = .report(try report())
        try expect(")")
      } else {
        let table = try fromClause()
        try expect(")")
        guard let alias = try tableAlias() else { return table }
        // An alias over a join names the columns of all its tables.
        kind = .query(selectStar(from: table, at: position), isLateral: false)
        height = table.height + 1
        return TableSyntax(kind: kind, alias: alias, position: position, height: height)
      }
    } else if at("values") {
      advance()
      let rows = try valuesRows()
      kind = .query(QuerySyntax(body: .values(rows), position: position), isLateral: false)
    } else if take("lateral") || at("unnest", "(") || isFunctionCall {
      let name = advance()
      let call = try callSuffix(
        name: NameSyntax(text: name.text, position: name.start), takesNames: true)
      guard call.parameters == nil else {
        throw QueryError(
          .syntax, "\(name.text) takes no parameters before its arguments", at: name.start)
      }
      kind = .function(call)
    } else {
      kind = .table(try qualifiedName("a table name"))
    }
    var alias = try tableAlias()
    while at("pivot") || at("unpivot") {
      let source = TableSyntax(kind: kind, alias: alias, position: position, height: height)
      kind = at("pivot") ? try pivotSuffix(of: source) : try unpivotSuffix(of: source)
      height += 1
      alias = try tableAlias()
    }
    if at("tablesample") || at("using", "sample") {
      throw QueryError(.unsupported, "samples are not supported", at: token.start)
    }
    return TableSyntax(kind: kind, alias: alias, position: position, height: height)
  }

  private var isFunctionCall: Bool {
    guard token(ahead: 1).keyword == "(" else { return false }
    switch token.kind {
    case .word: return !Keyword.reserved.contains(token.keyword)
    case .quotedName: return true
    default: return false
    }
  }

  /// Whether what follows an opening parenthesis is a query, not an expression or a table.
  var startsQuery: Bool { startsQuery(ahead: 0) }

  private func startsQuery(ahead offset: Int) -> Bool {
    switch token(ahead: offset).keyword {
    case "select", "with", "values", "from", "pivot", "unpivot": return true
    case "table":
      switch token(ahead: offset + 1).kind {
      case .word, .quotedName: return true
      default: return false
      }
    case "(":
      // One in parentheses, perhaps with more behind it, or the first of other things.
      guard offset < Parser.nestingMax, startsQuery(ahead: offset + 1) else { return false }
      return Parser.behindQueries.contains(token(ahead: end(ofParenthesis: offset)).keyword)
    default: return false
    }
  }

  /// What may follow a query in parentheses that is, or begins, a query.
  private static let behindQueries: Set<String> = [
    ")", "union", "intersect", "except", "order", "limit", "offset", "fetch", ";", "",
  ]

  /// One past the parenthesis that closes the one at `start`.
  private func end(ofParenthesis start: Int) -> Int {
    var depth = 0
    var offset = start
    while index + offset < tokens.count {
      switch token(ahead: offset).keyword {
      case "(": depth += 1
      case ")": depth -= 1
      default: break
      }
      offset += 1
      if depth == 0 { return offset }
    }
    return offset
  }

  mutating func qualifiedName(_ what: String) throws(QueryError) -> [NameSyntax] {
    var names = [try name(what)]
    while at("."), names.count < 3 {
      advance()
      names.append(try anyName(what))
    }
    return names
  }

  private mutating func tableAlias() throws(QueryError) -> AliasSyntax? {
    let name: NameSyntax
    if take("as") {
      name = try anyName("a table alias")
    } else if let taken = takeName() {
      name = taken
    } else {
      return nil
    }
    var columns: [NameSyntax] = []
    if at("(") { columns = try nameList("a column name") }
    return AliasSyntax(name: name, columns: columns)
  }
}
