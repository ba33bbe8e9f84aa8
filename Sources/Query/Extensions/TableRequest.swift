import ColStore

/// A call of a table function that is not written in SQL: what a subcommand asks for.
public struct TableRequest: Sendable {
  public let function: any TableFunction
  /// A registered table.
  public let table: String
  /// Conditions over the table's columns, as SQL; only rows for which all hold are looked at.
  public var conditions: [String] = []
  /// Columns under another name: `(role, column)`.
  public var renamed: [(to: String, from: String)] = []
  public var arguments: [String: TableFunctionArgument] = [:]

  public init(_ function: any TableFunction, of table: String) {
    self.function = function
    self.table = table
  }
}

extension Database {
  /// Runs a table function and hands its rows to `sink`.
  public func run(_ request: TableRequest, into sink: any ResultSink) throws(QueryError) {
    let context = PlanningContext(tables: registeredTables, options: options)
    guard let table = context.tables[request.table.lowercased()] else {
      throw QueryError(.name, "there is no table \"\(request.table)\"")
    }
    var input = LogicalPlan.scan(
      table: table, columns: Array(table.source.columns.indices), predicates: [])
    for condition in request.conditions {
      let call = TableFunctionCall(
        name: request.function.name, input: input, arguments: [:], context: context, at: nil)
      input = .filter(input, predicate: try call.condition(condition, at: nil))
    }
    if !request.renamed.isEmpty { input = try Self.renamed(input, request.renamed) }
    let call = TableFunctionCall(
      name: request.function.name, input: input, arguments: request.arguments, context: context,
      at: nil)
    let plan = try Optimizer.optimized(try request.function.plan(call))
    try Executor(options: options).run(plan, into: sink)
  }

  /// Runs a table function and writes its rows as a store, which replaces what was there.
  ///
  /// - Returns: How many rows were written.
  public func run(_ request: TableRequest, intoStore path: String) throws(QueryError) -> Int {
    // What is one row a unit is not brought together any further.
    let sink = StoreSink(
      path: path, replaces: true, clustering: .inputOrder, threads: options.threads)
    try run(request, into: sink)
    return sink.rowCount
  }

  /// `plan` with columns under other names; one that had such a name before is gone.
  private static func renamed(
    _ plan: LogicalPlan, _ names: [(to: String, from: String)]
  ) throws(QueryError) -> LogicalPlan {
    let fields = plan.schema
    for (to, from) in names where !fields.contains(where: { Scope.same($0.name, from) }) {
      throw QueryError(
        .name, "there is no column \"\(from)\" to be taken as \(to)",
        hint: nearestName(to: from, among: fields.map(\.name)).map { "did you mean \"\($0)\"?" })
    }
    var columns: [NamedExpression] = []
    for (index, field) in fields.enumerated() {
      let taken = names.filter { Scope.same($0.from, field.name) }
      let isReplaced = names.contains { Scope.same($0.to, field.name) }
      let column = Expression.column(index: index, type: field.type)
      for name in taken { columns.append(NamedExpression(name: name.to, expression: column)) }
      if taken.isEmpty && !isReplaced {
        columns.append(NamedExpression(name: field.name, expression: column))
      }
    }
    return .project(plan, columns)
  }
}
