/// A query: its WITH clause, a body, and the order and limit of the whole.
final class QuerySyntax: Sendable {
  let with: [CommonTableSyntax]
  let isRecursive: Bool
  let body: QueryBodySyntax
  let orderBy: OrderBySyntax
  let limit: LimitSyntax?
  let offset: ExpressionSyntax?
  let position: Int

  init(
    with: [CommonTableSyntax] = [], isRecursive: Bool = false, body: QueryBodySyntax,
    orderBy: OrderBySyntax = .none, limit: LimitSyntax? = nil, offset: ExpressionSyntax? = nil,
    position: Int
  ) {
    self.with = with
    self.isRecursive = isRecursive
    self.body = body
    self.orderBy = orderBy
    self.limit = limit
    self.offset = offset
    self.position = position
  }

  /// Whether there is nothing but parentheses around the body.
  var isBodyAlone: Bool {
    guard case .none = orderBy else { return false }
    return with.isEmpty && limit == nil && offset == nil
  }

  /// `SELECT results [FROM table]`.
  static func select(
    _ results: [ResultSyntax], from table: TableSyntax?, at position: Int
  ) -> QuerySyntax {
    QuerySyntax(
      body: .select(SelectSyntax(results, from: table, at: position)), position: position)
  }
}

indirect enum QueryBodySyntax: Sendable {
  case select(SelectSyntax)
  case values([[ExpressionSyntax]])
  case setOperation(SetOperationSyntax)
  /// A query in parentheses, with its own order and limit.
  case query(QuerySyntax)
}

struct SetOperationSyntax: Sendable {
  let operation: SetOperation
  let all: Bool
  let byName: Bool
  let left: QueryBodySyntax
  let right: QueryBodySyntax
  let position: Int
}

extension SetOperationSyntax {
  /// What is combined, and where the operator before it stands: a chain of one kind of UNION is one
  /// operation, whose types are agreed on by all together.
  var operands: [(body: QueryBodySyntax, position: Int)] {
    let last = [(body: right, position: position)]
    var first = left
    while case .query(let query) = first, query.isBodyAlone { first = query.body }
    guard operation == .union, case .setOperation(let inner) = first, inner.operation == .union,
      inner.all == all, inner.byName == byName
    else { return [(left, position)] + last }
    return inner.operands + last
  }
}

enum OrderBySyntax: Sendable {
  case none
  case keys([OrderSyntax])
  /// `ORDER BY ALL`.
  case all(descending: Bool, nullsFirst: Bool?)
}

struct LimitSyntax: Sendable {
  let count: ExpressionSyntax
  let isPercent: Bool
}

/// `name(columns) AS (query)` of a WITH clause.
struct CommonTableSyntax: Sendable {
  let name: NameSyntax
  let columns: [NameSyntax]
  let query: QuerySyntax
}

struct SelectSyntax: Sendable {
  enum Quantifier: Sendable {
    case all
    case distinct
    case distinctOn([ExpressionSyntax])
  }

  let quantifier: Quantifier
  let results: [ResultSyntax]
  let from: TableSyntax?
  let filter: ExpressionSyntax?
  let groupBy: GroupBySyntax
  let having: ExpressionSyntax?
  let windows: [(name: NameSyntax, window: WindowSyntax)]
  let qualify: ExpressionSyntax?
  let position: Int
}

extension SelectSyntax {
  /// `SELECT results [FROM table]`.
  init(_ results: [ResultSyntax], from table: TableSyntax?, at position: Int) {
    self.init(
      quantifier: .all, results: results, from: table, filter: nil, groupBy: .none, having: nil,
      windows: [], qualify: nil, position: position)
  }
}

/// One entry of a select list.
struct ResultSyntax: Sendable {
  let expression: ExpressionSyntax
  let alias: NameSyntax?
}

enum GroupBySyntax: Sendable {
  case none
  /// `GROUP BY ALL`.
  case all
  case elements([GroupingSyntax])
}

indirect enum GroupingSyntax: Sendable {
  case expression(ExpressionSyntax)
  case rollup([[ExpressionSyntax]], position: Int)
  case cube([[ExpressionSyntax]], position: Int)
  case sets([GroupingSyntax], position: Int)
  /// `(a, b)` within sets, `()` at any place.
  case tuple([ExpressionSyntax])

  /// The keys in it, each as often as it is named.
  var expressions: [ExpressionSyntax] {
    switch self {
    case .expression(let expression):
      if case .row(let elements) = expression.kind { return elements }
      return [expression]
    case .rollup(let parts, _), .cube(let parts, _): return parts.flatMap { $0 }
    case .sets(let elements, _): return elements.flatMap(\.expressions)
    case .tuple(let expressions): return expressions
    }
  }
}
