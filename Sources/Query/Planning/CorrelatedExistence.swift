/// What EXISTS asks for where its subquery refers to outer rows only in the conditions of its
/// outermost WHERE, one of them an equality: a semi-join of the outer rows with all else.
///
/// An EXISTS in that WHERE that refers to outer rows adds its rows to those asked for: there are some
/// of both.
struct CorrelatedExistence {
  private let rows: ConditionalRows
  /// The columns that the subquery reads of outer rows: of the row around it, or of one further out.
  private let outerColumns: [Int]

  /// Nil where the subquery is of another kind.
  init?(_ subquery: LogicalPlan, correlations: [Expression]) {
    outerColumns = correlations.compactMap { correlation in
      guard case .column(let index, _) = correlation,
        ColumnSpace.isInput(index) || ColumnSpace.isOuter(index)
      else { return nil }
      return index
    }
    guard outerColumns.count == correlations.count,
      let rows = ConditionalRows(existenceOf: subquery), !rows.equalities.isEmpty
    else { return nil }
    self.rows = rows
  }

  /// The rows of `outer` for which the subquery has rows, or has none.
  func joined(_ outer: LogicalPlan, negated: Bool) -> LogicalPlan {
    let width = outer.schema.count
    func outerColumn(_ index: Int) -> Int {
      ColumnSpace.isOuter(index) ? outerColumns[index - ColumnSpace.outer] : index
    }
    return .join(
      negated ? .anti : .semi, outer, rows.plan,
      equalities: rows.equalities.map {
        JoinEquality(left: $0.left.mapColumns(outerColumn), right: $0.right)
      },
      residual: Expression.conjunction(rows.others)?.mapColumns {
        ColumnSpace.isInput($0) ? $0 + width : outerColumn($0)
      })
  }
}

/// The rows of an uncorrelated plan for which conditions on outer columns hold.
private struct ConditionalRows {
  private var input: LogicalPlan
  /// Conditions that read no outer columns.
  private var own: [Expression] = []
  /// Outer against inner expressions.
  private(set) var equalities: [JoinEquality] = []
  /// The other conditions, over columns of both.
  private(set) var others: [Expression] = []

  /// The rows without the conditions on outer columns.
  var plan: LogicalPlan {
    Expression.conjunction(own).map { .filter(input, predicate: $0) } ?? input
  }

  /// Rows of which there are some where there are rows of `plan`, for all values of outer columns; nil
  /// where these are read elsewhere.
  init?(existenceOf plan: LogicalPlan) {
    switch plan {
    case .project(let input, _), .distinct(let input), .sort(let input, _, limit: nil, offset: 0):
      self.init(existenceOf: input)
    default: self.init(plan)
    }
  }

  /// The rows of `plan`, each as often as it has partners in semi-joins that read outer columns.
  private init?(_ plan: LogicalPlan) {
    switch plan {
    case .filter(let input, let predicate):
      self.init(input)
      add(predicate.conjuncts)
    case .join(.semi, let left, let right, let equalities, let residual) where plan.isCorrelated:
      self.init(left)
      guard !right.isCorrelated, addPartners(right, equalities, residual) else { return nil }
    default:
      if plan.isCorrelated { return nil }
      self.init(input: plan)
    }
  }

  private init(input: LogicalPlan) { self.input = input }

  private mutating func add(_ conditions: [Expression]) {
    for condition in conditions {
      if !condition.readsOuter {
        own.append(condition)
      } else if let equality = Self.equality(condition) {
        equalities.append(equality)
      } else {
        others.append(condition)
      }
    }
  }

  /// Makes of each row one for each partner in `right`; false where they may be too many: unless they
  /// have to be equal in something, or where outer columns leave few of the rows as they are.
  private mutating func addPartners(
    _ right: LogicalPlan, _ partnerEqualities: [JoinEquality], _ residual: Expression?
  ) -> Bool {
    let ofOuter = partnerEqualities.filter { $0.left.readsOuter }
    let ofBoth = partnerEqualities.filter { !$0.left.readsOuter }
    guard equalities.isEmpty, !ofBoth.isEmpty, ofOuter.allSatisfy({ Self.isOuter($0.left) }) else {
      return false
    }
    let width = input.schema.count
    input = .join(.inner, input, right, equalities: ofBoth, residual: nil)
    equalities = ofOuter.map {
      JoinEquality(left: $0.left, right: $0.right.mapColumns { $0 + width })
    }
    add(residual?.conjuncts ?? [])
    return true
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
