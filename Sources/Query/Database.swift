import ColStore
import Synchronization

/// How statements are run.
public struct QueryOptions: Sendable {
  public var threads: Int = availableProcessors
  /// Rows of a batch; results do not depend on it.
  public var batchRows: Int = 16_384
  /// Bytes of private memory that operators may hold; nil: no limit.
  public var memoryLimit: Int?
  /// Rows, or groups, that an operator holds before it goes on in files: for tests, which make it
  /// few; nil: as ``memoryLimit`` allows.
  public var rowsHeldMax: Int?
  /// Seconds after which a statement is stopped; nil: never.
  public var timeout: Double?
  /// Whether precomputed statistics may stand in for rows.
  public var usesBlockAnswers: Bool = true
  /// The values of `$name` in statements; each stands for a text literal.
  public var parameters: [String: String] = [:]
  /// Scalar functions that a library above this one provides, beside those of ``FunctionRegistry``.
  public var functions: [ScalarFunction] = []
  /// Relations that libraries above this one compute, by name.
  public var tableFunctions: [any TableFunction] = []
  /// Where COPY writes; nil: nowhere.
  public var targets: (any CopyTargets)?
  /// Asked between morsels, by every worker: whether the statement is to stop.
  public var isCancelled: (@Sendable () -> Bool)?
  /// Told, by any worker, how many of the rows of the plan's tables have been looked at.
  public var onProgress: (@Sendable (_ rows: Int, _ total: Int) -> Void)?

  public init() {}
}

/// What ``Database/execute(_:into:afterEach:)`` reports of a statement.
public struct StatementReport: Sendable {
  /// From 0.
  public let index: Int
  /// From the SQL text to the last result row.
  public let seconds: Double
}

/// Tables by name, and the door for SQL text.
public final class Database: Sendable {
  public let options: QueryOptions
  private let tables = Mutex<[String: TableReference]>([:])

  public init(options: QueryOptions) { self.options = options }

  /// The same tables, for statements that run in another way.
  public convenience init(_ other: Database, options: QueryOptions) {
    self.init(options: options)
    let registered = other.registeredTables
    tables.withLock { $0 = registered }
  }

  /// Makes `source` the table `name`; names compare without case.
  public func register(_ source: any RowSource, as name: String) throws(QueryError) {
    limitCache(of: source)
    let isNew = tables.withLock { tables in
      tables.updateValue(TableReference(name: name, source: source), forKey: name.lowercased())
        == nil
    }
    guard isNew else {
      throw QueryError(.name, "the table name \"\(name)\" is used twice")
    }
  }

  /// What a store keeps for later scans is part of the memory that may be held.
  private func limitCache(of source: any RowSource) {
    if let limit = options.memoryLimit { (source as? Store)?.limitCache(toBytes: limit / 4) }
  }

  /// Makes `source` the table `name`, whatever that was before.
  public func replaceTable(_ name: String, with source: any RowSource) {
    limitCache(of: source)
    tables.withLock {
      $0[name.lowercased()] = TableReference(name: name, source: source)
    }
  }

  /// Forgets a table; false where there is none of that name.
  @discardableResult
  public func removeTable(_ name: String) -> Bool {
    tables.withLock { $0.removeValue(forKey: name.lowercased()) != nil }
  }

  /// The registered tables in alphabetical order, for completion.
  public var tableNames: [String] {
    tables.withLock { $0.values.map(\.name) }.sorted()
  }

  var registeredTables: [String: TableReference] { tables.withLock { $0 } }

  public func columns(of table: String) -> [ColumnDescription] {
    tables.withLock { $0[table.lowercased()]?.source.columns } ?? []
  }

  /// How many rows a table has; nil where there is none of that name.
  public func rowCount(of table: String) -> Int? {
    tables.withLock { $0[table.lowercased()]?.source.rowCount }
  }

  /// All function names, for completion: those of FROM and of the libraries above this one too.
  public var functionNames: [String] {
    let functions = Self.functionNames + options.functions.map(\.name)
    let tables = QueryPlanner.tableFunctionNames + options.tableFunctions.map(\.name)
    return Set(functions + tables).sorted()
  }

  /// The names of the functions that this library has.
  static var functionNames: [String] {
    (FunctionRegistry.names + Binder.specialForms + WindowName.all).filter { name in
      name.utf8.first.map { $0 >= 0x61 && $0 <= 0x7A } ?? false
    }.sorted()
  }

  /// All words with a meaning in SQL, for completion and colour.
  public static var keywords: [String] {
    Array(
      Keyword.reserved.union(Keyword.reservedOutsideCalls).union(Keyword.clauses)
        .union(Keyword.statements)
    ).sorted()
  }

  /// Runs the statements of `sql` in order, up to the first error.
  public func execute(
    _ sql: String, into sink: ResultSink, afterEach: (StatementReport) throws -> Void = { _ in }
  ) throws(QueryError) {
    var watch = Stopwatch()
    var parser = Parser(sql)
    var index = 0
    while let statement = try parser.nextStatement() {
      try run(statement, into: sink)
      do {
        try afterEach(StatementReport(index: index, seconds: watch.seconds))
      } catch {
        throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
      }
      index += 1
      watch = Stopwatch()
    }
  }

  /// The optimized plan of the first statement, a query.
  public func plan(_ sql: String) throws(QueryError) -> LogicalPlan {
    var parser = Parser(sql)
    guard case .query(let query)? = try parser.nextStatement() else {
      throw QueryError(.unsupported, "only queries have a plan", at: 0)
    }
    return try prepare(query).resolved(options)
  }

  // MARK: Statements

  private func run(_ statement: StatementSyntax, into sink: ResultSink) throws(QueryError) {
    switch statement {
    case .query(let query), .report(let query):
      try Executor(options: options).run(try prepare(query).resolved(options), into: sink)
    case .explain(let inner, let analyze): try explain(inner, analyze: analyze, into: sink)
    case .createTable(let name, let orReplace, let ifNotExists, let query):
      try createTable(name, orReplace: orReplace, ifNotExists: ifNotExists, query)
    case .copy(let query, let path, let options, let position):
      try copy(query, to: path, options, at: position, into: sink)
    }
  }

  func prepare(_ query: QuerySyntax) throws(QueryError) -> PreparedPlan {
    let context = PlanningContext(tables: registeredTables, options: options)
    let plan = try QueryPlanner(
      context: context, level: QueryLevel(outer: nil), tables: nil
    ).plan(query)
    return context.prepared(plan)
  }

  /// A result that is known already.
  func emit(_ fields: [Field], _ rows: [[Value]], into sink: ResultSink)
    throws(QueryError)
  {
    do {
      try sink.begin(schema: fields)
      if !rows.isEmpty {
        let columns = fields.indices.map { column in
          Vector(fields[column].type, rows.map { $0[column] })
        }
        try sink.consume(Batch(columns: columns, rowCount: rows.count))
      }
      try sink.end()
    } catch {
      throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
    }
  }
}

/// A plan, and the scalar subqueries whose values it waits for.
struct PreparedPlan {
  let plan: LogicalPlan
  let scalarSubqueries: [ScalarSubquery]
  let recursions: [Recursion]

  /// Runs the subqueries and recursions, puts the values in, and optimizes.
  func resolved(_ options: QueryOptions) throws(QueryError) -> LogicalPlan {
    var values: [Expression] = []
    var used = plan.scalarsUsed(among: scalarSubqueries)
    // What others need comes before them.
    var needed: [Recursion] = []
    for recursion in recursions.reversed() {
      let users =
        [plan] + used.map { scalarSubqueries[$0].plan } + needed.flatMap { [$0.anchor, $0.step] }
      guard users.contains(where: { $0.scans(recursion.result) }) else { continue }
      needed.insert(recursion, at: 0)
      used.formUnion(recursion.anchor.scalarsUsed(among: scalarSubqueries))
      used.formUnion(recursion.step.scalarsUsed(among: scalarSubqueries))
    }
    var waiting = needed[...]
    func run(_ recursion: Recursion) throws(QueryError) {
      try recursion.run(options, scalars: values, demand: demand(on: recursion))
    }
    for (number, subquery) in scalarSubqueries.enumerated() {
      while let recursion = waiting.first, recursion.scalarsBefore <= number {
        try run(recursion)
        waiting.removeFirst()
      }
      guard used.contains(number) else {
        values.append(.null(subquery.type))
        continue
      }
      let plan = try Optimizer.optimized(subquery.plan.replacingScalars(values))
      let value = try SingleValue.run(plan, options, at: subquery.position)
      values.append(.literal(value ?? .null, type: subquery.type))
    }
    for recursion in waiting { try run(recursion) }
    return try Optimizer.optimized(plan.replacingScalars(values))
  }

  /// What a LIMIT asks of the recursion; nil where there is none, or others want all rows, or what comes
  /// between waits for subqueries.
  private func demand(on recursion: Recursion) -> Recursion.Demand? {
    let plans =
      [plan] + scalarSubqueries.map(\.plan) + recursions.flatMap { [$0.anchor, $0.step] }
    let users = plans.filter { $0.scans(recursion.result) }
    guard users.count == 1, users[0].scanCount(of: recursion.result) == 1,
      let demand = users[0].demand(on: recursion.result),
      demand.plan(recursion.working).scalarsUsed(among: scalarSubqueries).isEmpty
    else { return nil }
    return demand
  }

  /// The value of a plan of one column; nil where it has no row.
  func value(_ options: QueryOptions, at position: Int?) throws(QueryError) -> Value? {
    try SingleValue.run(try resolved(options), options, at: position)
  }

  /// The plan as text, its subqueries below it.
  var explained: String {
    get throws(QueryError) {
      var text = try Optimizer.optimized(plan).explained
      for (number, subquery) in scalarSubqueries.enumerated() {
        text += "\nsubquery\(number + 1):\n"
        text += try Optimizer.optimized(subquery.plan).explained
          .split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
      }
      return text
    }
  }
}

extension LogicalPlan {
  /// The plan with the values of scalar subqueries in their places.
  func replacingScalars(_ values: [Expression]) -> LogicalPlan {
    guard !values.isEmpty else { return self }
    return mappingExpressions { expression in
      expression.replacingColumns { index, _ in
        let number = index - ColumnSpace.scalar
        return number >= 0 && number < values.count ? values[number] : nil
      }
    }
  }

  /// The numbers of the scalar subqueries that the plan needs, those of others included.
  func scalarsUsed(among subqueries: [ScalarSubquery]) -> Set<Int> {
    var found: Set<Int> = []
    func visit(_ plan: LogicalPlan) {
      for expression in plan.expressions {
        expression.forEachColumn { index in
          guard ColumnSpace.isScalar(index) else { return }
          let number = index - ColumnSpace.scalar
          if number < subqueries.count, found.insert(number).inserted {
            visit(subqueries[number].plan)
          }
        }
      }
      for input in plan.inputs { visit(input) }
    }
    visit(self)
    return found
  }
}
