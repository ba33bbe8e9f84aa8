extension Parser {
  /// `[WITH …] body [ORDER BY …] [LIMIT …] [OFFSET …]`.
  mutating func query() throws(QueryError) -> QuerySyntax {
    try nested { parser throws(QueryError) in try parser.queryUnchecked() }
  }

  private mutating func queryUnchecked() throws(QueryError) -> QuerySyntax {
    let position = token.start
    var with: [CommonTableSyntax] = []
    var isRecursive = false
    if take("with") {
      isRecursive = take("recursive")
      repeat {
        if !with.isEmpty && (at("select") || at("from")) { break }
        with.append(try commonTable())
      } while take(",")
    }
    let body = try setOperations()
    let orderBy = try orderByClause()
    var limit: LimitSyntax?
    var offset: ExpressionSyntax?
    while true {
      if limit == nil, take("limit") {
        if take("all") { continue }
        limit = try limitCount()
      } else if offset == nil, take("offset") {
        offset = try expression()
        if take("rows") || take("row") {}
      } else if limit == nil, at("fetch") {
        advance()
        if take("first") || take("next") {}
        let position = token.start
        let count =
          at("row") || at("rows")
          ? ExpressionSyntax(kind: .number("1"), position: position, height: 1) : try expression()
        if take("rows") || take("row") {}
        try expect("only")
        limit = LimitSyntax(count: count, isPercent: false)
      } else {
        break
      }
    }
    return QuerySyntax(
      with: with, isRecursive: isRecursive, body: body, orderBy: orderBy, limit: limit,
      offset: offset, position: position)
  }

  private mutating func limitCount() throws(QueryError) -> LimitSyntax {
    let count = try expression()
    if take("percent") || take("%") { return LimitSyntax(count: count, isPercent: true) }
    return LimitSyntax(count: count, isPercent: false)
  }

  private mutating func commonTable() throws(QueryError) -> CommonTableSyntax {
    let name = try name("a name for the common table")
    var columns: [NameSyntax] = []
    if at("(") { columns = try nameList("a column name") }
    try expect("as", after: "behind the name of the common table")
    if take("not", "materialized") || take("materialized") {}
    try expect("(")
    let query = try query()
    try expect(")")
    return CommonTableSyntax(name: name, columns: columns, query: query)
  }

  // MARK: Set operations

  /// UNION and EXCEPT, left to right.
  private mutating func setOperations() throws(QueryError) -> QueryBodySyntax {
    var left = try intersections()
    var count = 0
    while at("union") || at("except") {
      let position = token.start
      let operation: SetOperation = at("union") ? .union : .except
      advance()
      let (all, byName) = try setModifiers()
      count += 1
      guard count < Self.heightMax else {
        throw QueryError(
          .unsupported, "more than \(Self.heightMax) set operations in a row", at: position)
      }
      let right = try intersections()
      left = .setOperation(
        SetOperationSyntax(
          operation: operation, all: all, byName: byName, left: left, right: right,
          position: position))
    }
    return left
  }

  /// INTERSECT, which binds tighter than the others.
  private mutating func intersections() throws(QueryError) -> QueryBodySyntax {
    var left = try queryPrimary()
    var count = 0
    while at("intersect") {
      let position = advance().start
      let (all, byName) = try setModifiers()
      count += 1
      guard count < Self.heightMax else {
        throw QueryError(
          .unsupported, "more than \(Self.heightMax) set operations in a row", at: position)
      }
      let right = try queryPrimary()
      left = .setOperation(
        SetOperationSyntax(
          operation: .intersect, all: all, byName: byName, left: left, right: right,
          position: position))
    }
    return left
  }

  private mutating func setModifiers() throws(QueryError) -> (all: Bool, byName: Bool) {
    let all = take("all")
    if !all { _ = take("distinct") }
    return (all, take("by", "name"))
  }

  private mutating func queryPrimary() throws(QueryError) -> QueryBodySyntax {
    switch token.keyword {
    case "(":
      advance()
      let query = try query()
      try expect(")")
      return .query(query)
    case "values":
      advance()
      return .values(try valuesRows())
    case "select", "from": return .select(try select())
    case "table":
      let position = advance().start
      let name = try qualifiedName("a table name")
      let table = TableSyntax(kind: .table(name), alias: nil, position: position, height: 1)
      return selectStar(from: table, at: position).body
    case "pivot": return try pivotQuery()
    case "unpivot": return try unpivotQuery()
    default: throw unexpected("expected a query", candidates: ["select", "from", "with", "values"])
    }
  }

  /// The rows behind VALUES.
  mutating func valuesRows() throws(QueryError) -> [[ExpressionSyntax]] {
    var rows: [[ExpressionSyntax]] = []
    repeat {
      if !rows.isEmpty && !at("(") { break }
      try expect("(", after: "before a row of VALUES")
      rows.append(try expressionList(until: ")"))
    } while take(",")
    return rows
  }

  // MARK: SELECT

  private mutating func select() throws(QueryError) -> SelectSyntax {
    let position = token.start
    var from: TableSyntax?
    var quantifier = SelectSyntax.Quantifier.all
    var results: [ResultSyntax] = []
    if take("from") {
      from = try fromClause()
      if take("select") {
        quantifier = try selectQuantifier()
        results = try selectList()
      } else {
        results = [ResultSyntax(expression: star(at: position), alias: nil)]
      }
    } else {
      try expect("select")
      quantifier = try selectQuantifier()
      results = try selectList()
      if take("from") { from = try fromClause() }
    }
    var filter: ExpressionSyntax?
    if take("where") { filter = try expression() }
    var groupBy = GroupBySyntax.none
    if at("group") {
      advance()
      try expect("by", after: "behind GROUP")
      groupBy = try groupByClause()
    }
    var having: ExpressionSyntax?
    if take("having") { having = try expression() }
    var windows: [(name: NameSyntax, window: WindowSyntax)] = []
    if take("window") {
      repeat {
        let name = try name("a window name")
        try expect("as")
        windows.append((name, try windowDefinition()))
      } while take(",")
    }
    var qualify: ExpressionSyntax?
    if take("qualify") { qualify = try expression() }
    if at("using", "sample") || at("tablesample") {
      throw QueryError(.unsupported, "samples are not supported", at: token.start)
    }
    return SelectSyntax(
      quantifier: quantifier, results: results, from: from, filter: filter, groupBy: groupBy,
      having: having, windows: windows, qualify: qualify, position: position)
  }

  private mutating func selectQuantifier() throws(QueryError) -> SelectSyntax.Quantifier {
    if take("all") { return .all }
    guard take("distinct") else { return .all }
    guard take("on") else { return .distinct }
    try expect("(", after: "behind DISTINCT ON")
    return .distinctOn(try expressionList(until: ")"))
  }

  private mutating func selectList() throws(QueryError) -> [ResultSyntax] {
    var results: [ResultSyntax] = []
    repeat {
      if !results.isEmpty && atEndOfSelectList { break }
      results.append(try result())
    } while take(",")
    return results
  }

  /// A trailing comma is allowed before the next clause.
  private var atEndOfSelectList: Bool {
    switch token.kind {
    case .end: true
    case .symbol: at(")") || at(";")
    case .word:
      [
        "from", "where", "group", "having", "order", "limit", "offset", "union", "intersect",
        "except", "window", "qualify",
      ].contains(token.keyword)
    default: false
    }
  }

  private mutating func result() throws(QueryError) -> ResultSyntax {
    // `alias: expression`.
    if token(ahead: 1).keyword == ":" {
      switch token.kind {
      case .word, .quotedName:
        let alias = try anyName("a name")
        advance()
        return ResultSyntax(expression: try expression(), alias: alias)
      default: break
      }
    }
    let expression = try expression()
    if case .star(let star) = expression.kind, !star.isColumns {
      return ResultSyntax(expression: expression, alias: nil)
    }
    if take("as") { return ResultSyntax(expression: expression, alias: try anyName("a name")) }
    return ResultSyntax(expression: expression, alias: takeName())
  }

  // MARK: GROUP BY, ORDER BY

  private mutating func groupByClause() throws(QueryError) -> GroupBySyntax {
    if at("all") || at("*") {
      advance()
      return .all
    }
    var elements: [GroupingSyntax] = []
    repeat {
      if !elements.isEmpty && atEndOfSelectList { break }
      elements.append(try groupingElement())
    } while take(",")
    return .elements(elements)
  }

  private mutating func groupingElement() throws(QueryError) -> GroupingSyntax {
    let position = token.start
    if at("rollup", "(") || at("cube", "(") {
      let isRollup = at("rollup")
      advance()
      advance()
      var parts: [[ExpressionSyntax]] = []
      repeat {
        if at("(") && !parts.isEmpty || at("(") {
          if let tuple = try groupingTuple() {
            parts.append(tuple)
            continue
          }
        }
        parts.append([try expression()])
      } while take(",")
      try expect(")")
      return isRollup ? .rollup(parts, position: position) : .cube(parts, position: position)
    }
    if at("grouping", "sets") {
      advance()
      advance()
      try expect("(", after: "behind GROUPING SETS")
      return try nested { parser throws(QueryError) in
        var sets: [GroupingSyntax] = []
        repeat {
          if let tuple = try parser.groupingTuple() {
            sets.append(.tuple(tuple))
          } else {
            sets.append(try parser.groupingElement())
          }
        } while parser.take(",")
        try parser.expect(")")
        return .sets(sets, position: position)
      }
    }
    if at("(", ")") {
      advance()
      advance()
      return .tuple([])
    }
    return .expression(try expression())
  }

  /// `(a, b)` or `()` followed by `,` or `)`; nil, with nothing taken, where it is an expression.
  private mutating func groupingTuple() throws(QueryError) -> [ExpressionSyntax]? {
    guard at("(") else { return nil }
    let start = index
    advance()
    if take(")") { return [] }
    let expressions = try expressionList(until: ")")
    if at(",") || at(")") { return expressions }
    index = start
    return nil
  }

  mutating func orderByClause() throws(QueryError) -> OrderBySyntax {
    guard at("order") else { return .none }
    advance()
    try expect("by", after: "behind ORDER")
    if at("all") || at("*") {
      advance()
      let (descending, nullsFirst) = try orderModifiers()
      return .all(descending: descending, nullsFirst: nullsFirst)
    }
    return .keys(try orderKeys())
  }

  mutating func orderKeys() throws(QueryError) -> [OrderSyntax] {
    var keys: [OrderSyntax] = []
    repeat {
      if !keys.isEmpty && atEndOfSelectList { break }
      let expression = try expression()
      let (descending, nullsFirst) = try orderModifiers()
      keys.append(
        OrderSyntax(expression: expression, descending: descending, nullsFirst: nullsFirst))
    } while take(",")
    return keys
  }

  private mutating func orderModifiers() throws(QueryError) -> (Bool, Bool?) {
    let descending = take("desc") || take("descending")
    if !descending, take("asc") || take("ascending") {}
    guard take("nulls") else { return (descending, nil) }
    if take("first") { return (descending, true) }
    try expect("last", after: "or FIRST behind NULLS")
    return (descending, false)
  }
}
