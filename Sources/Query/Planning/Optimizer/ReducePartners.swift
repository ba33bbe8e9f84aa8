import ColStore

/// Semi and anti joins with a condition beside the equalities: whether a row has a partner follows from
/// fewer rows than the right side has.
///
/// - A comparison with one right column holds for some partner if it holds for the greatest, or the
///   least, of those with the same keys. `EXISTS (… o.k = e.k AND o.t > e.t)` asks `max(o.t) > e.t`.
/// - Else right rows that are equal in all that the join looks at are one.
enum ReducePartners {
  static let apply: Optimizer.Rule = { plan throws(QueryError) in try reduced(plan) }

  private static func reduced(_ plan: LogicalPlan) throws(QueryError) -> LogicalPlan {
    let plan = plan.withInputs(try plan.inputs.map(reduced))
    guard case .join(let kind, let left, let right, let equalities, let residual?) = plan,
      kind == .semi || kind == .anti, !equalities.isEmpty,
      equalities.allSatisfy({ $0.right.isDeterministic }), residual.isDeterministic
    else { return plan }
    let join = Join(kind: kind, left: left, right: right, equalities: equalities)
    return try join.withExtremes(residual) ?? join.withDistinctPartners(residual)
  }
}

/// A semi or anti join.
private struct Join {
  let kind: JoinKind
  let left: LogicalPlan
  let right: LogicalPlan
  let equalities: [JoinEquality]

  private var leftWidth: Int { left.schema.count }

  /// The right rows in groups of equal keys; nil where the condition is no comparison of a right column
  /// with left ones.
  func withExtremes(_ residual: Expression) throws(QueryError) -> LogicalPlan? {
    guard case .call(let call) = residual, call.arguments.count == 2,
      let comparison = Comparison(rawValue: call.overload.name),
      let place = call.arguments.firstIndex(where: { rightColumn($0) != nil }),
      let value = rightColumn(call.arguments[place]), value.type.hasExtremes,
      call.arguments[1 - place].columns.allSatisfy({ $0 < leftWidth })
    else { return nil }
    // As if the right column stood first.
    let names: [String]
    switch place == 0 ? comparison : comparison.mirrored {
    case .greater, .greaterOrEqual: names = ["max"]
    case .less, .lessOrEqual: names = ["min"]
    case .notEqual: names = ["min", "max"]
    default: return nil
    }
    var extremes: [NamedAggregate] = []
    for extreme in names {
      extremes.append(
        NamedAggregate(
          name: "\(extreme) \(name(of: value))",
          call: try AggregateCall.plain(extreme, [value], at: call.position)))
    }
    let conditions = extremes.indices.map { extreme -> Expression in
      var arguments = call.arguments
      arguments[place] = .column(
        index: leftWidth + equalities.count + extreme, type: value.type)
      return .call(
        ScalarCall(overload: call.overload, arguments: arguments, position: call.position))
    }
    let keys = equalities.map { NamedExpression(name: name(of: $0.right), expression: $0.right) }
    return .join(
      kind, left, .aggregate(right, keys: keys, aggregates: extremes, groupingSets: nil),
      equalities: equalities.enumerated().map { number, equality in
        equality.replacing(right: .column(index: number, type: equality.right.type))
      }, residual: conditions.count == 1 ? conditions[0] : .or(conditions))
  }

  /// What an expression over the right side is called.
  private func name(of expression: Expression) -> String {
    guard case .column(let index, _) = expression else { return "key" }
    return right.schema[index].name
  }

  /// The right column, as the right side numbers it, that an expression over both sides is.
  private func rightColumn(_ expression: Expression) -> Expression? {
    guard case .column(let index, let type) = expression, index >= leftWidth else { return nil }
    return .column(index: index - leftWidth, type: type)
  }

  func withDistinctPartners(_ residual: Expression) -> LogicalPlan {
    var read = Set(residual.columns.filter { $0 >= leftWidth }.map { $0 - leftWidth })
    for equality in equalities { read.formUnion(equality.right.columns) }
    let columns = read.sorted()
    let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    let rows = right.selecting(columns)
    return .join(
      kind, left, right.isUnique(in: read) ? rows : .distinct(rows),
      equalities: equalities.map { equality in
        equality.replacing(right: equality.right.mapColumns { places[$0] ?? $0 })
      },
      residual: residual.mapColumns { column in
        column < leftWidth ? column : leftWidth + (places[column - leftWidth] ?? 0)
      })
  }
}

extension DataType {
  /// Whether min and max tell whether some value is less or greater than another.
  fileprivate var hasExtremes: Bool {
    switch physical {
    case .bool, .int64, .int128, .double, .string: self != .null
    case .interval, .list: false
    }
  }
}
