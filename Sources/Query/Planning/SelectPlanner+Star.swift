import ColStore

extension SelectPlanner {
  /// The select list with stars written out.
  func expandedResults() throws(QueryError) -> [ResultSyntax] {
    var results: [ResultSyntax] = []
    for result in select.results {
      if case .star(let star) = result.expression.kind {
        try expand(star, at: result.expression.position, into: &results)
      } else {
        results.append(result)
      }
    }
    guard !results.isEmpty else {
      throw QueryError(.syntax, "the select list is empty", at: select.position)
    }
    return results
  }

  private func expand(
    _ star: StarSyntax, at position: Int, into results: inout [ResultSyntax]
  ) throws(QueryError) {
    let scope = binder.scope
    guard !scope.columns.isEmpty else {
      throw QueryError(.syntax, "there are no columns for * without FROM", at: position)
    }
    if star.pattern != nil {
      throw QueryError(
        .unsupported, "COLUMNS with a regular expression is not supported", at: position)
    }
    if let table = star.table, !scope.hasTable(table.text) {
      throw QueryError(
        .name, "there is no table \"\(table.text)\" in FROM", at: table.position,
        hint: nearestName(to: table.text, among: scope.tables).map { "did you mean \"\($0)\"?" })
    }
    let columns = scope.columns.enumerated().filter { _, column in
      guard let table = star.table else { return column.isPlain }
      return column.table.map { Scope.same($0, table.text) } ?? false
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

extension ExpressionSyntax {
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
    case .call(let call):
      call.arguments + call.orderBy.map(\.expression) + (call.filter.map { [$0] } ?? [])
        + (call.window.map { $0.partitionBy + $0.orderBy.map(\.expression) } ?? [])
    }
  }
}
