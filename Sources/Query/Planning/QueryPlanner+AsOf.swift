import ColStore

extension QueryPlanner {
  /// `left ASOF [LEFT] JOIN right`: of the right rows that agree in the equalities, the one whose
  /// time is nearest on the wanted side.
  ///
  /// 1. Both sides get row numbers. 2. Their keys and times are put under each other, and a window
  /// along the time carries the number of the last right row. 3. The numbers find the rows.
  func planAsOf(
    _ kind: JoinKind, _ left: LogicalPlan, _ right: LogicalPlan, equalities: [JoinEquality],
    condition: Expression?, width: Int, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    guard kind == .inner || kind == .left else {
      throw QueryError(.unsupported, "ASOF joins are INNER or LEFT", at: position)
    }
    guard let (symbol, time, otherTime) = Self.inequality(condition, width) else {
      throw QueryError(
        .syntax,
        "an ASOF join wants equalities and one comparison <, <=, > or >= of the two tables",
        at: position)
    }
    let isDescending = symbol == "<" || symbol == "<="
    let isStrict = symbol == "<" || symbol == ">"
    let (first, second) = (numbered(left, at: position), numbered(right, at: position))
    let keyCount = equalities.count

    func side(
      _ plan: LogicalPlan, _ keys: [Expression], _ time: Expression, order: Int64, isLeft: Bool
    ) -> LogicalPlan {
      let number = Expression.column(index: plan.schema.count - 1, type: .bigint)
      var columns = keys.enumerated().map {
        NamedExpression(name: "key \($0)", expression: $1)
      }
      columns.append(NamedExpression(name: "time", expression: time))
      columns.append(
        NamedExpression(name: "side", expression: .literal(.int64(order), type: .bigint)))
      columns.append(NamedExpression(name: "left", expression: isLeft ? number : .null(.bigint)))
      columns.append(NamedExpression(name: "right", expression: isLeft ? .null(.bigint) : number))
      return .project(plan, columns)
    }
    let rightKeys = equalities.map(\.right)
    let present = (rightKeys + [otherTime]).map { Expression.not(.isNull($0)) }
    let candidates = Expression.conjunction(present).map {
      LogicalPlan.filter(second, predicate: $0)
    }
    let both = LogicalPlan.setOperation(
      .union,
      side(first, equalities.map(\.left), time, order: isStrict ? 0 : 1, isLeft: true),
      side(candidates ?? second, rightKeys, otherTime, order: isStrict ? 1 : 0, isLeft: false),
      all: true)

    func column(_ index: Int, _ type: DataType) -> Expression { .column(index: index, type: type) }
    let timeColumn = column(keyCount, time.type)
    let leftNumber = column(keyCount + 2, .bigint)
    let last = WindowCall(
      function: .lastValue(column(keyCount + 3, .bigint), ignoreNulls: true), resultType: .bigint,
      partitionBy: equalities.enumerated().map { column($0, $1.left.type) },
      orderBy: [
        SortKey(expression: timeColumn, descending: isDescending, nullsFirst: false),
        SortKey(expression: column(keyCount + 1, .bigint), descending: false, nullsFirst: false),
      ],
      frame: WindowCall.Frame(unit: .rows, start: .unboundedPreceding, end: .currentRow),
      position: position)
    let carried = LogicalPlan.window(both, calls: [NamedWindow(name: "last", call: last)])
    let found = LogicalPlan.project(
      .filter(carried, predicate: .not(.isNull(leftNumber))),
      [
        NamedExpression(name: "left", expression: leftNumber),
        NamedExpression(
          name: "right",
          expression: .conditional(
            branches: [
              Expression.Branch(condition: .isNull(timeColumn), result: .null(.bigint))
            ], otherwise: column(keyCount + 4, .bigint), type: .bigint)),
      ])
    // left columns, left number | left number, right number | right columns, right number
    let matched = LogicalPlan.join(
      .inner, first, found,
      equalities: [JoinEquality(left: column(width, .bigint), right: column(0, .bigint))],
      residual: nil)
    let rightWidth = right.schema.count
    let joined = LogicalPlan.join(
      kind, matched, second,
      equalities: [
        JoinEquality(left: column(width + 2, .bigint), right: column(rightWidth, .bigint))
      ], residual: nil)
    let fields = joined.schema
    let kept = Array(0..<width) + Array((width + 3)..<(width + 3 + rightWidth))
    return .project(
      joined,
      kept.map { NamedExpression(name: fields[$0].name, expression: column($0, fields[$0].type)) })
  }

  /// `plan` with a column that numbers its rows.
  private func numbered(_ plan: LogicalPlan, at position: Int) -> LogicalPlan {
    let number = WindowCall(
      function: .rowNumber, resultType: .bigint, partitionBy: [], orderBy: [],
      frame: WindowCall.Frame(
        unit: .range, start: .unboundedPreceding, end: .unboundedFollowing), position: position)
    return .window(plan, calls: [NamedWindow(name: "row_number()", call: number)])
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
