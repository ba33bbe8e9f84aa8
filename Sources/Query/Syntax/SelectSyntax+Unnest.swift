extension SelectSyntax {
  /// `SELECT unnest(list) AS word … GROUP BY word` with the unnest moved to FROM, where keys can refer
  /// to it: `FROM …, unnest(list)`. The same where there is no such key.
  func unnestingKeysInFrom() -> SelectSyntax {
    guard case .elements(let elements) = groupBy else { return self }
    var keys: Set<Int> = []
    for case .expression(let key) in elements {
      if let place = resultPlace(of: key), case .call(let call) = results[place].expression.kind,
        call.name.text.lowercased() == "unnest"
      {
        keys.insert(place)
      }
    }
    if keys.isEmpty { return self }
    var (from, results) = (from, results)
    for place in keys.sorted() {
      let result = results[place]
      let position = result.expression.position
      guard case .call(let call) = result.expression.kind else { continue }
      let table = NameSyntax(text: "unnest \(place)", position: position)
      let column = NameSyntax(text: "value", position: position)
      let unnest = TableSyntax(
        kind: .function(call), alias: AliasSyntax(name: table, columns: [column]),
        position: position, height: 1)
      from =
        from.map {
          TableSyntax(
            kind: .join(
              JoinSyntax(kind: .cross, isAsOf: false, left: $0, right: unnest, condition: .none)),
            alias: nil, position: position, height: $0.height + 1)
        } ?? unnest
      results[place] = ResultSyntax(
        expression: ExpressionSyntax(kind: .name([table, column]), position: position, height: 1),
        alias: result.alias
          ?? NameSyntax(text: result.expression.columnName, position: position))
    }
    return SelectSyntax(
      quantifier: quantifier, results: results, from: from, filter: filter, groupBy: groupBy,
      having: having, windows: windows, qualify: qualify, position: position)
  }

  /// The result that a key of GROUP BY means by its place or its alias.
  private func resultPlace(of key: ExpressionSyntax) -> Int? {
    switch key.kind {
    case .number(let digits):
      return Int(digits).flatMap { results.indices.contains($0 - 1) ? $0 - 1 : nil }
    case .name(let names) where names.count == 1:
      return results.firstIndex { result in
        result.alias.map { Scope.same($0.text, names[0].text) } ?? false
      }
    default: return nil
    }
  }
}
