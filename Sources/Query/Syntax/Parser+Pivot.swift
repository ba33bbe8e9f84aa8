extension Parser {
  /// `PIVOT table ON … [USING …] [GROUP BY …]` as a query of its own.
  mutating func pivotQuery() throws(QueryError) -> QueryBodySyntax {
    let position = advance().start
    let source = try tablePrimary()
    try expect("on", after: "behind the table of PIVOT")
    var columns: [PivotSyntax.Column] = []
    repeat {
      columns.append(try pivotColumn())
    } while take(",")
    var aggregates: [ResultSyntax] = []
    if take("using") {
      repeat {
        if !aggregates.isEmpty && isAtEnd { break }
        aggregates.append(try aliased())
      } while take(",")
    }
    let groupBy = try pivotKeys()
    let pivot = PivotSyntax(
      source: source, columns: columns, aggregates: aggregates, groupBy: groupBy,
      position: position)
    let table = TableSyntax(
      kind: .pivot(pivot), alias: nil, position: position, height: source.height + 1)
    return selectStar(from: table, at: position).body
  }

  /// `UNPIVOT table ON columns [INTO NAME name VALUE value]` as a query of its own.
  mutating func unpivotQuery() throws(QueryError) -> QueryBodySyntax {
    let position = advance().start
    let source = try tablePrimary()
    let includesNulls = try nullInclusion()
    try expect("on", after: "behind the table of UNPIVOT")
    var columns: [ResultSyntax] = []
    repeat {
      columns.append(try aliased())
    } while take(",")
    var name = NameSyntax(text: "name", position: position)
    var value = NameSyntax(text: "value", position: position)
    if take("into") {
      try expect("name", after: "behind INTO")
      name = try anyName("a column name")
      try expect("value", after: "behind the name's column")
      value = try anyName("a column name")
    }
    let unpivot = UnpivotSyntax(
      source: source, columns: columns, name: name, value: value, includesNulls: includesNulls,
      position: position)
    let table = TableSyntax(
      kind: .unpivot(unpivot), alias: nil, position: position, height: source.height + 1)
    return selectStar(from: table, at: position).body
  }

  /// `PIVOT (aggregates FOR column IN (…) … [GROUP BY …])` behind a table in FROM.
  mutating func pivotSuffix(of source: TableSyntax) throws(QueryError) -> TableSyntax.Kind {
    let position = advance().start
    try expect("(", after: "behind PIVOT")
    var aggregates: [ResultSyntax] = []
    repeat {
      aggregates.append(try aliased())
    } while take(",")
    try expect("for", after: "behind the aggregates of PIVOT")
    var columns: [PivotSyntax.Column] = []
    repeat {
      columns.append(try pivotColumn())
    } while !at(")") && !at("group")
    let groupBy = try pivotKeys()
    try expect(")")
    return .pivot(
      PivotSyntax(
        source: source, columns: columns, aggregates: aggregates, groupBy: groupBy,
        position: position))
  }

  /// `UNPIVOT [INCLUDE NULLS] (value FOR name IN (columns))` behind a table in FROM.
  mutating func unpivotSuffix(of source: TableSyntax) throws(QueryError) -> TableSyntax.Kind {
    let position = advance().start
    let includesNulls = try nullInclusion()
    try expect("(", after: "behind UNPIVOT")
    let value = try anyName("a name for the values")
    try expect("for", after: "behind the value's name")
    let name = try anyName("a name for the names")
    try expect("in", after: "before the columns of UNPIVOT")
    try expect("(")
    var columns: [ResultSyntax] = []
    repeat {
      if at(")") { break }
      columns.append(try aliased())
    } while take(",")
    try expect(")")
    try expect(")")
    return .unpivot(
      UnpivotSyntax(
        source: source, columns: columns, name: name, value: value, includesNulls: includesNulls,
        position: position))
  }

  private mutating func nullInclusion() throws(QueryError) -> Bool {
    if take("include", "nulls") { return true }
    _ = take("exclude", "nulls")
    return false
  }

  private mutating func pivotColumn() throws(QueryError) -> PivotSyntax.Column {
    let expression = try expression(minimum: Precedence.other)
    guard take("in") else { return PivotSyntax.Column(expression: expression, values: nil) }
    guard take("("), !startsQuery else {
      throw QueryError(
        .unsupported, "PIVOT takes the values behind IN as a list", at: token.start)
    }
    var values: [ResultSyntax] = []
    repeat {
      if at(")") { break }
      values.append(try aliased())
    } while take(",")
    try expect(")")
    return PivotSyntax.Column(expression: expression, values: values)
  }

  private mutating func pivotKeys() throws(QueryError) -> [ExpressionSyntax]? {
    guard at("group") else { return nil }
    advance()
    try expect("by", after: "behind GROUP")
    var keys: [ExpressionSyntax] = []
    repeat {
      keys.append(try expression())
    } while take(",")
    return keys
  }

  private mutating func aliased() throws(QueryError) -> ResultSyntax {
    let expression = try expression()
    var alias: NameSyntax?
    if take("as") {
      alias = try anyName("a name")
    } else {
      alias = takeName()
    }
    return ResultSyntax(expression: expression, alias: alias)
  }
}
