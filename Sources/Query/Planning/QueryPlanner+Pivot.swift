import ColStore

extension QueryPlanner {
  private static let valuesMax = 1_000

  // MARK: PIVOT

  /// A grouping with an aggregate for each value, filtered by it.
  func planPivot(_ pivot: PivotSyntax) throws(QueryError) -> LogicalPlan {
    let (_, scope) = try planTable(pivot.source)
    let position = pivot.position
    var aggregates = pivot.aggregates
    if aggregates.isEmpty {
      let count = CallSyntax(
        name: NameSyntax(text: "count", position: position), arguments: [], isStar: true)
      aggregates = [
        ResultSyntax(
          expression: ExpressionSyntax(kind: .call(count), position: position, height: 1),
          alias: nil)
      ]
    }
    var groups = pivot.groupBy
    if groups == nil {
      var used: Set<String> = []
      for column in pivot.columns { column.expression.collectNames(into: &used) }
      for aggregate in aggregates { aggregate.expression.collectNames(into: &used) }
      groups = scope.columns.filter { $0.isPlain && !used.contains($0.name.lowercased()) }.map {
        column in
        ExpressionSyntax(
          kind: .name([NameSyntax(text: column.name, position: position)]), position: position,
          height: 1)
      }
    }
    // Every combination of values, the last column's running fastest.
    var combinations: [(name: String, conditions: [ExpressionSyntax])] = [("", [])]
    for column in pivot.columns {
      let values = try self.values(of: column, in: pivot)
      combinations = combinations.flatMap { combination in
        values.map { value in
          (
            combination.conditions.isEmpty ? value.name : combination.name + "_" + value.name,
            combination.conditions + [value.condition]
          )
        }
      }
      guard combinations.count * aggregates.count <= Self.valuesMax else {
        throw QueryError(
          .unsupported, "a PIVOT of more than \(Self.valuesMax) columns", at: position)
      }
    }
    var results = (groups ?? []).map { ResultSyntax(expression: $0, alias: nil) }
    for (name, conditions) in combinations {
      let condition =
        conditions.count == 1
        ? conditions[0] : ExpressionSyntax(kind: .and(conditions), position: position, height: 2)
      for aggregate in aggregates {
        var title = name
        if let alias = aggregate.alias {
          title += "_" + alias.text
        } else if aggregates.count > 1 {
          title += "_" + aggregate.expression.columnName
        }
        results.append(
          ResultSyntax(
            expression: try aggregate.expression.filteringAggregates(by: condition),
            alias: NameSyntax(text: title, position: position)))
      }
    }
    let keys = (groups ?? []).map { GroupingSyntax.expression($0) }
    let select = SelectSyntax(
      quantifier: .all, results: results, from: pivot.source, filter: nil,
      groupBy: keys.isEmpty ? .none : .elements(keys), having: nil, windows: [], qualify: nil,
      position: position)
    var planner = SelectPlanner(self, select)
    return try planner.plan(orderBy: .none, limit: nil, offset: 0)
  }

  /// The values of a column of ON, with the names that they give, and the conditions that find them.
  private func values(
    of column: PivotSyntax.Column, in pivot: PivotSyntax
  ) throws(QueryError) -> [(name: String, condition: ExpressionSyntax)] {
    let position = column.expression.position
    func equal(_ left: ExpressionSyntax, _ right: ExpressionSyntax) -> ExpressionSyntax {
      ExpressionSyntax(
        kind: .binary("=", left, right), position: position,
        height: max(left.height, right.height) + 1)
    }
    if let values = column.values {
      return values.map { value in
        var name = value.expression.columnName
        if case .string(let text) = value.expression.kind { name = text }
        if case .name(let names) = value.expression.kind { name = names[names.count - 1].text }
        if case .null = value.expression.kind {
          let isNull = ExpressionSyntax(
            kind: .isNull(column.expression, negated: false), position: position,
            height: column.expression.height + 1)
          return (value.alias?.text ?? name, isNull)
        }
        // A bare word behind IN is a text.
        var constant = value.expression
        if case .name = constant.kind {
          constant = ExpressionSyntax(kind: .string(name), position: position, height: 1)
        }
        return (value.alias?.text ?? name, equal(column.expression, constant))
      }
    }
    // The texts of all values there are, in their order: asked for now, as they are the result's columns.
    let text = ExpressionSyntax(
      kind: .cast(
        column.expression,
        TypeSyntax(name: "varchar", arguments: [], listDepth: 0, position: position), isTry: false),
      position: position, height: column.expression.height + 1)
    let distinct = SelectSyntax(
      quantifier: .all,
      results: [
        ResultSyntax(expression: text, alias: NameSyntax(text: "text", position: position))
      ], from: pivot.source,
      filter: ExpressionSyntax(
        kind: .isNull(column.expression, negated: true), position: position,
        height: column.expression.height + 1),
      groupBy: .all, having: nil, windows: [], qualify: nil, position: position)
    let query = QuerySyntax(
      body: .select(distinct), orderBy: .all(descending: false, nullsFirst: nil),
      position: position)
    let plan = try QueryPlanner(context: context, level: QueryLevel(outer: nil), tables: tables)
      .plan(query)
    var found: [(name: String, condition: ExpressionSyntax)] = []
    for batch in try context.rows(of: plan) {
      for row in 0..<batch.rowCount {
        guard case .string(let name) = batch.columns[0].value(at: row) else { continue }
        let constant = ExpressionSyntax(kind: .string(name), position: position, height: 1)
        found.append((name.isEmpty ? "''" : name, equal(text, constant)))
      }
    }
    return found
  }

  // MARK: UNPIVOT

  /// The rows of every column one after the other.
  func planUnpivot(_ unpivot: UnpivotSyntax) throws(QueryError) -> LogicalPlan {
    let (_, scope) = try planTable(unpivot.source)
    let position = unpivot.position
    let names = scope.columns.filter(\.isPlain).map(\.name)
    var columns: [(name: String, title: String)] = []
    for entry in unpivot.columns {
      switch entry.expression.kind {
      case .star(let star) where star.replaced.isEmpty && star.renamed.isEmpty:
        let binder = Binder(context: context, level: level, tables: tables, scope: scope)
        for (_, column) in try binder.columns(of: star, at: entry.expression.position)
        where !star.excludes(column) {
          columns.append((column.name, column.name))
        }
      case .name(let parts):
        let text = parts[parts.count - 1].text
        guard let name = names.first(where: { Scope.same($0, text) }) else {
          throw QueryError(
            .name, "there is no column \"\(text)\"", at: entry.expression.position,
            hint: nearestName(to: text, among: names).map { "did you mean \"\($0)\"?" })
        }
        columns.append((name, entry.alias?.text ?? name))
      default:
        throw QueryError(
          .unsupported, "UNPIVOT takes columns by name, or *", at: entry.expression.position)
      }
    }
    let rest = names.filter { name in !columns.contains { Scope.same($0.name, name) } }
    func column(_ name: String) -> ExpressionSyntax {
      ExpressionSyntax(
        kind: .name([NameSyntax(text: name, position: position)]), position: position, height: 1)
    }
    var body: QueryBodySyntax?
    for (name, title) in columns {
      var results = rest.map { ResultSyntax(expression: column($0), alias: nil) }
      results.append(
        ResultSyntax(
          expression: ExpressionSyntax(kind: .string(title), position: position, height: 1),
          alias: unpivot.name))
      results.append(ResultSyntax(expression: column(name), alias: unpivot.value))
      let present = ExpressionSyntax(
        kind: .isNull(column(name), negated: true), position: position, height: 2)
      let select = QueryBodySyntax.select(
        SelectSyntax(
          quantifier: .all, results: results, from: unpivot.source,
          filter: unpivot.includesNulls ? nil : present, groupBy: .none, having: nil, windows: [],
          qualify: nil, position: position))
      body =
        body.map {
          .setOperation(
            SetOperationSyntax(
              operation: .union, all: true, byName: false, left: $0, right: select,
              position: position))
        } ?? select
    }
    guard let body else {
      throw QueryError(.syntax, "UNPIVOT without columns", at: position)
    }
    return try plan(body: body)
  }
}

extension ExpressionSyntax {
  /// The lower-case names of all columns in the expression.
  fileprivate func collectNames(into names: inout Set<String>) {
    if case .name(let parts) = kind { names.insert(parts[parts.count - 1].text.lowercased()) }
    for child in children { child.collectNames(into: &names) }
  }

  /// The expression with every aggregate in it over the rows for which `condition` holds.
  fileprivate func filteringAggregates(
    by condition: ExpressionSyntax
  ) throws(QueryError) -> ExpressionSyntax {
    var found = false
    let result = try mapped { (expression) throws(QueryError) in
      guard case .call(let call) = expression.kind, call.window == nil,
        FunctionRegistry.aggregate(call.name.text) != nil
      else { return nil }
      found = true
      let filter = call.filter.map {
        ExpressionSyntax(kind: .and([$0, condition]), position: $0.position, height: $0.height + 1)
      }
      return ExpressionSyntax(
        kind: .call(call.filtered(by: filter ?? condition)), position: expression.position,
        height: expression.height)
    }
    guard found else {
      throw QueryError(.syntax, "PIVOT wants an aggregate behind USING", at: position)
    }
    return result
  }
}
