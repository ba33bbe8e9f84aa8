extension ExpressionSyntax {
  /// The expression with `change` applied to it and, where that gives nil, to all below it;
  /// subqueries stay as they are.
  func mapped(
    _ change: (ExpressionSyntax) throws(QueryError) -> ExpressionSyntax?
  ) throws(QueryError) -> ExpressionSyntax {
    if let changed = try change(self) { return changed }
    func map(_ expression: ExpressionSyntax) throws(QueryError) -> ExpressionSyntax {
      try expression.mapped(change)
    }
    func all(_ expressions: [ExpressionSyntax]) throws(QueryError) -> [ExpressionSyntax] {
      var mapped: [ExpressionSyntax] = []
      for expression in expressions { mapped.append(try map(expression)) }
      return mapped
    }
    func optional(_ expression: ExpressionSyntax?) throws(QueryError) -> ExpressionSyntax? {
      guard let expression else { return nil }
      return try map(expression)
    }
    let kind: Kind
    switch self.kind {
    case .null, .boolean, .number, .string, .parameter, .name, .positional, .star, .subquery,
      .exists:
      return self
    case .unary(let symbol, let operand): kind = .unary(symbol, try map(operand))
    case .binary(let symbol, let left, let right):
      kind = .binary(symbol, try map(left), try map(right))
    case .and(let operands): kind = .and(try all(operands))
    case .or(let operands): kind = .or(try all(operands))
    case .not(let operand): kind = .not(try map(operand))
    case .isNull(let operand, let negated): kind = .isNull(try map(operand), negated: negated)
    case .isBoolean(let operand, let value, let negated):
      kind = .isBoolean(try map(operand), value, negated: negated)
    case .isDistinct(let left, let right, let negated):
      kind = .isDistinct(try map(left), try map(right), negated: negated)
    case .between(let operand, let low, let high, let negated):
      kind = .between(try map(operand), try map(low), try map(high), negated: negated)
    case .inList(let operand, let list, let negated):
      kind = .inList(try map(operand), try all(list), negated: negated)
    case .inQuery(let operand, let query, let negated):
      kind = .inQuery(try map(operand), query, negated: negated)
    case .like(let like):
      kind = .like(
        LikeSyntax(
          operation: like.operation, text: try map(like.text), pattern: try map(like.pattern),
          escape: try optional(like.escape), negated: like.negated))
    case .conditional(let operand, let branches, let otherwise):
      var mapped: [BranchSyntax] = []
      for branch in branches {
        mapped.append(
          BranchSyntax(condition: try map(branch.condition), result: try map(branch.result)))
      }
      kind = .conditional(
        operand: try optional(operand), branches: mapped, otherwise: try optional(otherwise))
    case .cast(let operand, let type, let isTry):
      kind = .cast(try map(operand), type, isTry: isTry)
    case .call(let call): kind = .call(try call.mapped(map))
    case .interval(let value, let unit): kind = .interval(try map(value), unit: unit)
    case .quantified(let operand, let symbol, let query, let isAll):
      kind = .quantified(try map(operand), symbol, query, isAll: isAll)
    case .row(let elements): kind = .row(try all(elements))
    case .list(let elements): kind = .list(try all(elements))
    case .element(let list, let index): kind = .element(try map(list), try map(index))
    case .slice(let list, let first, let last, let step):
      kind = .slice(
        try map(list), try optional(first), try optional(last), step: try optional(step))
    case .lambda(let names, let body): kind = .lambda(names, try map(body))
    case .atTimeZone(let value, let zone): kind = .atTimeZone(try map(value), try map(zone))
    }
    return ExpressionSyntax(kind: kind, position: position, height: height)
  }
}

extension CallSyntax {
  fileprivate func mapped(
    _ change: (ExpressionSyntax) throws(QueryError) -> ExpressionSyntax
  ) throws(QueryError) -> CallSyntax {
    func keys(_ keys: [OrderSyntax]) throws(QueryError) -> [OrderSyntax] {
      var mapped: [OrderSyntax] = []
      for key in keys {
        mapped.append(
          OrderSyntax(
            expression: try change(key.expression), descending: key.descending,
            nullsFirst: key.nullsFirst))
      }
      return mapped
    }
    func all(_ expressions: [ExpressionSyntax]) throws(QueryError) -> [ExpressionSyntax] {
      var mapped: [ExpressionSyntax] = []
      for expression in expressions { mapped.append(try change(expression)) }
      return mapped
    }
    var condition: ExpressionSyntax?
    if let filter { condition = try change(filter) }
    var over: WindowSyntax?
    if let window {
      over = WindowSyntax(
        base: window.base, partitionBy: try all(window.partitionBy),
        orderBy: try keys(window.orderBy), frame: window.frame, position: window.position)
    }
    return CallSyntax(
      name: name, parameters: try parameters.map(all), arguments: try all(arguments),
      argumentNames: argumentNames, isStar: isStar, isDistinct: isDistinct,
      orderBy: try keys(orderBy), withinGroup: try keys(withinGroup), filter: condition,
      ignoresNulls: ignoresNulls, window: over)
  }
}
