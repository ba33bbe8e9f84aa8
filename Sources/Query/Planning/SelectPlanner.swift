import ColStore

/// Plans one SELECT:
///
///     FROM → WHERE → GROUP BY and aggregates → HAVING → windows → QUALIFY → select list → DISTINCT
///     → ORDER BY → LIMIT
///
/// Everything is bound over the columns of FROM first, so that one look at the whole SELECT tells
/// which aggregates, windows and subqueries there are; then the plan is built from the bottom.
struct SelectPlanner {
  let query: QueryPlanner
  let select: SelectSyntax
  var binder: Binder
  var plan = LogicalPlan.values(rows: [[]], schema: [])
  /// Where the results of joined subqueries and windows stand in `plan`.
  var places: [Int: Expression] = [:]
  var joinedCount = 0
  /// After grouping: what the keys are called in `plan`, by fingerprint.
  var keyColumns: [String: Expression] = [:]
  var keyCount = 0
  var aggregateCount = 0
  var isGrouped = false

  struct Output {
    let name: String
    let expression: Expression
    let position: Int
  }

  init(_ query: QueryPlanner, _ select: SelectSyntax) {
    self.query = query
    self.select = select
    binder = Binder(
      context: query.context, level: query.level, tables: query.tables, scope: Scope())
  }

  mutating func plan(
    orderBy: OrderBySyntax, limit: Int?, offset: Int
  ) throws(QueryError) -> LogicalPlan {
    if let from = select.from {
      let (source, scope) = try query.planTable(from)
      plan = source
      binder.scope = scope
    }
    for (name, window) in select.windows {
      guard binder.namedWindows.updateValue(window, forKey: name.text.lowercased()) == nil else {
        throw QueryError(
          .name, "the window \"\(name.text)\" is defined twice", at: name.position)
      }
    }
    let results = try expandedResults()
    for result in results {
      guard let alias = result.alias else { continue }
      let key = alias.text.lowercased()
      if binder.aliases[key] == nil { binder.aliases[key] = result }
    }
    if let filter = select.filter { try planFilter(filter) }
    let (keys, sets) = try groupingKeys(results)
    binder.groupingKeys = Set((keys ?? []).map(\.expression.fingerprint))

    var outputs: [Output] = []
    for result in results {
      outputs.append(
        Output(
          name: result.alias?.text ?? columnName(of: result.expression),
          expression: try binder.bind(result.expression, in: .select, stage: .output),
          position: result.expression.position))
    }
    var having: Expression?
    if let condition = select.having {
      having = try binder.bindCondition(condition, in: .having, stage: .grouped)
    }
    var qualify: Expression?
    if let condition = select.qualify {
      qualify = try binder.bindCondition(condition, in: .qualify, stage: .output)
      guard !binder.windows.isEmpty else {
        throw QueryError(
          .syntax, "QUALIFY needs a window function in it or in the select list",
          at: condition.position, hint: "WHERE and HAVING filter without one")
      }
    }
    var order = try orderKeys(orderBy, outputs)
    var distinctOn: [Expression] = []
    if case .distinctOn(let expressions) = select.quantifier {
      for expression in expressions {
        distinctOn.append(try orderKey(expression, outputs, clause: "DISTINCT ON"))
      }
    }

    if keys != nil || having != nil || !binder.aggregates.isEmpty {
      try planAggregate(keys ?? [], sets)
    }
    if let having {
      try joinSubqueries(through: .grouped)
      plan = .filter(plan, predicate: try placed(having))
    }
    try planWindows()
    try joinSubqueries(through: .output)
    try planUnnesting()
    if let qualify { plan = .filter(plan, predicate: try placed(qualify)) }

    var columns: [NamedExpression] = []
    for output in outputs {
      columns.append(
        NamedExpression(
          name: output.name, expression: try placed(output.expression, at: output.position)))
    }
    for index in order.indices {
      order[index] = try order[index].mapped { (key) throws(QueryError) in try placed(key) }
    }
    for index in distinctOn.indices { distinctOn[index] = try placed(distinctOn[index]) }
    return try projected(columns, order, distinctOn, limit, offset)
  }

  private func columnName(of expression: ExpressionSyntax) -> String {
    // A column is called as its table has it.
    if case .name(let names) = expression.kind,
      case .one(let column) = binder.scope.find(
        names[names.count - 1].text, in: names.count > 1 ? names[names.count - 2].text : nil)
    {
      return column.name
    }
    return expression.columnName
  }

  // MARK: WHERE

  private mutating func planFilter(_ syntax: ExpressionSyntax) throws(QueryError) {
    var conditions: [Expression] = []
    var semiJoins: [(operand: Expression, plan: LogicalPlan, correlations: [Expression], Int)] = []
    for conjunct in Self.conjuncts(syntax) {
      switch conjunct.kind {
      case .inQuery(let operand, let query, negated: false),
        .quantified(let operand, "=", let query, isAll: false):
        binder.clause = .filter
        binder.stage = .input
        if binder.rowFields(operand) != nil {
          conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
          continue
        }
        let members = try binder.membership(operand, query, at: conjunct.position)
        semiJoins.append(
          (members.operand, members.plan, members.correlations, conjunct.position))
      default:
        conditions.append(try binder.bindCondition(conjunct, in: .filter, stage: .input))
      }
    }
    try joinSubqueries(through: .input)
    var placedConditions: [Expression] = []
    for condition in conditions { placedConditions.append(try placed(condition)) }
    if let condition = Expression.conjunction(placedConditions) {
      plan = .filter(plan, predicate: condition)
    }
    for (operand, members, correlations, position) in semiJoins {
      let value = try placed(operand)
      if correlations.isEmpty {
        plan = .join(
          .semi, plan, members,
          equalities: [
            JoinEquality(left: value, right: .column(index: 0, type: value.type))
          ], residual: nil)
      } else {
        plan = try Decorrelation.semiJoined(
          plan, members, operand: value, correlations: correlations, at: position)
      }
    }
  }

  private static func conjuncts(_ syntax: ExpressionSyntax) -> [ExpressionSyntax] {
    if case .and(let operands) = syntax.kind { return operands.flatMap { conjuncts($0) } }
    return [syntax]
  }

  // MARK: GROUP BY

  /// The grouping keys, and which of them each grouping set has; nil without GROUP BY.
  private func groupingKeys(
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
        _ = try key(result.expression, mayBePlace: false)
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

  /// The sets of keys that one element of GROUP BY asks for.
  private func sets(
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

  private func containsAggregate(_ syntax: ExpressionSyntax) -> Bool {
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

  private mutating func planAggregate(
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
  private func groupedBySet(
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

  // MARK: Windows and subqueries

  private mutating func planWindows() throws(QueryError) {
    guard !binder.windows.isEmpty else { return }
    try joinSubqueries(through: .grouped)
    var calls: [NamedWindow] = []
    for window in binder.windows {
      calls.append(
        NamedWindow(
          name: window.name,
          call: try window.call.mapped { (expression) throws(QueryError) in
            try placed(expression)
          }))
    }
    let width = plan.schema.count
    plan = .window(plan, calls: calls)
    for (index, call) in calls.enumerated() {
      places[ColumnSpace.window + index] = .column(
        index: width + index, type: call.call.resultType)
    }
  }

  /// The rows that `unnest` in the select list makes of each row.
  private mutating func planUnnesting() throws(QueryError) {
    guard !binder.unnested.isEmpty else { return }
    guard qualifyIsAbsent else {
      throw QueryError(
        .unsupported, "unnest does not go with QUALIFY and DISTINCT ON", at: select.position)
    }
    var lists: [NamedExpression] = []
    for list in binder.unnested {
      lists.append(NamedExpression(name: "unnest", expression: try placed(list)))
    }
    let width = plan.schema.count
    plan = .unnest(plan, lists: lists)
    for (index, list) in lists.enumerated() {
      places[ColumnSpace.unnested + index] = .column(
        index: width + index, type: list.expression.type.element)
    }
  }

  private var qualifyIsAbsent: Bool {
    if case .distinctOn = select.quantifier { return false }
    return select.qualify == nil
  }

  /// Joins the subqueries of the stages up to `stage` that are not in the plan yet.
  private mutating func joinSubqueries(through stage: Binder.Stage) throws(QueryError) {
    for number in binder.joined.indices
    where places[ColumnSpace.joined + number] == nil
      && binder.joined[number].stage.rawValue <= stage.rawValue
    {
      let subquery = binder.joined[number]
      if isGrouped && subquery.stage == .input { continue }
      let width = plan.schema.count
      switch subquery.kind {
      case .membership(let operand):
        plan = Decorrelation.marked(plan, subquery.plan, operand: try placed(operand))
      case .scalar, .exists:
        var correlations: [Expression] = []
        for correlation in subquery.correlations {
          correlations.append(try placed(correlation, at: subquery.position))
        }
        plan = try Decorrelation.joined(
          plan, subquery.plan, correlations: correlations, kind: subquery.kind,
          at: subquery.position)
      }
      places[ColumnSpace.joined + number] = .column(index: width, type: subquery.type)
    }
  }

  /// The expression over the columns of `plan`.
  private func placed(_ expression: Expression, at position: Int? = nil) throws(QueryError)
    -> Expression
  {
    try expression.rewritten { (node) throws(QueryError) in
      if isGrouped {
        if case .literal = node { return nil }
        if let key = keyColumns[node.fingerprint] { return key }
      }
      guard case .column(let index, let type) = node else { return nil }
      if let place = places[index] { return place }
      if ColumnSpace.isOuter(index) || ColumnSpace.isScalar(index) { return node }
      if !isGrouped { return node }
      if index >= ColumnSpace.grouping, index < ColumnSpace.window {
        return .column(
          index: keyCount + aggregateCount + index - ColumnSpace.grouping, type: type)
      }
      if ColumnSpace.isAggregate(index) {
        return .column(index: keyCount + index - ColumnSpace.aggregate, type: type)
      }
      throw ungrouped(index, at: position)
    }
  }

  private func ungrouped(_ index: Int, at position: Int?) -> QueryError {
    let column = binder.scope.columns.first { column in
      if case .column(let number, _) = column.expression { return number == index }
      return false
    }
    let name = column?.name ?? "of this expression"
    return QueryError(
      .syntax, "the column \"\(name)\" must be in GROUP BY or in an aggregate",
      at: binder.columnPositions[index] ?? position,
      hint: "any_value(\(name)) takes one of the values")
  }

  // MARK: Results

  private func orderKey(
    _ syntax: ExpressionSyntax, _ outputs: [Output], clause: String
  ) throws(QueryError) -> Expression {
    if let place = try Self.ordinal(syntax, in: clause, count: outputs.count) {
      return outputs[place].expression
    }
    // A name alone means the result of that name before it means a column.
    if case .name(let names) = syntax.kind, names.count == 1,
      let output = outputs.first(where: { Scope.same($0.name, names[0].text) })
    {
      return output.expression
    }
    return try binder.bind(syntax, in: .orderBy, stage: .output)
  }

  private func orderKeys(_ orderBy: OrderBySyntax, _ outputs: [Output]) throws(QueryError)
    -> [SortKey]
  {
    switch orderBy {
    case .none: return []
    case .all(let descending, let nullsFirst):
      return outputs.map {
        SortKey(
          expression: $0.expression, descending: descending, nullsFirst: nullsFirst ?? false)
      }
    case .keys(let syntax):
      var keys: [SortKey] = []
      for key in syntax {
        let expression = try orderKey(key.expression, outputs, clause: "ORDER BY")
        keys.append(
          SortKey(
            expression: expression, descending: key.descending,
            nullsFirst: key.nullsFirst ?? false))
      }
      return keys
    }
  }

  /// The select list, DISTINCT, ORDER BY and LIMIT on top of `plan`.
  private mutating func projected(
    _ columns: [NamedExpression], _ order: [SortKey], _ distinctOn: [Expression], _ limit: Int?,
    _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    switch select.quantifier {
    case .all: break
    case .distinct: return try distinct(columns, order, limit, offset)
    case .distinctOn: try keepFirst(of: distinctOn, order)
    }
    if order.isEmpty {
      return LogicalPlan.project(plan, columns).sorted(by: [], limit: limit, offset: offset)
    }
    var all = columns
    var numbers: [String: Int] = [:]
    for (index, column) in columns.enumerated() {
      let fingerprint = column.expression.fingerprint
      if numbers[fingerprint] == nil { numbers[fingerprint] = index }
    }
    var keys: [SortKey] = []
    for key in order {
      let fingerprint = key.expression.fingerprint
      let index: Int
      if let known = numbers[fingerprint] {
        index = known
      } else {
        index = all.count
        numbers[fingerprint] = index
        all.append(NamedExpression(name: "order \(index)", expression: key.expression))
      }
      keys.append(
        SortKey(
          expression: .column(index: index, type: key.expression.type),
          descending: key.descending, nullsFirst: key.nullsFirst))
    }
    let sorted = LogicalPlan.project(plan, all).sorted(by: keys, limit: limit, offset: offset)
    return all.count == columns.count ? sorted : sorted.keepingFirst(columns.count)
  }

  private func distinct(
    _ columns: [NamedExpression], _ order: [SortKey], _ limit: Int?, _ offset: Int
  ) throws(QueryError) -> LogicalPlan {
    var results: [String: Expression] = [:]
    for (index, column) in columns.enumerated() {
      let fingerprint = column.expression.fingerprint
      if results[fingerprint] == nil {
        results[fingerprint] = .column(index: index, type: column.expression.type)
      }
    }
    var keys: [SortKey] = []
    for key in order {
      keys.append(
        try key.mapped { (expression) throws(QueryError) in
          try expression.rewritten { (node) throws(QueryError) in
            if let result = results[node.fingerprint] { return result }
            if case .column(let index, _) = node, !ColumnSpace.isScalar(index) {
              throw QueryError(
                .unsupported,
                "with DISTINCT, ORDER BY takes the results and expressions of them",
                at: select.position)
            }
            return nil
          }
        })
    }
    return LogicalPlan.distinct(.project(plan, columns))
      .sorted(by: keys, limit: limit, offset: offset)
  }

  /// Keeps the first row, in order, of those that agree in all of `keys`.
  private mutating func keepFirst(of keys: [Expression], _ order: [SortKey]) throws(QueryError) {
    let width = plan.schema.count
    let number = WindowCall(
      function: .rowNumber, resultType: .bigint, partitionBy: keys, orderBy: order,
      frame: WindowCall.Frame(
        unit: .range, start: .unboundedPreceding,
        end: order.isEmpty ? .unboundedFollowing : .currentRow),
      position: select.position)
    let test = try binder.compare(
      "=", .column(index: width, type: .bigint), .literal(.int64(1), type: .bigint),
      at: select.position)
    plan = .filter(
      .window(plan, calls: [NamedWindow(name: "row_number()", call: number)]), predicate: test)
  }
}

extension LogicalPlan {
  /// The first `count` columns of this plan.
  func keepingFirst(_ count: Int) -> LogicalPlan {
    .project(
      self,
      schema.prefix(count).enumerated().map { index, field in
        NamedExpression(name: field.name, expression: .column(index: index, type: field.type))
      })
  }
}
