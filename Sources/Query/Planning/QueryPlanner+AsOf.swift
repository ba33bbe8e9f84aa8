import ColStore

extension QueryPlanner {
  /// `left ASOF [LEFT] JOIN right`: of the right rows that agree in the equalities, the one whose
  /// value is nearest on the wanted side.
  func planAsOf(
    _ kind: JoinKind, _ left: LogicalPlan, _ right: LogicalPlan, equalities: [JoinEquality],
    condition: Expression?, width: Int, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    guard kind == .inner || kind == .left else {
      throw QueryError(.unsupported, "ASOF joins are INNER or LEFT", at: position)
    }
    guard let (symbol, value, other) = Self.inequality(condition, width) else {
      throw QueryError(
        .syntax,
        "an ASOF join wants equalities and one comparison <, <=, > or >= of the two tables",
        at: position)
    }
    let binder = Binder(context: context, level: level, tables: tables, scope: Scope())
    return .join(
      kind == .left ? .asOfLeft : .asOf, left,
      .filter(right, predicate: .not(.isNull(other))), equalities: equalities,
      residual: try binder.call(symbol, [value, other.shifted(by: width)], at: position))
  }

  /// The comparison of a left and a right expression, as seen from the left.
  private static func inequality(
    _ condition: Expression?, _ width: Int
  ) -> (symbol: String, left: Expression, right: Expression)? {
    guard case .call(let call)? = condition, call.arguments.count == 2,
      let swapped = ["<": ">", "<=": ">=", ">": "<", ">=": "<="][call.overload.name]
    else { return nil }
    let (one, other) = (call.arguments[0], call.arguments[1])
    func isLeft(_ expression: Expression) -> Bool {
      !expression.columns.isEmpty && expression.columns.allSatisfy { $0 < width }
    }
    func isRight(_ expression: Expression) -> Bool {
      !expression.columns.isEmpty
        && expression.columns.allSatisfy { $0 >= width && ColumnSpace.isInput($0) }
    }
    if isLeft(one), isRight(other) {
      return (call.overload.name, one, other.mapColumns { $0 - width })
    }
    if isRight(one), isLeft(other) {
      return (swapped, other, one.mapColumns { $0 - width })
    }
    return nil
  }
}
