import ColStore

extension QueryPlanner {
  /// The plan of what stands in FROM, and the names it brings.
  func planTable(_ syntax: TableSyntax) throws(QueryError) -> (LogicalPlan, Scope) {
    try context.count(at: syntax.position)
    switch syntax.kind {
    case .table(let names): return try planNamed(names, syntax)
    case .file(let path):
      guard let name = Self.stem(of: path), context.tables[name.lowercased()] != nil else {
        throw QueryError(
          .unsupported, "files in FROM are not supported: \"\(path)\"", at: syntax.position,
          hint: "ecq ingest makes a store of a CSV file")
      }
      return try planNamed([NameSyntax(text: name, position: syntax.position)], syntax)
    case .query(let query, let isLateral):
      let inner = QueryPlanner(context: context, level: level, tables: tables)
      let plan: LogicalPlan
      do throws(QueryError) {
        plan = try inner.plan(query)
      } catch {
        guard isLateral, error.kind == .name else { throw error }
        throw QueryError(
          .unsupported, "LATERAL subqueries are not supported", at: syntax.position)
      }
      return try named(plan, syntax.alias, default: "unnamed_subquery", isAnonymous: true)
    case .function(let call): return try planFunction(call, syntax)
    case .join(let join): return try planJoin(join, at: syntax.position)
    }
  }

  private static func stem(of path: String) -> String? {
    let file = path.split(separator: "/").last ?? ""
    guard file.hasSuffix(".ecq") else { return nil }
    return String(file.dropLast(4))
  }

  private func planNamed(
    _ names: [NameSyntax], _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let name = names[names.count - 1]
    if names.count == 1, let common = CommonTables.find(name.text, in: tables) {
      let plan = try common.plan(context, at: name.position)
      return try named(plan, syntax.alias, default: name.text)
    }
    if names.count > 1 {
      let schema = names[names.count - 2].text.lowercased()
      guard schema == "main" || schema == "memory" else {
        throw QueryError(.name, "there is no schema \"\(schema)\"", at: names[0].position)
      }
    }
    guard let table = context.tables[name.text.lowercased()] else {
      var known: [String] = context.tables.values.map(\.name).sorted()
      var common = tables
      while let current = common {
        known.append(current.name)
        common = current.outer
      }
      let near = nearestName(to: name.text, among: known)
      throw QueryError(
        .name, "there is no table \"\(name.text)\"", at: name.position,
        hint: near.map { "did you mean \"\($0)\"?" }
          ?? (known.isEmpty
            ? nil : "there is \(known.prefix(5).map { "\"\($0)\"" }.joined(separator: ", "))"))
    }
    let plan = LogicalPlan.scan(
      table: table, columns: Array(table.source.columns.indices), predicates: [])
    return try named(plan, syntax.alias, default: table.name)
  }

  private func named(
    _ plan: LogicalPlan, _ alias: AliasSyntax?, default name: String, isAnonymous: Bool = false
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    var result = plan
    if let alias, !alias.columns.isEmpty {
      result = try plan.renamed(to: alias.columns, of: alias.name.text)
    }
    var scope = Scope(table: alias?.name.text ?? name, fields: result.schema)
    // Subqueries without an alias may stand beside each other.
    if alias == nil && isAnonymous { scope.tables = [] }
    return (result, scope)
  }

  /// `range` and `generate_series` over constants.
  private func planFunction(
    _ call: CallSyntax, _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let name = call.name.text.lowercased()
    guard name == "range" || name == "generate_series" else {
      let known = ["range", "generate_series"]
      throw QueryError(
        .unsupported, "the table function \"\(call.name.text)\" is not supported",
        at: syntax.position,
        hint: nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" })
    }
    let binder = Binder(
      context: context, level: QueryLevel(outer: nil), tables: tables, scope: Scope())
    var numbers: [Int64] = []
    for argument in call.arguments {
      let bound = try binder.bind(argument, in: .limit, stage: .input)
      guard bound.columns.isEmpty, bound.type.isInteger || bound.type == .hugeint,
        case .int64(let value) = try ConstantFolding.value(
          of: binder.cast(bound, to: .bigint, at: argument.position))
      else {
        throw QueryError(
          .unsupported, "\(name) takes constant whole numbers", at: argument.position)
      }
      numbers.append(value)
    }
    guard (1...3).contains(numbers.count) else {
      throw QueryError(.type, "\(name) takes one to three numbers", at: syntax.position)
    }
    let start = numbers.count == 1 ? 0 : numbers[0]
    let end = numbers.count == 1 ? numbers[0] : numbers[1]
    let step = numbers.count == 3 ? numbers[2] : 1
    guard step != 0 else {
      throw QueryError(.value, "the step cannot be 0", at: syntax.position)
    }
    var rows: [[Expression]] = []
    var value = start
    while step > 0
      ? (name == "range" ? value < end : value <= end)
      : (name == "range" ? value > end : value >= end)
    {
      guard rows.count < 1_000_000 else {
        throw QueryError(
          .unsupported, "\(name) of more than 1000000 rows is not supported", at: syntax.position)
      }
      rows.append([.literal(.int64(value), type: .bigint)])
      let (next, overflow) = value.addingReportingOverflow(step)
      if overflow { break }
      value = next
    }
    let field = Field(name: syntax.alias.map(\.name.text) ?? name, type: .bigint)
    let plan = LogicalPlan.values(rows: rows, schema: [Field(name: name, type: .bigint)])
    _ = field
    return try named(plan, syntax.alias, default: name)
  }

  // MARK: Joins

  private func planJoin(
    _ join: JoinSyntax, at position: Int
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let (left, leftScope) = try planTable(join.left)
    let (right, rightScope) = try planTable(join.right)
    if join.isAsOf {
      throw QueryError(.unsupported, "ASOF joins are not supported", at: position)
    }
    let width = left.schema.count
    var scope = try leftScope.joined(with: rightScope, offset: width, at: join.right.position)
    let kind: JoinKind
    switch join.kind {
    case .inner, .cross: kind = .inner
    case .left: kind = .left
    case .right: kind = .right
    case .full: kind = .full
    case .semi: kind = .semi
    case .anti: kind = .anti
    case .positional:
      throw QueryError(.unsupported, "positional joins are not supported", at: position)
    }
    var equalities: [JoinEquality] = []
    var residual: Expression?
    switch join.condition {
    case .none: break
    case .on(let condition):
      let binder = Binder(context: context, level: level, tables: tables, scope: scope)
      let bound = try binder.bindCondition(condition, in: .join, stage: .input)
      (equalities, residual) = Self.split(bound, width: width)
    case .using(let names):
      equalities = try merge(
        names, leftScope, rightScope, kind: kind, width: width, into: &scope)
    case .natural:
      var names: [NameSyntax] = []
      for column in leftScope.columns where column.isPlain {
        if case .none = rightScope.find(column.name, in: nil) { continue }
        if names.contains(where: { Scope.same($0.text, column.name) }) { continue }
        names.append(NameSyntax(text: column.name, position: position))
      }
      guard !names.isEmpty else {
        throw QueryError(
          .name, "the tables of a NATURAL JOIN have no column in common", at: position,
          hint: "CROSS JOIN combines all rows")
      }
      equalities = try merge(
        names, leftScope, rightScope, kind: kind, width: width, into: &scope)
    }
    if kind == .semi || kind == .anti { scope = leftScope }
    return (
      .join(kind, left, right, equalities: equalities, residual: residual), scope
    )
  }

  /// The equalities between the two sides that a condition has, and the rest of it.
  static func split(_ condition: Expression, width: Int) -> ([JoinEquality], Expression?) {
    var equalities: [JoinEquality] = []
    var rest: [Expression] = []
    for conjunct in condition.conjuncts {
      if case .call(let call) = conjunct, call.overload.name == "=", call.arguments.count == 2 {
        let (first, second) = (call.arguments[0], call.arguments[1])
        let (firstSide, secondSide) = (side(of: first, width), side(of: second, width))
        if firstSide == .left && secondSide == .right {
          equalities.append(JoinEquality(left: first, right: second.mapColumns { $0 - width }))
          continue
        }
        if firstSide == .right && secondSide == .left {
          equalities.append(JoinEquality(left: second, right: first.mapColumns { $0 - width }))
          continue
        }
      }
      rest.append(conjunct)
    }
    return (equalities, Expression.conjunction(rest))
  }

  private enum Side {
    case left
    case right
    case other
  }

  private static func side(of expression: Expression, _ width: Int) -> Side {
    let columns = expression.columns
    if columns.isEmpty || columns.contains(where: { !ColumnSpace.isInput($0) }) { return .other }
    if columns.allSatisfy({ $0 < width }) { return .left }
    return columns.allSatisfy { $0 >= width } ? .right : .other
  }

  /// The equalities of USING; the columns that it merges become one in the scope.
  private func merge(
    _ names: [NameSyntax], _ left: Scope, _ right: Scope, kind: JoinKind, width: Int,
    into scope: inout Scope
  ) throws(QueryError) -> [JoinEquality] {
    var equalities: [JoinEquality] = []
    let binder = Binder(context: context, level: level, tables: tables, scope: Scope())
    for name in names {
      func column(_ side: Scope, _ which: String) throws(QueryError) -> Scope.Column {
        switch side.find(name.text, in: nil) {
        case .one(let column): return column
        case .ambiguous:
          throw QueryError(
            .name, "the column \"\(name.text)\" is ambiguous on the \(which) side",
            at: name.position)
        case .none:
          throw QueryError(
            .name, "there is no column \"\(name.text)\" on the \(which) side of the join",
            at: name.position,
            hint: nearestName(to: name.text, among: side.columns.map(\.name))
              .map { "did you mean \"\($0)\"?" })
        }
      }
      let first = try column(left, "left")
      let second = try column(right, "right")
      let (one, other) = (first.expression, second.expression)
      guard let type = Coercion.compared(one.type, other.type) else {
        throw QueryError(
          .type, "values of type \(one.type) and \(other.type) cannot be compared",
          at: name.position)
      }
      equalities.append(
        JoinEquality(
          left: binder.cast(one, to: type, at: name.position),
          right: binder.cast(other, to: type, at: name.position)))
      let shifted = other.shifted(by: width)
      let merged: Expression
      switch kind {
      case .right: merged = shifted
      case .full:
        let resultType = type
        merged = .conditional(
          branches: [
            Expression.Branch(
              condition: .not(.isNull(one)),
              result: binder.cast(one, to: resultType, at: name.position))
          ], otherwise: binder.cast(shifted, to: resultType, at: name.position), type: resultType)
      case .inner, .left, .semi, .anti: merged = one
      }
      // The merged column stands where the left one stood; both stay reachable by their tables.
      guard
        let place = scope.columns.firstIndex(where: {
          $0.isPlain && Scope.same($0.name, name.text)
            && $0.expression.fingerprint == one.fingerprint
        })
      else { continue }
      for index in scope.columns.indices
      where scope.columns[index].isPlain && Scope.same(scope.columns[index].name, name.text) {
        scope.columns[index].isPlain = false
      }
      scope.columns.insert(
        Scope.Column(table: nil, name: first.name, expression: merged), at: place)
    }
    return equalities
  }
}
