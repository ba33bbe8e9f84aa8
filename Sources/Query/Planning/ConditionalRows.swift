/// The rows of an uncorrelated plan for which conditions on outer columns hold.
struct ConditionalRows {
  private var input: LogicalPlan
  /// Conditions that read no outer columns.
  private var own: [Expression] = []
  /// Outer against inner expressions.
  private(set) var equalities: [JoinEquality] = []
  /// The other conditions, over columns of both.
  private(set) var others: [Expression] = []

  /// The rows without the conditions on outer columns.
  var plan: LogicalPlan { input.filtered(by: own) }

  /// The rows of `plan`; nil where it reads outer columns elsewhere than in its outermost conditions.
  init?(of plan: LogicalPlan) { self.init(plan, addsPartners: false) }

  /// Rows of which there are some where there are rows of `plan`, for all values of outer columns; nil
  /// where these are read elsewhere.
  init?(existenceOf plan: LogicalPlan) {
    switch plan {
    case .project(let input, _), .distinct(let input), .sort(let input, _, limit: nil, offset: 0):
      self.init(existenceOf: input)
    default: self.init(plan, addsPartners: true)
    }
  }

  /// - Parameter addsPartners: Whether a row may come as often as it has partners in semi-joins.
  private init?(_ plan: LogicalPlan, addsPartners: Bool) {
    switch plan {
    case .filter(let input, let predicate):
      self.init(input, addsPartners: addsPartners)
      add(predicate.conjuncts)
    case .join(.semi, let left, let right, let equalities, let residual)
    where addsPartners && plan.isCorrelated:
      self.init(left, addsPartners: true)
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
      $0.replacing(right: $0.right.mapColumns { $0 + width })
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
    expression.readsOuter && !expression.reads { !ColumnSpace.isOuter($0) }
  }

  private static func isInner(_ expression: Expression) -> Bool {
    !expression.reads { !ColumnSpace.isInput($0) }
  }
}
