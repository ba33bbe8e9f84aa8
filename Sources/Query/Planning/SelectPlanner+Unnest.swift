import ColStore

extension SelectPlanner {
  /// `GROUP BY unnest(list)`, by its place or by the alias of a result too: what the keys unnest belongs
  /// to FROM, several lists side by side, and means the same column wherever it is said again.
  mutating func planUnnestedKeys(_ results: [ResultSyntax]) throws(QueryError) {
    guard case .elements(let elements) = select.groupBy else { return }
    var keys: [ExpressionSyntax] = []
    for element in elements {
      for key in element.expressions {
        keys.append(try resultPlace(of: key, results).map { results[$0].expression } ?? key)
      }
    }
    let width = plan.schema.count
    var lists: [NamedExpression] = []
    for key in keys {
      var calls: [CallSyntax] = []
      key.forEachCall { if $0.name.text.lowercased() == "unnest" { calls.append($0) } }
      for call in calls {
        guard let list = try query.listOf(call, scope: binder.scope, at: key.position),
          binder.unnestedKeys[list.fingerprint] == nil
        else { continue }
        binder.unnestedKeys[list.fingerprint] = .column(
          index: width + lists.count, type: list.type.element)
        lists.append(NamedExpression(name: key.columnName, expression: list))
      }
    }
    if !lists.isEmpty { plan = .unnest(plan, lists: lists) }
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
