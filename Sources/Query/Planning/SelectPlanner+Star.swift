import ColStore

extension SelectPlanner {
  /// The select list with stars written out.
  func expandedResults() throws(QueryError) -> [ResultSyntax] {
    var results: [ResultSyntax] = []
    for result in select.results {
      if case .star(let star) = result.expression.kind {
        try expand(star, at: result.expression.position, into: &results)
      } else if let star = result.expression.columnsInside {
        results += try repeated(result, for: star)
      } else {
        results.append(result)
      }
    }
    guard !results.isEmpty else {
      throw QueryError(.syntax, "the select list is empty", at: select.position)
    }
    return results
  }

  /// An expression with COLUMNS in it, once for each of the columns, whose names the results have.
  private func repeated(
    _ result: ResultSyntax, for star: StarSyntax
  ) throws(QueryError) -> [ResultSyntax] {
    var columns: [ResultSyntax] = []
    try expand(star, at: result.expression.position, into: &columns)
    let count = columns.count
    var repeated: [ResultSyntax] = []
    for index in 0..<count {
      let expression = try result.expression.mapped { (node) throws(QueryError) in
        guard case .star(let other) = node.kind, other.isColumns else { return nil }
        var others: [ResultSyntax] = []
        try expand(other, at: node.position, into: &others)
        guard others.count == count else {
          throw QueryError(
            .unsupported, "COLUMNS in one expression must mean as many columns each",
            at: node.position)
        }
        return others[index].expression
      }
      repeated.append(
        ResultSyntax(expression: expression, alias: result.alias ?? columns[index].alias))
    }
    return repeated
  }

  private func expand(
    _ star: StarSyntax, at position: Int, into results: inout [ResultSyntax]
  ) throws(QueryError) {
    let scope = binder.scope
    guard !scope.columns.isEmpty else {
      throw QueryError(.syntax, "there are no columns for * without FROM", at: position)
    }
    var machine: RegexMachine?
    if let pattern = star.pattern {
      do throws(QueryError) {
        machine = RegexMachine(try RegexProgram(pattern, try RegexProgram.Options("")))
      } catch {
        throw error.located(at: position)
      }
    }
    func matches(_ name: String) -> Bool {
      guard let machine else { return true }
      return Vector(.varchar, [.string(name)]).withText(at: 0) { text in
        machine.load(text)
        return machine.match(from: 0, isWhole: false) != nil
      }
    }
    if let table = star.table, !scope.hasTable(table.text) {
      throw QueryError(
        .name, "there is no table \"\(table.text)\" in FROM", at: table.position,
        hint: nearestName(to: table.text, among: scope.tables).map { "did you mean \"\($0)\"?" })
    }
    let columns = scope.columns.enumerated().filter { _, column in
      guard matches(column.name) else { return false }
      guard let table = star.table else { return column.isPlain }
      return column.table.map { Scope.same($0, table.text) } ?? false
    }
    guard !columns.isEmpty else {
      throw QueryError(.name, "no column matches the pattern", at: position)
    }
    func check(_ name: NameSyntax, _ list: String) throws(QueryError) {
      guard columns.contains(where: { Scope.same($0.element.name, name.text) }) else {
        throw QueryError(
          .name, "there is no column \"\(name.text)\" for \(list)", at: name.position,
          hint: nearestName(to: name.text, among: columns.map(\.element.name))
            .map { "did you mean \"\($0)\"?" })
      }
    }
    for name in star.excluded { try check(name, "EXCLUDE") }
    for replacement in star.replaced {
      if let name = replacement.alias { try check(name, "REPLACE") }
    }
    for renaming in star.renamed { try check(renaming.from, "RENAME") }
    for (index, column) in columns {
      if star.excluded.contains(where: { Scope.same($0.text, column.name) }) { continue }
      let replacement = star.replaced.first { replaced in
        replaced.alias.map { Scope.same($0.text, column.name) } ?? false
      }
      let renaming = star.renamed.first { Scope.same($0.from.text, column.name) }
      let expression =
        replacement?.expression
        ?? ExpressionSyntax(kind: .positional(index + 1), position: position, height: 1)
      results.append(
        ResultSyntax(
          expression: expression,
          alias: renaming?.to ?? NameSyntax(text: column.name, position: position)))
    }
  }
}

extension Vector {
  /// One text of a flat vector, alive during `body`.
  fileprivate func withText<Result>(at row: Int, _ body: (StringView) -> Result) -> Result {
    withExtendedLifetime(self) { body(pointer(StringView.self)[row]) }
  }
}

extension ExpressionSyntax {
  /// The first COLUMNS within the expression.
  var columnsInside: StarSyntax? {
    if case .star(let star) = kind { return star.isColumns ? star : nil }
    for child in children {
      if let found = child.columnsInside { return found }
    }
    return nil
  }

  /// Whether there is a subquery in it.
  var hasSubquery: Bool {
    switch kind {
    case .subquery, .exists, .inQuery, .quantified: true
    default: children.contains { $0.hasSubquery }
    }
  }

  /// Every call in the expression, not looking into subqueries.
  func forEachCall(_ body: (CallSyntax) -> Void) {
    if case .call(let call) = kind { body(call) }
    for child in children { child.forEachCall(body) }
  }

  /// The expressions right below, those in subqueries excepted.
  var children: [ExpressionSyntax] {
    switch kind {
    case .null, .boolean, .number, .string, .parameter, .name, .positional, .star, .subquery,
      .exists:
      []
    case .unary(_, let operand), .not(let operand), .isNull(let operand, _),
      .isBoolean(let operand, _, _), .inQuery(let operand, _, _), .cast(let operand, _, _),
      .interval(let operand, _), .quantified(let operand, _, _, _), .lambda(_, let operand):
      [operand]
    case .binary(_, let left, let right), .isDistinct(let left, let right, _),
      .element(let left, let right), .atTimeZone(let left, let right):
      [left, right]
    case .and(let operands), .or(let operands), .row(let operands), .list(let operands): operands
    case .between(let operand, let low, let high, _): [operand, low, high]
    case .inList(let operand, let list, _): [operand] + list
    case .like(let like): [like.text, like.pattern] + (like.escape.map { [$0] } ?? [])
    case .conditional(let operand, let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.result] } + [operand, otherwise].compactMap { $0 }
    case .slice(let list, let first, let last): [list] + [first, last].compactMap { $0 }
    case .call(let call): call.children
    }
  }
}
