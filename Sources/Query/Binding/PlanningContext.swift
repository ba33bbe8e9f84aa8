import ColStore

/// What planning one statement shares between all its queries.
final class PlanningContext {
  let tables: [String: TableReference]
  let options: QueryOptions
  /// When the statement started, in microseconds since 1970.
  let startTime = PlanningContext.currentTime()
  /// Files in FROM that are open already, by path.
  var files: [File: TableReference] = [:]

  /// A file, and how it is said to be written.
  struct File: Hashable {
    let path: String
    let shape: FileTable.Shape
  }

  /// Recursive common tables, those that others need first.
  var recursions: [Recursion] = []
  /// Uncorrelated scalar subqueries, those that others need first.
  var scalarSubqueries: [ScalarSubquery] = []
  /// The scalar subqueries that are planned already, by the identity of their syntax.
  var scalarNumbers: [ObjectIdentifier: Int] = [:]
  private var boundNodes = 0
  /// Common tables that are being planned, each read by the one before.
  fileprivate(set) var commonTablesOpen = 0
  fileprivate static let commonTablesOpenMax = 400

  /// Expressions and plan nodes that one statement may grow to through aliases and common tables.
  static let boundNodesMax = 500_000

  init(tables: [String: TableReference], options: QueryOptions) {
    self.tables = tables
    self.options = options
  }

  /// `plan` with all that was planned for it.
  func prepared(_ plan: LogicalPlan) -> PreparedPlan {
    PreparedPlan(plan: plan, scalarSubqueries: scalarSubqueries, recursions: recursions)
  }

  /// The rows of a plan, which is run now: for what a statement's own plan depends on.
  func rows(of plan: LogicalPlan) throws(QueryError) -> [Batch] {
    try Executor(options: options).collect(try prepared(plan).resolved(options))
  }

  /// The value of an expression that reads no columns; subqueries in it are run at once.
  func value(of expression: Expression, at position: Int) throws(QueryError) -> Value {
    if expression.columns.isEmpty { return try ConstantFolding.value(of: expression) }
    let plan = LogicalPlan.project(
      .values(rows: [[]], schema: []), [NamedExpression(name: "value", expression: expression)])
    return try prepared(plan).value(options, at: position) ?? .null
  }

  /// Counts `nodes` more nodes, so that text that refers to itself again and again stays bounded.
  func count(_ nodes: Int = 1, at position: Int) throws(QueryError) {
    boundNodes += nodes
    guard boundNodes <= Self.boundNodesMax else {
      throw QueryError(.unsupported, "this statement is too large", at: position)
    }
  }
}

/// A subquery that gives one value, whatever row it stands in.
struct ScalarSubquery: Sendable {
  let plan: LogicalPlan
  let type: DataType
  let position: Int
}

/// The common tables that a query can refer to, the innermost first.
final class CommonTables {
  let outer: CommonTables?
  let name: String
  /// The query whose WITH clause it is.
  private let level: QueryLevel
  private let syntax: CommonTableSyntax?
  private var planned: LogicalPlan?

  init(_ syntax: CommonTableSyntax, of level: QueryLevel, outer: CommonTables?) {
    self.syntax = syntax
    self.level = level
    self.outer = outer
    self.name = syntax.name.text.lowercased()
  }

  /// A table that is planned already, and reads nothing of outer queries.
  init(name: String, plan: LogicalPlan, of level: QueryLevel, outer: CommonTables?) {
    syntax = nil
    planned = plan
    self.level = level
    self.outer = outer
    self.name = name.lowercased()
  }

  static func find(_ name: String, in tables: CommonTables?) -> CommonTables? {
    let wanted = name.lowercased()
    var current = tables
    while let table = current {
      if table.name == wanted { return table }
      current = table.outer
    }
    return nil
  }

  /// The table's plan in a query at `level`; the same one each time.
  func plan(
    _ context: PlanningContext, at position: Int, in level: QueryLevel
  ) throws(QueryError) -> LogicalPlan {
    let plan = try ownPlan(context, at: position)
    return plan.isCorrelated ? level.reading(plan, of: self.level) : plan
  }

  private func ownPlan(
    _ context: PlanningContext, at position: Int
  ) throws(QueryError) -> LogicalPlan {
    if let planned {
      try context.count(
        planned.nodeCount(upTo: PlanningContext.boundNodesMax), at: position)
      return planned
    }
    guard let syntax else { preconditionFailure("a common table has a query or a plan") }
    context.commonTablesOpen += 1
    defer { context.commonTablesOpen -= 1 }
    guard context.commonTablesOpen <= PlanningContext.commonTablesOpenMax else {
      throw QueryError(
        .unsupported, "common tables that read each other this deeply are not supported",
        at: position)
    }
    var plan = try QueryPlanner(context: context, level: level, tables: outer).plan(syntax.query)
    if !syntax.columns.isEmpty {
      plan = try plan.renamed(to: syntax.columns, of: syntax.name.text)
    }
    planned = plan
    return plan
  }
}

/// A query and those of its subqueries in FROM: they see the same outer query.
final class QueryLevel {
  /// The SELECT around this subquery; nil for a query that sees nothing outside.
  let outer: Binder?
  /// What the query reads of the outer one, as expressions of the outer one. Number k of them is
  /// column ``ColumnSpace/outer`` + k.
  var correlations: [Expression] = []

  init(outer: Binder?) { self.outer = outer }

  func column(for expression: Expression) -> Expression {
    let wanted = expression.fingerprint
    let index =
      correlations.firstIndex { $0.fingerprint == wanted }
      ?? {
        correlations.append(expression)
        return correlations.count - 1
      }()
    return .column(index: ColumnSpace.outer + index, type: expression.type)
  }

  /// How many correlations this level and those around it have.
  var correlationCounts: [Int] {
    [correlations.count] + (outer?.level.correlationCounts ?? [])
  }

  /// Takes back what was added since the counts were these.
  func forgetCorrelations(beyond counts: [Int]) {
    guard let count = counts.first else { return }
    correlations.removeSubrange(count...)
    outer?.level.forgetCorrelations(beyond: Array(counts.dropFirst()))
  }

  /// The plan of a query at `level`, in this query or a subquery of it, as a plan at this level: what
  /// it reads of the query outside is handed down from one to the next.
  func reading(_ plan: LogicalPlan, of level: QueryLevel) -> LogicalPlan {
    guard self !== level, let between = outer?.level else { return plan }
    return between.reading(plan, of: level).mappingExpressions { expression in
      expression.replacingColumns { index, type in
        ColumnSpace.isOuter(index) ? column(for: .column(index: index, type: type)) : nil
      }
    }
  }
}

extension LogicalPlan {
  /// The inputs of the node.
  var inputs: [LogicalPlan] {
    switch self {
    case .scan, .values: []
    case .filter(let input, _), .project(let input, _), .aggregate(let input, _, _, _),
      .window(let input, _), .unnest(let input, _), .sort(let input, _, _, _),
      .limit(let input, _, _),
      .distinct(let input):
      [input]
    case .setOperation(_, let left, let right, _), .join(_, let left, let right, _, _):
      [left, right]
    case .operation(_, let inputs): inputs
    }
  }

  /// This plan with its first columns renamed.
  func renamed(to names: [NameSyntax], of table: String) throws(QueryError) -> LogicalPlan {
    let fields = schema
    guard names.count <= fields.count else {
      throw QueryError(
        .name, "\"\(table)\" has \(fields.count) columns, but \(names.count) names are given",
        at: names[fields.count].position)
    }
    return .project(
      self,
      fields.enumerated().map { index, field in
        NamedExpression(
          name: index < names.count ? names[index].text : field.name,
          expression: .column(index: index, type: field.type))
      })
  }
}
