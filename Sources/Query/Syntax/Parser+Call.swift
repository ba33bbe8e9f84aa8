extension Parser {
  /// The parentheses behind a function's name, and FILTER, WITHIN GROUP and OVER behind them. Of two
  /// parentheses the first has the parameters of an aggregate.
  /// `takesNames`: arguments may be written `name := value`.
  mutating func callSuffix(
    name: NameSyntax, takesNames: Bool = false
  ) throws(QueryError) -> CallSyntax {
    var inner = try argumentList(takesNames: takesNames)
    var parameters: [ExpressionSyntax]?
    if at("(") {
      guard inner.isPlain else {
        throw unexpected("parameters before the arguments are constants, expected a clause")
      }
      parameters = inner.arguments
      inner = try argumentList(takesNames: takesNames)
    }
    var ignoresNulls = inner.ignoresNulls
    var withinGroup: [OrderSyntax] = []
    if take("within", "group") {
      try expect("(")
      try expect("order")
      try expect("by")
      withinGroup = try orderKeys()
      try expect(")")
    }
    if !ignoresNulls { ignoresNulls = try nullTreatment() }
    var filter: ExpressionSyntax?
    if at("filter", "(") {
      advance()
      advance()
      _ = take("where")
      filter = try expression()
      try expect(")")
    }
    if !ignoresNulls { ignoresNulls = try nullTreatment() }
    var window: WindowSyntax?
    if take("over") {
      if let base = takeName() {
        window = WindowSyntax(
          base: base, partitionBy: [], orderBy: [], frame: nil, position: base.position)
      } else {
        window = try windowDefinition()
      }
    }
    return CallSyntax(
      name: name, parameters: parameters, arguments: inner.arguments,
      argumentNames: inner.names, isStar: inner.isStar, isDistinct: inner.isDistinct,
      orderBy: inner.orderBy, withinGroup: withinGroup,
      filter: filter, ignoresNulls: ignoresNulls, window: window)
  }

  private struct ArgumentList {
    var arguments: [ExpressionSyntax] = []
    /// The names of arguments written `name := value`, by their place.
    var names: [Int: NameSyntax] = [:]
    var isStar = false
    var isDistinct = false
    var orderBy: [OrderSyntax] = []
    var ignoresNulls = false

    /// Whether it is expressions and nothing else.
    var isPlain: Bool {
      names.isEmpty && !isStar && !isDistinct && orderBy.isEmpty && !ignoresNulls
    }
  }

  /// `([DISTINCT] expression, … [ORDER BY …])` or `(*)`.
  private mutating func argumentList(takesNames: Bool) throws(QueryError) -> ArgumentList {
    var list = ArgumentList()
    try expect("(")
    if at("*", ")") {
      advance()
      list.isStar = true
    } else if !at(")") {
      list.isDistinct = take("distinct")
      if !list.isDistinct { _ = take("all") }
      if !at("order") {
        repeat {
          if !list.arguments.isEmpty && at(")") { break }
          if token(ahead: 1).keyword == ":=" || token(ahead: 1).keyword == "=>" {
            guard takesNames else {
              throw QueryError(
                .unsupported, "named arguments are not supported", at: token.start)
            }
            // Before `:=` no keyword means anything else: `window := '1h'`.
            let name = try anyName("the name of an argument")
            advance()
            list.names[list.arguments.count] = name
          }
          list.arguments.append(try expression())
        } while take(",")
      }
      if at("order") {
        advance()
        try expect("by", after: "behind ORDER")
        list.orderBy = try orderKeys()
      }
      list.ignoresNulls = try nullTreatment()
    }
    try expect(")")
    return list
  }

  private mutating func nullTreatment() throws(QueryError) -> Bool {
    if take("ignore", "nulls") { return true }
    _ = take("respect", "nulls")
    return false
  }

  /// `([name] [PARTITION BY …] [ORDER BY …] [frame])`.
  mutating func windowDefinition() throws(QueryError) -> WindowSyntax {
    let position = token.start
    try expect("(", after: "before the window's definition")
    var base: NameSyntax?
    if !at("partition", "by"), !["rows", "range", "groups"].contains(token.keyword) {
      base = takeName()
    }
    var partitionBy: [ExpressionSyntax] = []
    if take("partition") {
      try expect("by", after: "behind PARTITION")
      repeat {
        partitionBy.append(try expression())
      } while take(",")
    }
    var orderBy: [OrderSyntax] = []
    switch try orderByClause() {
    case .none: break
    case .keys(let keys): orderBy = keys
    case .all:
      throw QueryError(.unsupported, "ORDER BY ALL in windows is not supported", at: position)
    }
    let frame = try frameClause()
    try expect(")")
    return WindowSyntax(
      base: base, partitionBy: partitionBy, orderBy: orderBy, frame: frame, position: position)
  }

  private mutating func frameClause() throws(QueryError) -> FrameSyntax? {
    let position = token.start
    let unit: WindowCall.FrameUnit
    switch token.keyword {
    case "rows": unit = .rows
    case "range": unit = .range
    case "groups": unit = .groups
    default: return nil
    }
    advance()
    var start: FrameSyntax.Bound
    var end = FrameSyntax.Bound.currentRow
    if take("between") {
      start = try frameBound()
      try expect("and", after: "between the limits of the frame")
      end = try frameBound()
    } else {
      start = try frameBound()
    }
    return FrameSyntax(
      unit: unit, start: start, end: end, exclusion: try frameExclusion(), position: position)
  }

  /// `EXCLUDE CURRENT ROW | GROUP | TIES | NO OTHERS`.
  private mutating func frameExclusion() throws(QueryError) -> WindowCall.FrameExclusion {
    guard take("exclude") else { return .nothing }
    if take("current", "row") { return .currentRow }
    if take("group") { return .group }
    if take("ties") { return .ties }
    guard take("no", "others") else {
      throw unexpected(
        "expected CURRENT ROW, GROUP, TIES or NO OTHERS behind EXCLUDE",
        candidates: ["current", "group", "ties", "no"])
    }
    return .nothing
  }

  private mutating func frameBound() throws(QueryError) -> FrameSyntax.Bound {
    if take("unbounded") {
      if take("preceding") { return .unboundedPreceding }
      try expect("following", after: "or PRECEDING behind UNBOUNDED")
      return .unboundedFollowing
    }
    if take("current") {
      try expect("row", after: "behind CURRENT")
      return .currentRow
    }
    let distance = try expression(minimum: Precedence.other)
    if take("preceding") { return .preceding(distance) }
    try expect("following", after: "or PRECEDING behind the frame's distance")
    return .following(distance)
  }
}
