import ColStore

extension SelectPlanner {
  /// The select list with stars written out.
  func expandedResults() throws(QueryError) -> [ResultSyntax] {
    var results: [ResultSyntax] = []
    for result in select.results {
      if case .star(let star) = result.expression.kind {
        for column in try expanded(star, at: result.expression.position) {
          results.append(
            ResultSyntax(
              expression: column.expression,
              alias: try title(result.alias, of: column, star, at: result.expression.position)))
        }
      } else {
        results += try repeated(result)
      }
    }
    guard !results.isEmpty else {
      throw QueryError(.syntax, "the select list is empty", at: select.position)
    }
    return results
  }

  /// The expression once for each of the columns that COLUMNS in it means.
  func repeated(_ expression: ExpressionSyntax) throws(QueryError) -> [ExpressionSyntax] {
    try repeated(ResultSyntax(expression: expression, alias: nil)).map(\.expression)
  }

  /// An expression with COLUMNS in it, once for each of the columns, whose names the results have.
  private func repeated(_ result: ResultSyntax) throws(QueryError) -> [ResultSyntax] {
    let whole = try joiningFilters(try unpacked(result.expression))
    guard let star = whole.columnsInside else {
      return [ResultSyntax(expression: whole, alias: result.alias)]
    }
    let columns = try expanded(star, at: whole.position)
    // What each COLUMNS in it means is found once, not once a column.
    var meant: [[ResultSyntax]] = []
    _ = try whole.mapped { (node) throws(QueryError) in
      guard case .star(let other) = node.kind, other.isColumns else { return nil }
      meant.append(try expanded(other, at: node.position))
      guard meant[meant.count - 1].count == columns.count else {
        throw QueryError(
          .unsupported, "COLUMNS in one expression must mean as many columns each",
          at: node.position)
      }
      return node
    }
    var repeated: [ResultSyntax] = []
    for (index, column) in columns.enumerated() {
      var stars = meant.makeIterator()
      let expression = try whole.mapped { (node) throws(QueryError) in
        guard case .star(let other) = node.kind, other.isColumns else { return nil }
        return stars.next()?[index].expression
      }
      repeated.append(
        ResultSyntax(
          expression: expression,
          alias: try title(result.alias, of: column, star, at: whole.position)))
    }
    return repeated
  }

  /// The expression with COLUMNS in a FILTER as the conjunction over the columns.
  private func joiningFilters(_ expression: ExpressionSyntax) throws(QueryError) -> ExpressionSyntax
  {
    try expression.mapped { (node) throws(QueryError) in
      guard case .call(let call) = node.kind, let filter = call.filter, filter.columnsInside != nil
      else { return nil }
      let conditions = try repeated(filter)
      let joined =
        conditions.count == 1
        ? conditions[0]
        : ExpressionSyntax(
          kind: .and(conditions), position: filter.position, height: filter.height + 1)
      return ExpressionSyntax(
        kind: .call(call.filtered(by: joined)), position: node.position, height: node.height + 1)
    }
  }

  /// What a result of a star is called: as the column, or by an alias with groups of the pattern.
  private func title(
    _ alias: NameSyntax?, of column: ResultSyntax, _ star: StarSyntax, at position: Int
  ) throws(QueryError) -> NameSyntax? {
    guard let alias else { return column.alias }
    guard case .pattern(let pattern) = star.choice, let name = column.alias else { return alias }
    return NameSyntax(
      text: try NamePattern(pattern, at: position).filled(alias.text, for: name.text),
      position: alias.position)
  }

  /// The expression with each `*COLUMNS(…)` in a call or list as so many arguments or elements.
  private func unpacked(_ expression: ExpressionSyntax) throws(QueryError) -> ExpressionSyntax {
    try expression.mapped { (node) throws(QueryError) in
      guard node.children.contains(where: { $0.unpackedStar != nil }) else { return nil }
      var children: [ExpressionSyntax] = []
      for child in node.children {
        guard let star = child.unpackedStar else {
          children.append(try unpacked(child))
          continue
        }
        children += try expanded(star, at: child.position).map(\.expression)
      }
      switch node.kind {
      case .list:
        return ExpressionSyntax(
          kind: .list(children), position: node.position, height: node.height)
      case .call(let call)
      where call.window == nil && !call.isDistinct && !call.ignoresNulls
        && call.argumentNames.isEmpty && call.arguments.count == node.children.count:
        return ExpressionSyntax(
          kind: .call(CallSyntax(name: call.name, arguments: children)), position: node.position,
          height: node.height)
      default:
        throw QueryError(
          .unsupported, "*COLUMNS stands among the arguments of a function, or in a list",
          at: node.position)
      }
    }
  }

  /// The columns that a star means, with their names.
  private func expanded(
    _ star: StarSyntax, at position: Int
  ) throws(QueryError) -> [ResultSyntax] {
    let columns = try binder.columns(of: star, at: position)
    func check(_ name: NameSyntax, _ list: String) throws(QueryError) {
      guard columns.contains(where: { Scope.same($0.column.name, name.text) }) else {
        throw QueryError(
          .name, "there is no column \"\(name.text)\" for \(list)", at: name.position,
          hint: nearestName(to: name.text, among: columns.map(\.column.name))
            .map { "did you mean \"\($0)\"?" })
      }
    }
    for names in star.excluded { try check(names[names.count - 1], "EXCLUDE") }
    for replacement in star.replaced {
      if let name = replacement.alias { try check(name, "REPLACE") }
    }
    for renaming in star.renamed { try check(renaming.from, "RENAME") }
    var results: [ResultSyntax] = []
    for (syntax, column) in columns {
      if star.excludes(column) { continue }
      let replacement = star.replaced.first { replaced in
        replaced.alias.map { Scope.same($0.text, column.name) } ?? false
      }
      let renaming = star.renamed.first { Scope.same($0.from.text, column.name) }
      results.append(
        ResultSyntax(
          expression: replacement?.expression ?? syntax,
          alias: renaming?.to ?? NameSyntax(text: column.name, position: position)))
    }
    return results
  }
}
