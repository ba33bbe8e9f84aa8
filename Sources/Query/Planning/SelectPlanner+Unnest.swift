import ColStore

extension SelectPlanner {
  /// `SELECT unnest(list) AS word … GROUP BY word`: an unnest that is a key belongs to FROM, several
  /// side by side. Returns the results with a column in the place of each such one.
  mutating func unnestKeys(_ expanded: [ResultSyntax]) throws(QueryError) -> [ResultSyntax] {
    guard case .elements(let elements) = select.groupBy else { return expanded }
    var results = expanded
    var lists: [NamedExpression] = []
    let width = plan.schema.count
    let scope = binder.scope
    for case .expression(let key) in elements {
      guard let place = try resultPlace(of: key, results),
        case .call(let call) = results[place].expression.kind,
        call.name.text.lowercased() == "unnest"
      else { continue }
      let syntax = results[place].expression
      guard let list = try query.listOf(call, scope: scope, at: syntax.position) else { continue }
      let table = NameSyntax(text: "unnest \(place)", position: syntax.position)
      let column = NameSyntax(text: syntax.columnName, position: syntax.position)
      binder.scope.columns.append(
        Scope.Column(
          table: table.text, name: column.text,
          expression: .column(index: width + lists.count, type: list.type.element),
          isPlain: false))
      lists.append(NamedExpression(name: column.text, expression: list))
      results[place] = ResultSyntax(
        expression: ExpressionSyntax(
          kind: .name([table, column]), position: syntax.position, height: 1),
        alias: results[place].alias)
    }
    if !lists.isEmpty { plan = .unnest(plan, lists: lists) }
    return results
  }

  /// The result that a key of GROUP BY means by its place, or by an alias that no column has as its
  /// name.
  private func resultPlace(
    of key: ExpressionSyntax, _ results: [ResultSyntax]
  ) throws(QueryError) -> Int? {
    if let place = try Self.ordinal(key, in: "GROUP BY", count: results.count) { return place }
    guard case .name(let names) = key.kind, names.count == 1,
      case .none = binder.scope.find(names[0].text, in: nil)
    else { return nil }
    return results.firstIndex { result in
      result.alias.map { Scope.same($0.text, names[0].text) } ?? false
    }
  }
}
