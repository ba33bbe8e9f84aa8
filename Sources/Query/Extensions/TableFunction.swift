import ColStore

/// A relation that is made from another one by an operator that SQL has no words for, by name:
/// `FROM sessions(events, gap := '30m')`.
///
/// A library above this one gives its functions to ``QueryOptions/tableFunctions``.
public protocol TableFunction: Sendable {
  /// In lower case.
  var name: String { get }
  /// The names of the arguments behind the table, which are given as `name := value`.
  var parameters: [String] { get }
  /// The plan of a call: usually a ``TableOperator`` over some columns of the input.
  func plan(_ call: TableFunctionCall) throws(QueryError) -> LogicalPlan
}

/// An argument's value, and where it is written.
public struct TableFunctionArgument: Sendable {
  public let value: Value
  public let type: DataType
  public let position: Int?

  /// An argument that is not written in SQL.
  public init(_ value: Value, type: DataType) {
    self.init(value, type: type, at: nil)
  }

  init(_ value: Value, type: DataType, at position: Int?) {
    self.value = value
    self.type = type
    self.position = position
  }
}

/// A call of a table function: the relation that it is applied to, and its arguments.
public struct TableFunctionCall {
  public let name: String
  public let input: LogicalPlan
  /// Where the function's name is written.
  public let position: Int?
  private let arguments: [String: TableFunctionArgument]
  private let context: PlanningContext

  init(
    name: String, input: LogicalPlan, arguments: [String: TableFunctionArgument],
    context: PlanningContext, at position: Int?
  ) {
    self.name = name
    self.input = input
    self.arguments = arguments
    self.context = context
    self.position = position
  }

  /// The argument of that name; nil where it is not given, or NULL.
  public func argument(_ name: String) -> TableFunctionArgument? {
    guard let found = arguments[name], !found.value.isNull else { return nil }
    return found
  }

  /// The input's column of that name, without regard to case; nil where there is none.
  package func column(_ name: String) -> Expression? {
    let fields = input.schema
    guard let index = fields.firstIndex(where: { Scope.same($0.name, name) }) else { return nil }
    return .column(index: index, type: fields[index].type)
  }

  /// A condition over the input's columns, written as SQL.
  ///
  /// - Parameter position: Where the text is written; nil where the whole call is no SQL.
  package func condition(_ sql: String, at position: Int?) throws(QueryError) -> Expression {
    try bound(sql, at: position) { binder, syntax throws(QueryError) in
      try binder.bindCondition(syntax, in: .filter, stage: .input)
    }
  }

  /// An expression over the input's columns, written as SQL.
  package func expression(_ sql: String, at position: Int?) throws(QueryError) -> Expression {
    try bound(sql, at: position) { binder, syntax throws(QueryError) in
      try binder.bind(syntax, in: .filter, stage: .input)
    }
  }

  private func bound(
    _ sql: String, at position: Int?,
    _ bind: (Binder, ExpressionSyntax) throws(QueryError) -> Expression
  ) throws(QueryError) -> Expression {
    do throws(QueryError) {
      let binder = Binder(
        context: context, level: QueryLevel(outer: nil), tables: nil,
        scope: Scope(table: "input", fields: input.schema))
      let bound = try bind(binder, try Parser.expression(sql))
      guard binder.joined.isEmpty, !bound.columns.contains(where: ColumnSpace.isScalar) else {
        throw QueryError(.unsupported, "subqueries are not supported here")
      }
      return bound
    } catch {
      throw QueryError(
        error.kind, "in \"\(sql)\": \(error.message)", at: position ?? self.position,
        hint: error.hint)
    }
  }

  /// A call of a scalar function or operator.
  package func call(_ name: String, _ arguments: [Expression]) throws(QueryError) -> Expression {
    let binder = Binder(
      context: context, level: QueryLevel(outer: nil), tables: nil, scope: Scope())
    return try binder.call(name, arguments, at: position ?? 0)
  }

  package func cast(_ expression: Expression, to type: DataType) -> Expression {
    if expression.type == type { return expression }
    return .cast(expression, to: type, isTry: false, position: position)
  }

  /// The input with these columns alone; or some of its rows, in `plan`.
  package func project(_ columns: [Expression], of plan: LogicalPlan? = nil) -> LogicalPlan {
    .project(
      plan ?? input,
      columns.enumerated().map { NamedExpression(name: "c\($0.offset)", expression: $0.element) })
  }

  /// The value of an expression without columns.
  package func constant(_ expression: Expression) throws(QueryError) -> Value {
    try ConstantFolding.value(of: expression)
  }

  /// What aggregates make of the rows of `plan`: a row for each combination of `keys`, which come
  /// first; one row where there are no keys.
  ///
  /// - Parameter calls: The names of aggregates and their arguments.
  package func aggregate(
    _ calls: [(name: String, arguments: [Expression])], by keys: [Expression] = [],
    of plan: LogicalPlan
  ) throws(QueryError) -> LogicalPlan {
    let aggregates = try calls.map { call throws(QueryError) in
      guard let function = FunctionRegistry.aggregate(call.name) else {
        preconditionFailure("\(call.name) is an aggregate")
      }
      return NamedAggregate(
        name: call.name,
        call: AggregateCall(
          overload: try function.resolve(
            call.arguments.map(\.type), call.arguments.map { _ in nil }),
          arguments: call.arguments, isDistinct: false, filter: nil, orderBy: [],
          position: position))
    }
    return .aggregate(
      plan,
      keys: keys.enumerated().map {
        NamedExpression(name: "k\($0.offset)", expression: $0.element)
      },
      aggregates: aggregates, groupingSets: nil)
  }
}

extension QueryOptions {
  func tableFunction(_ name: String) -> (any TableFunction)? {
    tableFunctions.first { $0.name == name }
  }
}
