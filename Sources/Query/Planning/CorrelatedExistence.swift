/// What EXISTS asks for where its subquery refers to the outer row only in the conditions of its
/// outermost WHERE, one of them an equality: a semi-join of the outer rows with all else.
struct CorrelatedExistence {
  /// The subquery without those conditions.
  private let inner: LogicalPlan
  /// Outer against inner expressions.
  private let equalities: [JoinEquality]
  /// The other conditions, over columns of both.
  private let others: [Expression]
  /// The columns that the subquery reads of the outer row.
  private let outerColumns: [Int]

  /// Nil where the subquery is of another kind.
  init?(_ subquery: LogicalPlan, correlations: [Expression]) {
    outerColumns = correlations.compactMap { correlation in
      guard case .column(let index, _) = correlation, ColumnSpace.isInput(index) else { return nil }
      return index
    }
    guard outerColumns.count == correlations.count,
      case .filter(let input, let predicate) = Self.filter(of: subquery), !input.isCorrelated
    else { return nil }
    var equalities: [JoinEquality] = []
    var others: [Expression] = []
    var own: [Expression] = []
    for condition in predicate.conjuncts {
      if !condition.readsOuter {
        own.append(condition)
      } else if let equality = Self.equality(condition) {
        equalities.append(equality)
      } else {
        others.append(condition)
      }
    }
    if equalities.isEmpty { return nil }
    inner = Expression.conjunction(own).map { .filter(input, predicate: $0) } ?? input
    self.equalities = equalities
    self.others = others
  }

  /// The rows of `outer` for which the subquery has rows, or has none.
  func joined(_ outer: LogicalPlan, negated: Bool) -> LogicalPlan {
    let width = outer.schema.count
    func outerColumn(_ index: Int) -> Int {
      ColumnSpace.isOuter(index) ? outerColumns[index - ColumnSpace.outer] : index
    }
    return .join(
      negated ? .anti : .semi, outer, inner,
      equalities: equalities.map {
        JoinEquality(left: $0.left.mapColumns(outerColumn), right: $0.right)
      },
      residual: Expression.conjunction(others)?.mapColumns {
        ColumnSpace.isInput($0) ? $0 + width : outerColumn($0)
      })
  }

  /// The filter below what does not matter to whether there are rows.
  private static func filter(of plan: LogicalPlan) -> LogicalPlan {
    switch plan {
    case .project(let input, _), .distinct(let input), .sort(let input, _, limit: nil, offset: 0):
      filter(of: input)
    default: plan
    }
  }

  /// The condition as an equality of an outer and an inner expression; nil where it is none.
  private static func equality(_ condition: Expression) -> JoinEquality? {
    guard case .call(let call) = condition, call.overload.name == Comparison.equal.rawValue,
      call.arguments.count == 2
    else { return nil }
    let (first, second) = (call.arguments[0], call.arguments[1])
    if isOuter(first) && isInner(second) { return JoinEquality(left: first, right: second) }
    if isOuter(second) && isInner(first) { return JoinEquality(left: second, right: first) }
    return nil
  }

  private static func isOuter(_ expression: Expression) -> Bool {
    var isOuter = true
    expression.forEachColumn { if !ColumnSpace.isOuter($0) { isOuter = false } }
    return isOuter && expression.readsOuter
  }

  private static func isInner(_ expression: Expression) -> Bool {
    var isInner = true
    expression.forEachColumn { if !ColumnSpace.isInput($0) { isInner = false } }
    return isInner
  }
}
