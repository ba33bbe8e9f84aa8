extension WindowCall {
  /// The function with its arguments as text.
  func functionText(_ name: (Int) -> String) -> String {
    switch function {
    case .rowNumber: return "row_number()"
    case .rank: return "rank()"
    case .denseRank: return "dense_rank()"
    case .percentRank: return "percent_rank()"
    case .cumulativeDistribution: return "cume_dist()"
    case .ntile(let count): return "ntile(\(count.text(name)))"
    case .lag(let value, let offset, let fallback, let ignores):
      return "lag(\(value.text(name)), \(offset.text(name)), \(fallback.text(name))"
        + "\(ignores ? " IGNORE NULLS" : ""))"
    case .lead(let value, let offset, let fallback, let ignores):
      return "lead(\(value.text(name)), \(offset.text(name)), \(fallback.text(name))"
        + "\(ignores ? " IGNORE NULLS" : ""))"
    case .firstValue(let value, let ignores):
      return "first_value(\(value.text(name))\(ignores ? " IGNORE NULLS" : ""))"
    case .lastValue(let value, let ignores):
      return "last_value(\(value.text(name))\(ignores ? " IGNORE NULLS" : ""))"
    case .nthValue(let value, let place, let ignores):
      return
        "nth_value(\(value.text(name)), \(place.text(name))\(ignores ? " IGNORE NULLS" : ""))"
    case .sessionize(let time, let gap): return "sessionize(\(time.text(name)), \(gap))"
    case .aggregate(let call): return call.text(name)
    }
  }

  /// The call with every expression in it changed.
  func mapped(_ change: (Expression) throws(QueryError) -> Expression) throws(QueryError)
    -> WindowCall
  {
    func bound(_ bound: FrameBound) throws(QueryError) -> FrameBound {
      switch bound {
      case .preceding(let distance): return .preceding(try change(distance))
      case .following(let distance): return .following(try change(distance))
      case .unboundedPreceding, .unboundedFollowing, .currentRow: return bound
      }
    }
    let function: Function
    switch self.function {
    case .rowNumber, .rank, .denseRank, .percentRank, .cumulativeDistribution:
      function = self.function
    case .ntile(let count): function = .ntile(try change(count))
    case .lag(let value, let offset, let fallback, let ignores):
      function = .lag(
        try change(value), offset: try change(offset), fallback: try change(fallback),
        ignoreNulls: ignores)
    case .lead(let value, let offset, let fallback, let ignores):
      function = .lead(
        try change(value), offset: try change(offset), fallback: try change(fallback),
        ignoreNulls: ignores)
    case .firstValue(let value, let ignores):
      function = .firstValue(try change(value), ignoreNulls: ignores)
    case .lastValue(let value, let ignores):
      function = .lastValue(try change(value), ignoreNulls: ignores)
    case .nthValue(let value, let place, let ignores):
      function = .nthValue(try change(value), try change(place), ignoreNulls: ignores)
    case .sessionize(let time, let gap): function = .sessionize(try change(time), gap: gap)
    case .aggregate(let call): function = .aggregate(try call.mapped(change))
    }
    var partitionBy: [Expression] = []
    for expression in self.partitionBy { partitionBy.append(try change(expression)) }
    var orderBy: [SortKey] = []
    for key in self.orderBy { orderBy.append(try key.mapped(change)) }
    return WindowCall(
      function: function, resultType: resultType, partitionBy: partitionBy, orderBy: orderBy,
      frame: Frame(
        unit: frame.unit, start: try bound(frame.start), end: try bound(frame.end),
        exclusion: frame.exclusion),
      position: position)
  }
}

extension AggregateCall {
  func text(_ name: (Int) -> String) -> String {
    var inner = arguments.isEmpty ? "*" : arguments.map { $0.text(name) }.joined(separator: ", ")
    if isDistinct { inner = "DISTINCT \(inner)" }
    if !orderBy.isEmpty {
      inner += " ORDER BY " + orderBy.map { $0.text(name) }.joined(separator: ", ")
    }
    let text = "\(overload.name)(\(inner))"
    return filter.map { "\(text) FILTER (WHERE \($0.text(name)))" } ?? text
  }

  func mapped(_ change: (Expression) throws(QueryError) -> Expression) throws(QueryError)
    -> AggregateCall
  {
    var arguments: [Expression] = []
    for argument in self.arguments { arguments.append(try change(argument)) }
    var orderBy: [SortKey] = []
    for key in self.orderBy { orderBy.append(try key.mapped(change)) }
    var filter: Expression?
    if let condition = self.filter { filter = try change(condition) }
    return AggregateCall(
      overload: overload, arguments: arguments, isDistinct: isDistinct, filter: filter,
      orderBy: orderBy, position: position)
  }
}

extension SortKey {
  func text(_ name: (Int) -> String) -> String {
    expression.text(name) + (descending ? " DESC" : "") + (nullsFirst ? " NULLS FIRST" : "")
  }

  func mapped(_ change: (Expression) throws(QueryError) -> Expression) throws(QueryError)
    -> SortKey
  {
    SortKey(
      expression: try change(expression), descending: descending, nullsFirst: nullsFirst)
  }
}
