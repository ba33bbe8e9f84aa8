extension ExpressionSyntax {
  /// The first COLUMNS within the expression.
  var columnsInside: StarSyntax? {
    if case .star(let star) = kind { return star.isColumns ? star : nil }
    for child in children {
      if let found = child.columnsInside { return found }
    }
    return nil
  }

  /// `*COLUMNS(…)`.
  var unpackedStar: StarSyntax? {
    guard case .star(let star) = kind, star.isUnpacked else { return nil }
    return star
  }

  /// Whether there is a subquery in it.
  var hasSubquery: Bool {
    switch kind {
    case .subquery, .exists, .inQuery, .quantified: true
    default: children.contains { $0.hasSubquery }
    }
  }

  /// Every call in the expression, not looking into subqueries.
  func forEachCall(_ body: (CallSyntax) -> Void) {
    if case .call(let call) = kind { body(call) }
    for child in children { child.forEachCall(body) }
  }

  /// The expressions right below, those in subqueries excepted.
  var children: [ExpressionSyntax] {
    switch kind {
    case .null, .boolean, .number, .string, .parameter, .name, .positional, .star, .subquery,
      .exists:
      []
    case .unary(_, let operand), .not(let operand), .isNull(let operand, _),
      .isBoolean(let operand, _, _), .inQuery(let operand, _, _), .cast(let operand, _, _),
      .interval(let operand, _), .quantified(let operand, _, _, _), .lambda(_, let operand):
      [operand]
    case .binary(_, let left, let right), .isDistinct(let left, let right, _),
      .element(let left, let right), .atTimeZone(let left, let right):
      [left, right]
    case .and(let operands), .or(let operands), .row(let operands), .list(let operands): operands
    case .between(let operand, let low, let high, _): [operand, low, high]
    case .inList(let operand, let list, _): [operand] + list
    case .like(let like): [like.text, like.pattern] + (like.escape.map { [$0] } ?? [])
    case .conditional(let operand, let branches, let otherwise):
      branches.flatMap { [$0.condition, $0.result] } + [operand, otherwise].compactMap { $0 }
    case .slice(let list, let first, let last, let step):
      [list] + [first, last, step].compactMap { $0 }
    case .call(let call): call.children
    }
  }
}
