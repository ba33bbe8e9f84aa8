import ColStore

extension SelectPlanner {
  /// The grouping keys, and which of them each grouping set has; nil without GROUP BY.
  func groupingKeys(
    _ results: [ResultSyntax]
  ) throws(QueryError) -> (keys: [NamedExpression]?, sets: [[Int]]?) {
    var keys: [NamedExpression] = []
    var numbers: [String: Int] = [:]
    func key(_ syntax: ExpressionSyntax) throws(QueryError) -> Int {
      try key(syntax, mayBePlace: true)
    }
    func key(_ syntax: ExpressionSyntax, mayBePlace: Bool) throws(QueryError) -> Int {
      var syntax = syntax
      var name = columnName(of: syntax)
      if mayBePlace,
        let place = try Self.ordinal(syntax, in: "GROUP BY", count: results.count)
      {
        syntax = results[place].expression
        name = results[place].alias?.text ?? columnName(of: syntax)
      }
      let expression = try binder.bind(syntax, in: .groupBy, stage: .input)
      let fingerprint = expression.fingerprint
      if let known = numbers[fingerprint] { return known }
      numbers[fingerprint] = keys.count
      keys.append(NamedExpression(name: name, expression: expression))
      return keys.count - 1
    }
    switch select.groupBy {
    case .none: return (nil, nil)
    case .all:
      for result in results where !containsAggregate(result.expression) {
        // What depends on no row groups nothing.
        let bound = try binder.bind(result.expression, in: .groupBy, stage: .input)
        if bound.columns.isEmpty { continue }
        _ = try key(result.expression, mayBePlace: false)
      }
      for column in select.having.map({ plainColumns(of: $0, results) }) ?? [] {
        _ = try key(column, mayBePlace: false)
      }
      return (keys, nil)
    case .elements(let elements):
      var sets: [[Int]] = [[]]
      var hasSets = false
      for element in elements {
        let (options, isPlain) = try self.sets(of: element, key)
        if !isPlain { hasSets = true }
        guard sets.count * options.count <= 4_096 else {
          throw QueryError(
            .unsupported, "more than 4096 grouping sets", at: select.position)
        }
        sets = sets.flatMap { set in
          options.map { option in set + option.filter { !set.contains($0) } }
        }
      }
      return (keys, hasSets ? sets : nil)
    }
  }

  /// The columns of FROM that the HAVING of a GROUP BY ALL reads outside of aggregates, itself or by the
  /// names of results.
  private func plainColumns(
    of syntax: ExpressionSyntax, _ results: [ResultSyntax]
  ) -> [ExpressionSyntax] {
    if case .call(let call) = syntax.kind, FunctionRegistry.aggregate(call.name.text) != nil {
      return []
    }
    guard case .name(let names) = syntax.kind else {
      return syntax.children.flatMap { plainColumns(of: $0, results) }
    }
    let name = names[names.count - 1].text
    if case .one = binder.scope.find(name, in: names.count > 1 ? names[names.count - 2].text : nil)
    {
      return [syntax]
    }
    let result = results.first { $0.alias.map { Scope.same($0.text, name) } ?? false }
    guard names.count == 1, let result, !containsAggregate(result.expression) else { return [] }
    return plainColumns(of: result.expression, [])
  }

  /// The sets of keys that one element of GROUP BY asks for.
  func sets(
    of element: GroupingSyntax, _ key: (ExpressionSyntax) throws(QueryError) -> Int
  ) throws(QueryError) -> (sets: [[Int]], isPlain: Bool) {
    func numbers(_ expressions: [ExpressionSyntax]) throws(QueryError) -> [Int] {
      var numbers: [Int] = []
      for expression in expressions { numbers.append(try key(expression)) }
      return numbers
    }
    switch element {
    case .expression(let expression):
      if case .row(let elements) = expression.kind { return ([try numbers(elements)], true) }
      return ([[try key(expression)]], true)
    case .tuple(let expressions): return ([try numbers(expressions)], true)
    case .rollup(let parts, _):
      var levels: [[Int]] = [[]]
      for part in parts { levels.append(levels[levels.count - 1] + (try numbers(part))) }
      return (levels.reversed(), false)
    case .cube(let parts, let position):
      guard parts.count <= 12 else {
        throw QueryError(.unsupported, "a CUBE of more than 12 keys", at: position)
      }
      var sets: [[Int]] = [[]]
      for part in parts.reversed() {
        let columns = try numbers(part)
        sets = sets.map { columns + $0 } + sets
      }
      return (sets, false)
    case .sets(let elements, _):
      var all: [[Int]] = []
      for element in elements { all += try sets(of: element, key).sets }
      return (all, false)
    }
  }

  func containsAggregate(_ syntax: ExpressionSyntax) -> Bool {
    var found = false
    syntax.forEachCall { call in
      if call.window == nil,
        FunctionRegistry.aggregate(call.name.text) != nil || !call.withinGroup.isEmpty
      {
        found = true
      }
      if call.window == nil, call.name.text.lowercased() == "grouping" { found = true }
    }
    return found
  }

  /// The place that a whole number in ORDER BY or GROUP BY stands for, from 0.
  static func ordinal(
    _ syntax: ExpressionSyntax, in clause: String, count: Int
  ) throws(QueryError) -> Int? {
    switch syntax.kind {
    case .number(let text):
      guard let place = Int(text) else { break }
      guard place >= 1, place <= count else {
        throw QueryError(
          .name, "\(clause) \(place) is out of range: there are \(count) columns",
          at: syntax.position)
      }
      return place - 1
    case .string, .null, .boolean:
      if clause == "ORDER BY" {
        throw QueryError(
          .syntax, "ordering by a constant has no effect", at: syntax.position,
          hint: "names are quoted with \"double quotes\"")
      }
    default: break
    }
    return nil
  }

  mutating func planAggregate(
    _ keys: [NamedExpression], _ sets: [[Int]]?
  ) throws(QueryError) {
    try joinSubqueries(through: .input)
    var placedKeys: [NamedExpression] = []
    for (index, key) in keys.enumerated() {
      let column = Expression.column(index: index, type: key.expression.type)
      keyColumns[key.expression.fingerprint] = column
      placedKeys.append(
        NamedExpression(name: key.name, expression: try placed(key.expression)))
    }
    var aggregates: [NamedAggregate] = []
    for aggregate in binder.aggregates {
      aggregates.append(
        NamedAggregate(
          name: aggregate.name,
          call: try aggregate.call.mapped { (expression) throws(QueryError) in
            try placed(expression)
          }))
    }
    if binder.groupings.isEmpty {
      plan = .aggregate(plan, keys: placedKeys, aggregates: aggregates, groupingSets: sets)
    } else {
      plan = groupedBySet(placedKeys, aggregates, sets ?? [Array(keys.indices)], of: keys)
    }
    aggregateCount = aggregates.count
    isGrouped = true
    keyCount = keys.count
    places = [:]
  }

  /// The rows of every grouping set one after the other, with a column for each GROUPING.
  func groupedBySet(
    _ placedKeys: [NamedExpression], _ aggregates: [NamedAggregate], _ sets: [[Int]],
    of keys: [NamedExpression]
  ) -> LogicalPlan {
    let fingerprints = keys.map(\.expression.fingerprint)
    var result: LogicalPlan?
    for set in sets {
      let grouped = LogicalPlan.aggregate(
        plan, keys: set.map { placedKeys[$0] }, aggregates: aggregates, groupingSets: nil)
      var columns: [NamedExpression] = []
      for (index, key) in placedKeys.enumerated() {
        let type = key.expression.type
        let place = set.firstIndex(of: index)
        columns.append(
          NamedExpression(
            name: key.name, expression: place.map { .column(index: $0, type: type) } ?? .null(type))
        )
      }
      for (index, aggregate) in aggregates.enumerated() {
        columns.append(
          NamedExpression(
            name: aggregate.name,
            expression: .column(
              index: set.count + index, type: aggregate.call.overload.resultType)))
      }
      for arguments in binder.groupings {
        var bits: Int64 = 0
        for argument in arguments {
          let key = fingerprints.firstIndex(of: argument.fingerprint) ?? 0
          bits = bits << 1 | (set.contains(key) ? 0 : 1)
        }
        columns.append(
          NamedExpression(name: "grouping", expression: .literal(.int64(bits), type: .bigint)))
      }
      let projected = LogicalPlan.project(grouped, columns)
      result = result.map { .setOperation(.union, $0, projected, all: true) } ?? projected
    }
    return result ?? plan
  }
}
