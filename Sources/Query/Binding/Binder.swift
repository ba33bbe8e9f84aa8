import ColStore

/// Turns the expressions of one SELECT into typed ones over the columns of its FROM.
///
/// Aggregates, windows and subqueries found on the way are collected; the expression refers to them
/// by the numbers of ``ColumnSpace`` until the planner has put them into the plan.
final class Binder {
  /// The clause being bound, which decides what may stand in it.
  enum Clause: String {
    case join = "JOIN conditions"
    case filter = "WHERE"
    case groupBy = "GROUP BY"
    case having = "HAVING"
    case select = "SELECT"
    case qualify = "QUALIFY"
    case orderBy = "ORDER BY"
    case limit = "LIMIT"
    case columns = "COLUMNS"
    case values = "VALUES"
    case aggregateParameter = "the parameters of aggregates"
    case aggregateArgument = "the arguments of aggregates"
    case windowArgument = "the arguments of window functions"
  }

  /// Where in the pipeline of a SELECT an expression is computed.
  enum Stage: Int {
    case input
    case grouped
    case output
  }

  /// A subquery whose result is joined to the plan at a stage.
  struct JoinedSubquery {
    let stage: Stage
    let kind: Kind
    let plan: LogicalPlan
    /// What the subquery reads of this query.
    let correlations: [Expression]
    /// Where it does not hold, the subquery need not be looked at: there is no row.
    var precondition: Expression? = nil
    let type: DataType
    let position: Int

    enum Kind {
      /// `operand IN (plan)`: TRUE where the operand is in the plan's column, NULL elsewhere.
      case membership([Expression])
      /// The one value, NULL where there is no row.
      case scalar
      /// Whether there is a row.
      case exists
    }
  }

  let context: PlanningContext
  let level: QueryLevel
  let tables: CommonTables?
  var scope: Scope
  var clause = Clause.select
  var stage = Stage.input
  /// Names of the select list that other expressions can use, by lower-case name.
  var aliases: [String: ResultSyntax] = [:]
  /// Aliases that are being looked into, against circles.
  private var openAliases: Set<String> = []
  var namedWindows: [String: WindowSyntax] = [:]

  var aggregates: [NamedAggregate] = []
  var aggregateNumbers: [String: Int] = [:]
  var windows: [NamedWindow] = []
  var windowNumbers: [String: Int] = [:]
  /// The lists of `unnest` in the select list.
  var unnested: [Expression] = []
  /// Columns of FROM with the elements of lists that GROUP BY unnests, by the lists' fingerprints.
  var unnestedKeys: [String: Expression] = [:]
  var joined: [JoinedSubquery] = []
  var joinedNumbers: [String: Int] = [:]
  /// How many rows, and how many that are not NULL, the subqueries of IN give.
  var memberCounts: [String: (total: Expression, present: Expression)] = [:]
  /// Subqueries of EXISTS that were planned and found to be more than a semi-join.
  var plannedExistences: [ObjectIdentifier: (LogicalPlan, correlations: [Expression])] = [:]
  /// The fingerprints of the grouping keys, once they are known.
  var groupingKeys: Set<String> = []
  /// `GROUPING(…)` calls: the arguments, to be looked up among the keys.
  var groupings: [[Expression]] = []
  /// Where a column was last referred to, for errors.
  var columnPositions: [Int: Int] = [:]

  init(context: PlanningContext, level: QueryLevel, tables: CommonTables?, scope: Scope) {
    self.context = context
    self.level = level
    self.tables = tables
    self.scope = scope
  }

  func bind(_ syntax: ExpressionSyntax, in clause: Clause, stage: Stage) throws(QueryError)
    -> Expression
  {
    let (outerClause, outerStage) = (self.clause, self.stage)
    self.clause = clause
    self.stage = stage
    defer { (self.clause, self.stage) = (outerClause, outerStage) }
    return try bind(syntax)
  }

  /// A condition: a BOOLEAN, or what casts to one.
  func bindCondition(_ syntax: ExpressionSyntax, in clause: Clause, stage: Stage)
    throws(QueryError) -> Expression
  {
    let (outerClause, outerStage) = (self.clause, self.stage)
    self.clause = clause
    self.stage = stage
    defer { (self.clause, self.stage) = (outerClause, outerStage) }
    return try condition(syntax)
  }

  // MARK: Names

  func bindName(_ names: [NameSyntax], at position: Int) throws(QueryError) -> Expression {
    let column = names[names.count - 1]
    let table = names.count > 1 ? names[names.count - 2] : nil
    switch scope.find(column.text, in: table?.text) {
    case .one(let found):
      // In HAVING a result of that name goes before a column that is no grouping key.
      if clause == .having, table == nil, !groupingKeys.contains(found.expression.fingerprint),
        let alias = try bindAlias(column)
      {
        return alias
      }
      if case .column(let index, _) = found.expression { columnPositions[index] = position }
      return found.expression
    case .ambiguous(let found):
      let places = found.compactMap { column in column.table.map { "\($0).\(column.name)" } }
      throw QueryError(
        .name, "the column name \"\(column.text)\" is ambiguous", at: column.position,
        hint: "write \(places.joined(separator: " or "))")
    case .none: break
    }
    if table == nil, let alias = try bindAlias(column) { return alias }
    if let outer = level.outer, let found = try outer.findForSubquery(names, at: position) {
      return level.column(for: found)
    }
    if table == nil, PlanningContext.wordNames.contains(column.text.lowercased()),
      let value = context.constant(column.text.lowercased())
    {
      return value
    }
    throw unknownColumn(column, in: table)
  }

  /// What a column of this query is for a subquery in it; nil where there is none of that name.
  private func findForSubquery(_ names: [NameSyntax], at position: Int) throws(QueryError)
    -> Expression?
  {
    let column = names[names.count - 1]
    let table = names.count > 1 ? names[names.count - 2] : nil
    switch scope.find(column.text, in: table?.text) {
    case .one, .ambiguous: return try bindName(names, at: position)
    case .none: break
    }
    if table == nil, aliases[column.text.lowercased()] != nil {
      return try bindAlias(column)
    }
    guard let outer = level.outer, let found = try outer.findForSubquery(names, at: position)
    else { return nil }
    return level.column(for: found)
  }

  /// The expression that an alias of the select list stands for.
  private func bindAlias(_ name: NameSyntax) throws(QueryError) -> Expression? {
    let key = name.text.lowercased()
    guard let alias = aliases[key], clause != .join, clause != .values, clause != .limit else {
      return nil
    }
    guard openAliases.insert(key).inserted else { return nil }
    defer { openAliases.remove(key) }
    return try bind(alias.expression)
  }

  private func unknownColumn(_ column: NameSyntax, in table: NameSyntax?) -> QueryError {
    if let table {
      if !scope.hasTable(table.text) {
        return QueryError(
          .name, "there is no table \"\(table.text)\" in FROM", at: table.position,
          hint: nearestName(to: table.text, among: scope.tables).map { "did you mean \"\($0)\"?" })
      }
      let names = scope.columns.filter { $0.table.map { Scope.same($0, table.text) } ?? false }
      return QueryError(
        .name, "the table \"\(table.text)\" has no column \"\(column.text)\"",
        at: column.position,
        hint: nearestName(to: column.text, among: names.map(\.name)).map {
          "did you mean \"\($0)\"?"
        })
    }
    let candidates = scope.columns.map(\.name) + aliases.keys.sorted()
    var hint = nearestName(to: column.text, among: candidates).map { "did you mean \"\($0)\"?" }
    if hint == nil, scope.columns.isEmpty { hint = "there is no FROM clause" }
    return QueryError(
      .name, "there is no column \"\(column.text)\"", at: column.position, hint: hint)
  }

  // MARK: Casts

  /// The expression as a value of `type`, by an implicit cast where it is none.
  func cast(_ expression: Expression, to type: DataType, at position: Int?) -> Expression {
    if expression.type == type { return expression }
    if case .literal(.null, _) = expression { return .null(type) }
    if let literal = NumericLiteral.converted(expression, to: type) { return literal }
    return .cast(expression, to: type, isTry: false, position: position)
  }

  static func literalValue(_ expression: Expression) -> Value? {
    if case .literal(let value, _) = expression { return value }
    return nil
  }
}
