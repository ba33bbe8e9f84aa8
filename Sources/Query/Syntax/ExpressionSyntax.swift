/// An expression as it is written: names unresolved, types unknown.
struct ExpressionSyntax: Sendable {
  let kind: Kind
  /// Byte offset in the SQL text of the token that the expression is about: an operator's operand
  /// side starts earlier.
  let position: Int
  /// Levels of the tree below and with this node; bounded, so that recursion over it is safe.
  let height: Int

  indirect enum Kind: Sendable {
    case null
    case boolean(Bool)
    /// The digits as written, without underscores and sign.
    case number(String)
    case string(String)
    case parameter(String)
    /// `column`, `table.column`, `schema.table.column`.
    case name([NameSyntax])
    /// `*`, `table.*` with its modifiers.
    case star(StarSyntax)
    case unary(String, ExpressionSyntax)
    case binary(String, ExpressionSyntax, ExpressionSyntax)
    case and([ExpressionSyntax])
    case or([ExpressionSyntax])
    case not(ExpressionSyntax)
    case isNull(ExpressionSyntax, negated: Bool)
    case isBoolean(ExpressionSyntax, Bool, negated: Bool)
    case isDistinct(ExpressionSyntax, ExpressionSyntax, negated: Bool)
    case between(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax, negated: Bool)
    case inList(ExpressionSyntax, [ExpressionSyntax], negated: Bool)
    case inQuery(ExpressionSyntax, QuerySyntax, negated: Bool)
    case like(LikeSyntax)
    case conditional(
      operand: ExpressionSyntax?, branches: [BranchSyntax], otherwise: ExpressionSyntax?)
    case cast(ExpressionSyntax, TypeSyntax, isTry: Bool)
    case call(CallSyntax)
    /// `INTERVAL value unit`.
    case interval(ExpressionSyntax, unit: String)
    case subquery(QuerySyntax)
    case exists(QuerySyntax)
    /// `value operator ANY|ALL (query)`.
    case quantified(ExpressionSyntax, String, QuerySyntax, isAll: Bool)
    case row([ExpressionSyntax])
    case list([ExpressionSyntax])
    case element(ExpressionSyntax, ExpressionSyntax)
    /// `list[first:last:step]`.
    case slice(ExpressionSyntax, ExpressionSyntax?, ExpressionSyntax?, step: ExpressionSyntax?)
    case lambda([NameSyntax], ExpressionSyntax)
    case atTimeZone(ExpressionSyntax, ExpressionSyntax)
    /// `#1`: a column of FROM by its place.
    case positional(Int)
  }
}

/// A name and where it is written.
struct NameSyntax: Sendable {
  let text: String
  let position: Int
}

struct BranchSyntax: Sendable {
  let condition: ExpressionSyntax
  let result: ExpressionSyntax
}

struct LikeSyntax: Sendable {
  enum Operator: Sendable {
    case like
    case ilike
    case similar
    case glob
  }

  let operation: Operator
  let text: ExpressionSyntax
  let pattern: ExpressionSyntax
  let escape: ExpressionSyntax?
  let negated: Bool
}

/// `*`, `table.*` or `COLUMNS(…)`: several columns at once.
struct StarSyntax: Sendable {
  /// Which of the columns are meant, by their names.
  enum Choice: Sendable {
    case all
    /// `COLUMNS('…')`: the regular expression is found in the name.
    case pattern(String)
    /// `COLUMNS(['…', …])`.
    case names([NameSyntax])
    /// `* LIKE '…'`, `COLUMNS(lambda name: …)`: what holds for the name.
    case condition(NameSyntax, ExpressionSyntax)
  }

  var table: NameSyntax?
  /// Names of columns, perhaps with those of their tables before.
  var excluded: [[NameSyntax]] = []
  var replaced: [ResultSyntax] = []
  var renamed: [(from: NameSyntax, to: NameSyntax)] = []
  var choice = Choice.all
  /// Whether it is written as COLUMNS, which may stand within an expression.
  var isColumns = false
  /// `*COLUMNS(…)`: the columns are arguments of one call, or elements of one list.
  var isUnpacked = false
}

/// A type as written: `DECIMAL(9, 2)`, `INTEGER[]`.
struct TypeSyntax: Sendable {
  let name: String
  let arguments: [Int]
  let listDepth: Int
  let position: Int
}

/// A call `name(parameters)(DISTINCT arguments ORDER BY …) FILTER (…) OVER (…)`.
struct CallSyntax: Sendable {
  let name: NameSyntax
  /// Those of an aggregate that has two parentheses; else nil.
  let parameters: [ExpressionSyntax]?
  let arguments: [ExpressionSyntax]
  /// The names of arguments written `name := value`, by their place.
  let argumentNames: [Int: NameSyntax]
  /// `count(*)`.
  let isStar: Bool
  let isDistinct: Bool
  let orderBy: [OrderSyntax]
  /// `WITHIN GROUP (ORDER BY …)`.
  let withinGroup: [OrderSyntax]
  let filter: ExpressionSyntax?
  let ignoresNulls: Bool
  let window: WindowSyntax?

  init(
    name: NameSyntax, parameters: [ExpressionSyntax]? = nil, arguments: [ExpressionSyntax],
    argumentNames: [Int: NameSyntax] = [:], isStar: Bool = false, isDistinct: Bool = false,
    orderBy: [OrderSyntax] = [], withinGroup: [OrderSyntax] = [],
    filter: ExpressionSyntax? = nil, ignoresNulls: Bool = false, window: WindowSyntax? = nil
  ) {
    self.name = name
    self.parameters = parameters
    self.arguments = arguments
    self.argumentNames = argumentNames
    self.isStar = isStar
    self.isDistinct = isDistinct
    self.orderBy = orderBy
    self.withinGroup = withinGroup
    self.filter = filter
    self.ignoresNulls = ignoresNulls
    self.window = window
  }

  /// The expressions right below the call.
  var children: [ExpressionSyntax] {
    (parameters ?? []) + arguments + orderBy.map(\.expression) + (filter.map { [$0] } ?? [])
      + (window.map { $0.partitionBy + $0.orderBy.map(\.expression) } ?? [])
  }

  /// The same call of the rows that `condition` holds for.
  func filtered(by condition: ExpressionSyntax) -> CallSyntax {
    CallSyntax(
      name: name, parameters: parameters, arguments: arguments, argumentNames: argumentNames,
      isStar: isStar, isDistinct: isDistinct, orderBy: orderBy, withinGroup: withinGroup,
      filter: condition, ignoresNulls: ignoresNulls, window: window)
  }

  /// The same call with `operand` before its arguments.
  func applied(to operand: ExpressionSyntax) -> CallSyntax {
    CallSyntax(
      name: name, parameters: parameters, arguments: [operand] + arguments,
      argumentNames: Dictionary(uniqueKeysWithValues: argumentNames.map { ($0 + 1, $1) }),
      isStar: isStar, isDistinct: isDistinct, orderBy: orderBy, withinGroup: withinGroup,
      filter: filter, ignoresNulls: ignoresNulls, window: window)
  }
}

struct OrderSyntax: Sendable {
  let expression: ExpressionSyntax
  let descending: Bool
  /// nil: the default, NULLS LAST.
  let nullsFirst: Bool?
}

/// What stands after OVER or behind a name of the WINDOW clause.
struct WindowSyntax: Sendable {
  /// The named window that this one is, or extends.
  let base: NameSyntax?
  let partitionBy: [ExpressionSyntax]
  let orderBy: [OrderSyntax]
  let frame: FrameSyntax?
  let position: Int
}

struct FrameSyntax: Sendable {
  enum Bound: Sendable {
    case unboundedPreceding
    case preceding(ExpressionSyntax)
    case currentRow
    case following(ExpressionSyntax)
    case unboundedFollowing
  }

  let unit: WindowCall.FrameUnit
  let start: Bound
  let end: Bound
  let exclusion: WindowCall.FrameExclusion
  let position: Int
}
