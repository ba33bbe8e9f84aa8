/// How tightly the operators bind, loosest first; all binary ones are left-associative.
enum Precedence {
  static let or = 1
  static let and = 2
  static let not = 3
  /// IS, ISNULL, NOTNULL.
  static let test = 4
  /// Not associative: chains are refused.
  static let comparison = 5
  /// BETWEEN, IN, LIKE, ILIKE, SIMILAR TO, GLOB.
  static let matching = 6
  /// `||`, `<<`, `&`, `~` and every other symbol.
  static let other = 7
  static let additive = 8
  static let multiplicative = 9
  static let power = 10
  static let atTimeZone = 11
  static let unary = 12

  static let comparisons: Set<String> = ["=", "==", "<", ">", "<=", ">=", "<>", "!="]
  static let others: Set<String> = [
    "||", "<<", ">>", "&", "|", "~", "!~", "~*", "!~*", "~~", "!~~", "~~*", "!~~*", "~~~", "^@",
    "->", "->>", "@>", "<@", "&&", "<=>",
  ]
}

extension Parser {
  mutating func expression() throws(QueryError) -> ExpressionSyntax {
    try expression(minimum: Precedence.or)
  }

  /// Expressions separated by commas, and the closing symbol; a trailing comma is refused, as an
  /// empty list is.
  mutating func expressionList(until closing: String) throws(QueryError) -> [ExpressionSyntax] {
    var expressions: [ExpressionSyntax] = []
    repeat {
      expressions.append(try expression())
    } while take(",")
    try expect(closing)
    return expressions
  }

  /// An expression whose operators outside parentheses bind at least as tightly as `minimum`.
  mutating func expression(minimum: Int) throws(QueryError) -> ExpressionSyntax {
    try nested { parser throws(QueryError) in
      var left = try parser.prefix()
      while let next = try parser.infix(left, minimum: minimum) { left = next }
      return left
    }
  }

  // MARK: Prefix operators

  private mutating func prefix() throws(QueryError) -> ExpressionSyntax {
    let position = token.start
    switch token.keyword {
    case "not":
      advance()
      let operand = try expression(minimum: Precedence.not)
      return try node(.not(operand), at: position, over: [operand])
    case "-", "+":
      let symbol = advance().text
      if case .number = token.kind, token(ahead: 1).keyword != "::", token(ahead: 1).keyword != "["
      {
        let digits = advance().text
        let number = ExpressionSyntax(
          kind: .number(symbol == "-" ? "-" + digits : digits), position: position, height: 1)
        // `+1` is no place in ORDER BY.
        return symbol == "-" ? number : try node(.unary("+", number), at: position, over: [number])
      }
      let operand = try expression(minimum: Precedence.unary)
      return try node(.unary(symbol, operand), at: position, over: [operand])
    case "~", "@":
      let symbol = advance().text
      let operand = try expression(minimum: Precedence.additive)
      return try node(.unary(symbol, operand), at: position, over: [operand])
    default: return try postfix()
    }
  }

  // MARK: Infix operators

  /// The expression that the next operator makes of `left`, or nil where none binds tightly enough.
  private mutating func infix(
    _ left: ExpressionSyntax, minimum: Int
  ) throws(QueryError) -> ExpressionSyntax? {
    let keyword = token.keyword
    guard !keyword.isEmpty else { return nil }
    switch keyword {
    case "or": return minimum <= Precedence.or ? try chain(left, isAnd: false) : nil
    case "and": return minimum <= Precedence.and ? try chain(left, isAnd: true) : nil
    case "is", "isnull", "notnull":
      return minimum <= Precedence.test ? try test(left) : nil
    case "between", "in", "like", "ilike", "similar", "glob":
      return minimum <= Precedence.matching ? try matching(left, negated: false) : nil
    case "not":
      switch token(ahead: 1).keyword {
      case "between", "in", "like", "ilike", "similar", "glob":
        return minimum <= Precedence.matching ? try matching(left, negated: true) : nil
      case "null":
        guard minimum <= Precedence.test else { return nil }
        let position = advance().start
        advance()
        return try node(.isNull(left, negated: true), at: position, over: [left])
      default: return nil
      }
    case "+", "-": return try binary(left, Precedence.additive, minimum)
    case "%" where isPercentSign: return nil
    case "*", "/", "//", "%": return try binary(left, Precedence.multiplicative, minimum)
    case "^", "**": return try binary(left, Precedence.power, minimum)
    case "at":
      guard minimum <= Precedence.atTimeZone, at("at", "time") else { return nil }
      let position = advance().start
      advance()
      try expect("zone")
      let zone = try expression(minimum: Precedence.atTimeZone + 1)
      return try node(.atTimeZone(left, zone), at: position, over: [left, zone])
    case "collate":
      throw QueryError(
        .unsupported, "COLLATE is not supported: text compares by its bytes", at: token.start)
    case _ where Precedence.comparisons.contains(keyword):
      guard minimum <= Precedence.comparison else { return nil }
      let result = try binary(left, Precedence.comparison, minimum)
      if Precedence.comparisons.contains(token.keyword) {
        throw QueryError(
          .syntax, "comparisons cannot be chained", at: token.start, hint: "join them with AND")
      }
      return result
    case _ where Precedence.others.contains(keyword):
      return try binary(left, Precedence.other, minimum)
    default: return nil
    }
  }

  /// Whether the `%` here stands behind the count of LIMIT: nothing follows that it could divide by.
  private var isPercentSign: Bool {
    let next = token(ahead: 1)
    if case .end = next.kind { return true }
    return [")", ";", "offset"].contains(next.keyword)
  }

  private mutating func binary(
    _ left: ExpressionSyntax, _ precedence: Int, _ minimum: Int
  ) throws(QueryError) -> ExpressionSyntax? {
    guard minimum <= precedence else { return nil }
    let operation = advance()
    if at("any") || at("all") || at("some"), token(ahead: 1).keyword == "(" {
      let isAll = at("all")
      advance()
      advance()
      let query =
        startsQuery
        ? try query() : try elements(of: try expression(), at: operation.start)
      try expect(")")
      return try node(
        .quantified(left, operation.text, query, isAll: isAll), at: operation.start, over: [left])
    }
    let right = try expression(minimum: precedence + 1)
    let symbol = operation.text == "==" ? "=" : operation.text == "!=" ? "<>" : operation.text
    return try node(.binary(symbol, left, right), at: operation.start, over: [left, right])
  }

  /// `SELECT unnest(list)`.
  private func elements(
    of list: ExpressionSyntax, at position: Int
  ) throws(QueryError) -> QuerySyntax {
    let call = CallSyntax(
      name: NameSyntax(text: "unnest", position: position), arguments: [list])
    let element = try node(.call(call), at: position, over: [list])
    return .select([ResultSyntax(expression: element, alias: nil)], from: nil, at: position)
  }

  /// `left AND b AND c …` as one node, however long.
  private mutating func chain(
    _ left: ExpressionSyntax, isAnd: Bool
  ) throws(QueryError) -> ExpressionSyntax {
    var operands = [left]
    let position = token.start
    while take(isAnd ? "and" : "or") {
      operands.append(try expression(minimum: (isAnd ? Precedence.and : Precedence.or) + 1))
    }
    return try node(isAnd ? .and(operands) : .or(operands), at: position, over: operands)
  }

  private mutating func test(_ left: ExpressionSyntax) throws(QueryError) -> ExpressionSyntax {
    let word = advance()
    if word.keyword == "isnull" {
      return try node(.isNull(left, negated: false), at: word.start, over: [left])
    }
    if word.keyword == "notnull" {
      return try node(.isNull(left, negated: true), at: word.start, over: [left])
    }
    let negated = take("not")
    switch token.keyword {
    case "null", "unknown":
      advance()
      return try node(.isNull(left, negated: negated), at: word.start, over: [left])
    case "true", "false":
      let value = advance().keyword == "true"
      return try node(.isBoolean(left, value, negated: negated), at: word.start, over: [left])
    case "distinct":
      advance()
      try expect("from", after: "behind IS DISTINCT")
      let right = try expression(minimum: Precedence.test + 1)
      return try node(
        .isDistinct(left, right, negated: negated), at: word.start, over: [left, right])
    default:
      throw unexpected(
        "expected NULL, TRUE, FALSE or DISTINCT FROM behind IS",
        candidates: ["null", "true", "false", "distinct", "not"])
    }
  }

  mutating func matching(
    _ left: ExpressionSyntax, negated: Bool
  ) throws(QueryError) -> ExpressionSyntax {
    let position = token.start
    if negated { advance() }
    let word = advance()
    switch word.keyword {
    case "between":
      if at("symmetric") {
        throw QueryError(.unsupported, "BETWEEN SYMMETRIC is not supported", at: token.start)
      }
      _ = take("asymmetric")
      let low = try expression(minimum: Precedence.other)
      try expect("and", after: "between the limits of BETWEEN")
      let high = try expression(minimum: Precedence.other)
      return try node(
        .between(left, low, high, negated: negated), at: position, over: [left, low, high])
    case "in":
      guard take("(") else {
        // Of a list, or a text in a text.
        let whole = try expression(minimum: Precedence.other)
        let call = CallSyntax(
          name: NameSyntax(text: "contains", position: position), arguments: [whole, left])
        let contains = try node(.call(call), at: position, over: [whole, left])
        return negated ? try node(.not(contains), at: position, over: [contains]) : contains
      }
      if startsQuery {
        let query = try query()
        try expect(")")
        return try node(.inQuery(left, query, negated: negated), at: position, over: [left])
      }
      var list: [ExpressionSyntax] = []
      repeat {
        if !list.isEmpty && at(")") { break }
        list.append(try expression())
      } while take(",")
      try expect(")")
      return try node(.inList(left, list, negated: negated), at: position, over: [left] + list)
    default:
      let operation: LikeSyntax.Operator
      switch word.keyword {
      case "like": operation = .like
      case "ilike": operation = .ilike
      case "glob": operation = .glob
      default:
        try expect("to", after: "behind SIMILAR")
        operation = .similar
      }
      let pattern = try expression(minimum: Precedence.other)
      var escape: ExpressionSyntax?
      if take("escape") { escape = try expression(minimum: Precedence.other) }
      return try node(
        .like(
          LikeSyntax(
            operation: operation, text: left, pattern: pattern, escape: escape, negated: negated)),
        at: position, over: [left, pattern] + (escape.map { [$0] } ?? []))
    }
  }
}

extension Parser {
  /// The expression that is all of `sql`.
  static func expression(_ sql: String) throws(QueryError) -> ExpressionSyntax {
    var parser = Parser(sql)
    let syntax = try parser.expression()
    guard parser.isAtEnd else { throw parser.unexpected("expected the end of the condition") }
    return syntax
  }
}
