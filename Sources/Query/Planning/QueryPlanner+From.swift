import ColStore

extension QueryPlanner {
  /// The plan of what stands in FROM, and the names it brings.
  func planTable(_ syntax: TableSyntax) throws(QueryError) -> (LogicalPlan, Scope) {
    try context.count(at: syntax.position)
    switch syntax.kind {
    case .table(let names): return try planNamed(names, syntax)
    case .file(let path): return try planFile(path, FileTable.Shape(), syntax)
    case .query(let query, _):
      let plan = try QueryPlanner(context: context, level: level, tables: tables).plan(query)
      return try named(plan, syntax.alias, default: "unnamed_subquery", isAnonymous: true)
    case .pivot(let pivot):
      return try named(try planPivot(pivot), syntax.alias, default: "pivot", isAnonymous: true)
    case .unpivot(let unpivot):
      return try named(
        try planUnpivot(unpivot), syntax.alias, default: "unpivot", isAnonymous: true)
    case .report(let report):
      return try named(
        try planReport(report), syntax.alias, default: "unnamed_subquery", isAnonymous: true)
    case .function(let call): return try planFunction(call, syntax)
    case .join(let join): return try planJoin(join, at: syntax.position)
    }
  }

  private func planFile(
    _ path: String, _ shape: FileTable.Shape, _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let table: TableReference
    let key = PlanningContext.File(path: path, shape: shape)
    if let known = context.files[key] {
      table = known
    } else {
      guard FileTable.isKnown(path) else {
        throw QueryError(
          .unsupported, "\"\(path)\" is no file that can be read in FROM", at: syntax.position,
          hint: "the names of such files end in .csv, .csv.gz, .csv.zst or .ecq")
      }
      do throws(QueryError) {
        table = try FileTable.open(path, shape, context.options)
      } catch {
        throw error.located(at: syntax.position)
      }
      context.files[key] = table
    }
    let plan = LogicalPlan.scan(
      table: table, columns: Array(table.source.columns.indices), predicates: [])
    return try named(plan, syntax.alias, default: table.name)
  }

  private func planNamed(
    _ names: [NameSyntax], _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let name = names[names.count - 1]
    if names.count == 1, let common = CommonTables.find(name.text, in: tables) {
      let plan = try common.plan(context, at: name.position, in: level)
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

  func named(
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

  /// The functions of FROM that are always there.
  static let tableFunctionNames = ["range", "generate_series", "unnest", "read_csv"]

  /// `unnest`, `range` and `generate_series`: the elements of a list as rows; `read_csv`.
  private func planFunction(
    _ call: CallSyntax, _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let name = call.name.text.lowercased()
    if let function = context.options.tableFunction(name) {
      let plan = try planTableFunction(function, call, at: syntax.position)
      return try named(plan, syntax.alias, default: name)
    }
    if name == "read_csv" || name == "read_csv_auto" { return try planReadCSV(call, syntax) }
    if let argument = call.argumentNames.values.first {
      throw QueryError(.unsupported, "\(name) takes no named arguments", at: argument.position)
    }
    guard let list = try listOf(call, scope: Scope(), at: syntax.position) else {
      let known = Self.tableFunctionNames + context.options.tableFunctions.map(\.name)
      throw QueryError(
        .unsupported, "the table function \"\(call.name.text)\" is not supported",
        at: syntax.position,
        hint: nearestName(to: name, among: known).map { "did you mean \"\($0)\"?" })
    }
    let plan: LogicalPlan
    if let series = try SeriesTable(list, at: syntax.position) {
      plan = .scan(
        table: TableReference(name: name, source: series), columns: [0], predicates: [])
    } else {
      plan = .unnest(
        .values(rows: [[]], schema: []), lists: [NamedExpression(name: name, expression: list)])
    }
    // The column of a function with an alias has that name.
    let fields = plan.schema
    let title = syntax.alias?.columns.first?.text ?? syntax.alias?.name.text ?? name
    let renamed = LogicalPlan.project(
      plan,
      [
        NamedExpression(name: title, expression: .column(index: 0, type: fields[0].type))
      ])
    return (renamed, Scope(table: syntax.alias?.name.text ?? name, fields: renamed.schema))
  }

  /// `read_csv('file' [, delim = ';'] [, header = false])`.
  private func planReadCSV(
    _ call: CallSyntax, _ syntax: TableSyntax
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    guard let file = call.arguments.first, case .string(let path) = file.kind else {
      throw QueryError(
        .unsupported, "\(call.name.text) takes the name of a file", at: syntax.position)
    }
    var shape = FileTable.Shape()
    for (place, argument) in call.arguments.enumerated().dropFirst() {
      var name = call.argumentNames[place]
      var value = argument
      if case .binary("=", let left, let right) = argument.kind, case .name(let names) = left.kind {
        (name, value) = (names.first, right)
      }
      switch (name?.text.lowercased(), value.kind) {
      case ("delim", .string(let text)), ("sep", .string(let text)),
        ("delimiter", .string(let text)):
        let delimiter = text == "\\t" ? "\t" : text
        guard delimiter.utf8.count == 1 else {
          throw QueryError(.unsupported, "a delimiter is one byte", at: value.position)
        }
        shape.delimiter = delimiter.utf8.first
      case ("header", .boolean(let hasHeader)): shape.hasHeader = hasHeader
      default:
        throw QueryError(
          .unsupported,
          "the options of \(call.name.text) are delim = '…' and header = true or false",
          at: argument.position)
      }
    }
    return try planFile(path, shape, syntax)
  }

  // MARK: Joins

  private func planJoin(
    _ join: JoinSyntax, at position: Int
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    let (left, leftScope) = try planTable(join.left)
    if let unnested = try planUnnesting(join, left, leftScope, at: position) { return unnested }
    let side = try planRightSide(join.right, beside: leftScope)
    let rightScope = side.scope
    var right = side.plan
    let width = left.schema.count
    var scope = try leftScope.joined(with: rightScope, offset: width, at: join.right.position)
    if !side.correlations.isEmpty {
      return (try planLateral(join, left, side, scope, at: position), scope)
    }
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
    if join.isAsOf, case .using(let names) = join.condition {
      return try planAsOfUsing(
        names, kind, (left, leftScope), (right, rightScope), scope, at: position)
    }
    var equalities: [JoinEquality] = []
    var residual: Expression?
    var filters: [ExpressionSyntax] = []
    switch join.condition {
    case .none: break
    case .on(let condition):
      let binder = Binder(context: context, level: level, tables: tables, scope: scope)
      var conditions: [Expression] = []
      for conjunct in SelectPlanner.conjuncts(condition) {
        if conjunct.hasSubquery, !join.isAsOf {
          if kind == .inner {
            filters.append(conjunct)
            continue
          }
          if let filtered = try partners(right, rightScope, for: kind, where: conjunct) {
            right = filtered
            continue
          }
        }
        conditions.append(try binder.bindCondition(conjunct, in: .join, stage: .input))
      }
      if let bound = Expression.conjunction(conditions) {
        (equalities, residual) = Self.split(bound, width: width)
      }
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
    if join.isAsOf {
      let plan = try planAsOf(
        kind, left, right, equalities: equalities, condition: residual, width: width, at: position)
      return (plan, scope)
    }
    if kind == .semi || kind == .anti { scope = leftScope }
    let joined = LogicalPlan.join(
      kind, left, right, equalities: equalities, residual: residual)
    if filters.isEmpty { return (joined, scope) }
    return (try SelectPlanner.filtered(joined, scope, by: filters, self), scope)
  }

  /// The rows of the right side that satisfy a condition on it alone; nil where the condition is on
  /// both sides, or such rows stay in the join.
  private func partners(
    _ right: LogicalPlan, _ scope: Scope, for kind: JoinKind, where condition: ExpressionSyntax
  ) throws(QueryError) -> LogicalPlan? {
    guard kind == .left || kind == .semi || kind == .anti else { return nil }
    do throws(QueryError) {
      return try SelectPlanner.filtered(right, scope, by: [condition], self)
    } catch {
      guard error.kind == .name else { throw error }
      return nil
    }
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

  /// `ASOF JOIN … USING (keys, time)`: the last name is the time, the left one at or behind the other.
  private func planAsOfUsing(
    _ names: [NameSyntax], _ kind: JoinKind, _ left: (plan: LogicalPlan, scope: Scope),
    _ right: (plan: LogicalPlan, scope: Scope), _ both: Scope, at position: Int
  ) throws(QueryError) -> (LogicalPlan, Scope) {
    var scope = both
    let width = left.plan.schema.count
    var equalities = try merge(
      names, left.scope, right.scope, kind: kind, width: width, into: &scope)
    let time = equalities.removeLast()
    let binder = Binder(context: context, level: level, tables: tables, scope: Scope())
    let condition = try binder.call(
      ">=", [time.left, time.right.shifted(by: width)], at: position)
    let plan = try planAsOf(
      kind, left.plan, right.plan, equalities: equalities, condition: condition, width: width,
      at: position)
    return (plan, scope)
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
      case .inner, .left, .semi, .anti, .asOf, .asOfLeft: merged = one
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
