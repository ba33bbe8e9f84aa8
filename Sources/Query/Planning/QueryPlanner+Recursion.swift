import ColStore

extension QueryPlanner {
  /// The recursive common table, planned: its anchor, and its step over a table of the last rows.
  func planRecursive(_ syntax: CommonTableSyntax) throws(QueryError) -> CommonTables {
    guard case .setOperation(let union) = syntax.query.body, union.operation == .union,
      !union.byName, syntax.query.isBodyAlone
    else {
      throw QueryError(
        .unsupported,
        "a recursive common table is \"anchor UNION [ALL] step\", without ORDER BY and LIMIT",
        at: syntax.name.position)
    }
    guard !Self.mentions(syntax.name.text, in: union.left) else {
      throw QueryError(
        .syntax, "the first side of the UNION starts the recursion and cannot refer to it",
        at: union.position)
    }
    let alone = QueryPlanner(context: context, level: QueryLevel(outer: nil), tables: tables)
    var anchor = try alone.plan(body: union.left)
    if !syntax.columns.isEmpty {
      anchor = try anchor.renamed(to: syntax.columns, of: syntax.name.text)
    }
    let fields = anchor.schema.map { field in
      Field(name: field.name, type: field.type == .null ? .integer : field.type)
    }
    anchor = anchor.cast(to: fields.map(\.type))
    let columns = fields.map { ColumnDescription(name: $0.name, type: $0.type) }
    let working = BatchTable(columns: columns)
    let result = BatchTable(columns: columns)
    let name = syntax.name.text
    func scan(_ table: BatchTable) -> LogicalPlan {
      .scan(
        table: TableReference(name: name, source: table), columns: Array(columns.indices),
        predicates: [])
    }
    let scalarsBefore = context.scalarSubqueries.count
    var inner = alone
    inner.tables = CommonTables(name: name, plan: scan(working), of: level, outer: tables)
    var step = try inner.plan(body: union.right)
    let given = step.schema
    guard given.count == fields.count else {
      throw QueryError(
        .type,
        "both sides of a recursive UNION need the same number of columns,"
          + " not \(fields.count) and \(given.count)", at: union.position)
    }
    for (field, wanted) in zip(given, fields) where !Binder.canCast(field.type, to: wanted.type) {
      throw QueryError(
        .type, "columns of type \(wanted.type) and \(field.type) do not go together",
        at: union.position)
    }
    step = step.cast(to: fields.map(\.type))
    for subquery in context.scalarSubqueries[scalarsBefore...] where subquery.plan.scans(working) {
      throw QueryError(
        .unsupported, "a subquery as a value cannot refer to the recursive table \"\(name)\"",
        at: subquery.position)
    }
    context.recursions.append(
      Recursion(
        anchor: anchor, step: step, keepsDuplicates: union.all, working: working, result: result,
        scalarsBefore: context.scalarSubqueries.count))
    return CommonTables(name: name, plan: scan(result), of: level, outer: tables)
  }

  /// Whether the table is named in the query, and not a common table of the query itself.
  static func mentions(_ name: String, in query: QuerySyntax) -> Bool {
    for table in query.with {
      if mentions(name, in: table.query) { return true }
      if Scope.same(table.name.text, name) { return false }
    }
    return mentions(name, in: query.body)
  }

  /// Whether the table is named in a FROM of the body or of a subquery.
  private static func mentions(_ name: String, in body: QueryBodySyntax) -> Bool {
    func mentions(_ table: TableSyntax) -> Bool {
      switch table.kind {
      case .table(let names): Scope.same(names[names.count - 1].text, name)
      case .file, .function, .report: false
      case .query(let query, _): self.mentions(name, in: query)
      case .join(let join): mentions(join.left) || mentions(join.right)
      case .pivot(let pivot): mentions(pivot.source)
      case .unpivot(let unpivot): mentions(unpivot.source)
      }
    }
    switch body {
    case .select(let select):
      if let from = select.from, mentions(from) { return true }
      return select.subqueries.contains { self.mentions(name, in: $0) }
    case .values: return false
    case .setOperation(let operation):
      return self.mentions(name, in: operation.left) || self.mentions(name, in: operation.right)
    case .query(let query): return self.mentions(name, in: query)
    }
  }
}

extension SelectSyntax {
  /// The queries within the expressions of the SELECT.
  fileprivate var subqueries: [QuerySyntax] {
    var found: [QuerySyntax] = []
    func visit(_ expression: ExpressionSyntax) {
      switch expression.kind {
      case .subquery(let query), .exists(let query), .inQuery(_, let query, _),
        .quantified(_, _, let query, _):
        found.append(query)
      default: break
      }
      for child in expression.children { visit(child) }
    }
    for result in results { visit(result.expression) }
    for condition in [filter, having, qualify].compactMap({ $0 }) { visit(condition) }
    return found
  }
}
