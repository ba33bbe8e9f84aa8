import ColStore

/// The functions that exist as window functions only.
enum WindowName {
  static let all: [String] = [
    "row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lag",
    "lead", "first_value", "last_value", "nth_value", "sessionize",
  ]
}

extension Binder {
  /// A column that stands for the window function's result.
  func bindWindow(
    _ syntax: CallSyntax, name: String, at position: Int
  ) throws(QueryError) -> Expression {
    switch clause {
    case .select, .qualify, .orderBy: break
    case .windowArgument:
      throw QueryError(.syntax, "window functions cannot be nested", at: position)
    default:
      throw QueryError(
        .syntax, "\(clause.rawValue) cannot contain window functions", at: position,
        hint: clause == .filter ? "QUALIFY filters by window functions" : nil)
    }
    guard let over = syntax.window else { preconditionFailure("a window call has a window") }
    let window = try resolved(over, seen: [])
    var partitionBy: [Expression] = []
    for expression in window.partitionBy { partitionBy.append(try bindPart(expression)) }
    var orderBy: [SortKey] = []
    for key in window.orderBy {
      orderBy.append(
        SortKey(
          expression: try bindPart(key.expression), descending: key.descending,
          nullsFirst: key.nullsFirst ?? false))
    }
    let (function, type) = try windowFunction(syntax, name: name, at: position)
    if case .sessionize = function, orderBy.isEmpty {
      throw QueryError(
        .syntax, "sessionize needs an ORDER BY in its window", at: over.position,
        hint: "for example OVER (PARTITION BY user_id ORDER BY event_time)")
    }
    let frame = try frame(window.frame, orderBy: &orderBy)
    let call = WindowCall(
      function: function, resultType: type, partitionBy: partitionBy, orderBy: orderBy,
      frame: frame, position: position)
    let key = Self.fingerprint(call)
    let number: Int
    if let known = windowNumbers[key] {
      number = known
    } else {
      number = windows.count
      windowNumbers[key] = number
      let text = ExpressionSyntax(kind: .call(syntax), position: position, height: 1)
      windows.append(NamedWindow(name: text.columnName, call: call))
    }
    return .column(index: ColumnSpace.window + number, type: type)
  }

  private func bindPart(_ syntax: ExpressionSyntax) throws(QueryError) -> Expression {
    try bind(syntax, in: .windowArgument, stage: .grouped)
  }

  /// The window with its named base filled in.
  private func resolved(_ window: WindowSyntax, seen: Set<String>) throws(QueryError)
    -> WindowSyntax
  {
    guard let name = window.base else { return window }
    let key = name.text.lowercased()
    guard let definition = namedWindows[key], !seen.contains(key) else {
      throw QueryError(
        .name, "there is no window \"\(name.text)\"", at: name.position,
        hint: nearestName(to: name.text, among: namedWindows.keys.sorted())
          .map { "did you mean \"\($0)\"?" })
    }
    let base = try resolved(definition, seen: seen.union([key]))
    guard window.partitionBy.isEmpty, base.orderBy.isEmpty || window.orderBy.isEmpty,
      base.frame == nil || window.frame == nil
    else {
      throw QueryError(
        .syntax, "a window can add only what \"\(name.text)\" leaves open", at: name.position)
    }
    return WindowSyntax(
      base: nil, partitionBy: base.partitionBy,
      orderBy: window.orderBy.isEmpty ? base.orderBy : window.orderBy,
      frame: window.frame ?? base.frame, position: window.position)
  }

  // MARK: Functions

  private func windowFunction(
    _ syntax: CallSyntax, name: String, at position: Int
  ) throws(QueryError) -> (WindowCall.Function, DataType) {
    func arguments(_ counts: ClosedRange<Int>) throws(QueryError) -> [Expression] {
      guard syntax.parameters == nil else {
        throw QueryError(
          .syntax, "\(name) takes no parameters before its arguments", at: position)
      }
      guard syntax.orderBy.isEmpty else {
        throw QueryError(
          .unsupported, "ORDER BY in the arguments of \(name) is not supported", at: position,
          hint: "the window has an ORDER BY of its own")
      }
      guard counts.contains(syntax.arguments.count), !syntax.isStar, !syntax.isDistinct,
        syntax.orderBy.isEmpty, syntax.filter == nil
      else {
        throw QueryError(.syntax, "wrong arguments for the window function \(name)", at: position)
      }
      var bound: [Expression] = []
      for argument in syntax.arguments { bound.append(try bindPart(argument)) }
      return bound
    }
    func whole(_ expression: Expression) -> Expression {
      cast(expression, to: .bigint, at: position)
    }
    switch name {
    case "row_number":
      _ = try arguments(0...0)
      return (.rowNumber, .bigint)
    case "rank":
      _ = try arguments(0...0)
      return (.rank, .bigint)
    case "dense_rank", "rank_dense":
      _ = try arguments(0...0)
      return (.denseRank, .bigint)
    case "percent_rank":
      _ = try arguments(0...0)
      return (.percentRank, .double)
    case "cume_dist":
      _ = try arguments(0...0)
      return (.cumulativeDistribution, .double)
    case "ntile": return (.ntile(whole(try arguments(1...1)[0])), .bigint)
    case "lag", "lead":
      let bound = try arguments(1...3)
      let type = bound[0].type
      let offset = bound.count > 1 ? whole(bound[1]) : .literal(.int64(1), type: .bigint)
      let fallback = bound.count > 2 ? cast(bound[2], to: type, at: position) : .null(type)
      return name == "lag"
        ? (
          .lag(
            bound[0], offset: offset, fallback: fallback, ignoreNulls: syntax.ignoresNulls), type
        )
        : (
          .lead(
            bound[0], offset: offset, fallback: fallback, ignoreNulls: syntax.ignoresNulls), type
        )
    case "first_value", "first":
      let value = try arguments(1...1)[0]
      return (.firstValue(value, ignoreNulls: syntax.ignoresNulls), value.type)
    case "last_value", "last":
      let value = try arguments(1...1)[0]
      return (.lastValue(value, ignoreNulls: syntax.ignoresNulls), value.type)
    case "nth_value":
      let bound = try arguments(2...2)
      return (
        .nthValue(bound[0], whole(bound[1]), ignoreNulls: syntax.ignoresNulls), bound[0].type
      )
    case "sessionize": return (try sessionize(try arguments(2...2), syntax, at: position), .bigint)
    default: break
    }
    guard let function = FunctionRegistry.aggregate(name) else {
      throw QueryError(
        .name, "there is no window function or aggregate \"\(syntax.name.text)\"", at: position,
        hint: nearestName(to: name, among: WindowName.all + FunctionRegistry.names)
          .map { "did you mean \"\($0)\"?" })
    }
    let call = try aggregateCall(
      function, syntax, name: name, argumentsIn: .windowArgument, stage: .grouped, at: position)
    return (.aggregate(call), call.overload.resultType)
  }

  /// `sessionize(time, gap) OVER (… ORDER BY time)`.
  private func sessionize(
    _ arguments: [Expression], _ syntax: CallSyntax, at position: Int
  ) throws(QueryError) -> WindowCall.Function {
    let type = arguments[0].type
    guard TimeSpan.unitsOfOne(type) != nil else {
      throw QueryError(
        .type, "the time of sessionize is a TIMESTAMP, a DATE or a whole number, not a \(type)",
        at: syntax.arguments[0].position)
    }
    let place = syntax.arguments[1].position
    guard arguments[1].columns.isEmpty else {
      throw QueryError(.syntax, "the gap of sessionize is a constant", at: place)
    }
    let gap = try TimeSpan.units(
      of: try ConstantFolding.value(of: arguments[1]), arguments[1].type, time: type,
      what: "the gap of sessionize", at: place)
    return .sessionize(
      type == .null ? cast(arguments[0], to: .bigint, at: position) : arguments[0], gap: gap)
  }

  // MARK: Frames

  /// The frame over rows in the order of `orderBy`, whose key is cast to the type of the distances where
  /// that is the wider one.
  private func frame(
    _ syntax: FrameSyntax?, orderBy: inout [SortKey]
  ) throws(QueryError) -> WindowCall.Frame {
    guard let syntax else {
      return WindowCall.Frame(
        unit: .range, start: .unboundedPreceding,
        end: orderBy.isEmpty ? .unboundedFollowing : .currentRow)
    }
    let distances = (try distance(of: syntax.start), try distance(of: syntax.end))
    if syntax.unit == .range, orderBy.count == 1 {
      let key = orderBy[0]
      orderBy[0] = SortKey(
        expression: widened(key.expression, for: [distances.0, distances.1].compactMap { $0 }),
        descending: key.descending, nullsFirst: key.nullsFirst)
    }
    let start = try bound(syntax.start, distances.0, syntax, orderBy)
    let end = try bound(syntax.end, distances.1, syntax, orderBy)
    switch (start, end) {
    case (.unboundedFollowing, _), (_, .unboundedPreceding), (.following, .currentRow),
      (.following, .preceding), (.currentRow, .preceding):
      throw QueryError(.syntax, "this frame ends before it starts", at: syntax.position)
    default: break
    }
    return WindowCall.Frame(
      unit: syntax.unit, start: start, end: end, exclusion: syntax.exclusion)
  }

  private typealias Distance = (value: Expression, position: Int)

  private func distance(of bound: FrameSyntax.Bound) throws(QueryError) -> Distance? {
    switch bound {
    case .preceding(let syntax), .following(let syntax):
      return (try bindPart(syntax), syntax.position)
    case .unboundedPreceding, .currentRow, .unboundedFollowing: return nil
    }
  }

  /// A key of numbers in the type that it shares with the distances of a frame.
  private func widened(_ key: Expression, for distances: [Distance]) -> Expression {
    guard key.type.isNumeric else { return key }
    var key = key
    for (distance, position) in distances {
      guard distance.type.isNumeric, NumericLiteral.converted(distance, to: key.type) == nil,
        let type = ImplicitCast.common(key.type, distance.type)
      else { continue }
      key = cast(key, to: type, at: position)
    }
    return key
  }

  private func bound(
    _ bound: FrameSyntax.Bound, _ distance: Distance?, _ frame: FrameSyntax, _ orderBy: [SortKey]
  ) throws(QueryError) -> WindowCall.FrameBound {
    guard let distance else {
      switch bound {
      case .unboundedPreceding: return .unboundedPreceding
      case .unboundedFollowing: return .unboundedFollowing
      case .preceding, .currentRow, .following: return .currentRow
      }
    }
    let step = try step(distance.value, at: distance.position, frame, orderBy)
    if case .preceding = bound { return .preceding(step) }
    return .following(step)
  }

  /// The distance of a frame's limit: a count of rows or groups, or a step of the key's type.
  private func step(
    _ distance: Expression, at position: Int, _ frame: FrameSyntax, _ orderBy: [SortKey]
  ) throws(QueryError) -> Expression {
    if frame.unit != .range { return cast(distance, to: .bigint, at: position) }
    guard orderBy.count == 1 else {
      throw QueryError(
        .syntax, "RANGE with a distance needs exactly one ORDER BY key", at: frame.position)
    }
    let type = orderBy[0].expression.type
    switch type {
    case .date, .timestamp:
      guard distance.type == .interval else {
        if type == .date, distance.type.isInteger {
          return try call("to_days", [distance], at: position)
        }
        if distance.type == .varchar { return cast(distance, to: .interval, at: position) }
        throw QueryError(
          .type, "the distance in a \(type) is an INTERVAL, not a \(distance.type)",
          at: position)
      }
      return distance
    case _ where type.isNumeric:
      guard distance.type == .null || distance.type.isNumeric else {
        throw QueryError(
          .type, "the distance in a \(type) is a number, not a \(distance.type)",
          at: position)
      }
      return NumericLiteral.converted(distance, to: type)
        ?? cast(distance, to: type, at: position)
    default:
      throw QueryError(
        .type, "RANGE with a distance needs a key of numbers or times, not \(type)",
        at: frame.position)
    }
  }

  static func fingerprint(_ call: WindowCall) -> String {
    func bound(_ bound: WindowCall.FrameBound) -> String {
      switch bound {
      case .unboundedPreceding: "up"
      case .preceding(let distance): "p\(distance.fingerprint)"
      case .currentRow: "c"
      case .following(let distance): "f\(distance.fingerprint)"
      case .unboundedFollowing: "uf"
      }
    }
    return "\(call.functionText { "#\($0)" }) P \(call.partitionBy.map(\.fingerprint))"
      + " O \(call.orderBy.map { fingerprint($0) }) \(call.frame.unit) \(bound(call.frame.start))"
      + " \(bound(call.frame.end)) \(call.frame.exclusion)"
  }
}
