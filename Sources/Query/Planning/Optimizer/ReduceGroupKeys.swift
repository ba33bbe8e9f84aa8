import ColStore

/// Groups by no key that follows from the others: a constant, a repetition, or a deterministic
/// expression of other keys is computed once a group, above the aggregation.
///
/// A key that others are computed from must tell its values apart exactly: 0.0 and -0.0 are one
/// group, and so are intervals of equal length, though functions of them differ.
enum ReduceGroupKeys {
  static let apply: Optimizer.Rule = { plan throws(QueryError) in try reduced(plan) }

  private static func reduced(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    let plan = plan.withInputs(try plan.inputs.map(reduced))
    guard case .aggregate(let input, let keys, let aggregates, nil) = plan else { return plan }
    let kept = keptKeys(keys.map(\.expression))
    guard kept.count < keys.count else { return plan }
    var columns: [String: Expression] = [:]
    for (place, key) in kept.enumerated() {
      let expression = keys[key].expression
      columns[expression.fingerprint] = .column(index: place, type: expression.type)
    }
    var results: [NamedExpression] = []
    for key in keys {
      results.append(
        NamedExpression(
          name: key.name,
          expression: try key.expression.rewritten { (node) throws(QueryError) in
            columns[node.fingerprint]
          }))
    }
    for (index, aggregate) in aggregates.enumerated() {
      results.append(
        NamedExpression(
          name: aggregate.name,
          expression: .column(
            index: kept.count + index, type: aggregate.call.overload.resultType)))
    }
    return .project(
      .aggregate(input, keys: kept.map { keys[$0] }, aggregates: aggregates, groupingSets: nil),
      results)
  }

  /// The keys that groups are told apart by: one at least, without which no rows would be a group.
  private static func keptKeys(_ keys: [Expression]) -> [Int] {
    let fingerprints = keys.map(\.fingerprint)
    var kept = Array(keys.indices)
    for key in keys.indices.reversed() where kept.count > 1 && keys[key].isDeterministic {
      let others = kept.filter { $0 != key }
      let known = Set(others.filter { isExact(keys[$0].type) }.map { fingerprints[$0] })
      if follows(keys[key], from: known) { kept = others }
    }
    return kept
  }

  /// Whether `expression` reads nothing but what has one of the fingerprints `known`.
  private static func follows(_ expression: Expression, from known: Set<String>) -> Bool {
    if known.contains(expression.fingerprint) { return true }
    if case .column = expression { return false }
    return expression.children.allSatisfy { follows($0, from: known) }
  }

  /// Whether values of the type that are grouped together are the same in every respect.
  private static func isExact(_ type: DataType) -> Bool {
    switch type.physical {
    case .bool, .int64, .int128, .string: true
    case .double, .interval, .list: false
    }
  }
}
