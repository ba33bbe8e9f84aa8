import ColStore

/// A relational plan: immutable, independent of how it is run, and free of SQL text.
///
/// Every node's output columns are `schema`; expressions refer to input columns by index.
public indirect enum LogicalPlan: Sendable {
  /// Columns `columns` of a table, only rows for which all `predicates` hold. Predicates refer to
  /// the scan's output columns.
  case scan(table: TableReference, columns: [Int], predicates: [Expression])
  /// Rows written down in the statement; one row without columns for a SELECT without FROM.
  case values(rows: [[Expression]], schema: [Field])
  case filter(LogicalPlan, predicate: Expression)
  case project(LogicalPlan, [NamedExpression])
  /// Output: the group keys, then the aggregates. No keys and no sets: one row.
  case aggregate(
    LogicalPlan, keys: [NamedExpression], aggregates: [NamedAggregate], groupingSets: [[Int]]?)
  /// Output: the input's columns, then one column for each call.
  case window(LogicalPlan, calls: [NamedWindow])
  /// `limit` with an order is a top-N.
  case sort(LogicalPlan, keys: [SortKey], limit: Int?, offset: Int)
  case limit(LogicalPlan, limit: Int?, offset: Int)
  case distinct(LogicalPlan)
  /// Output: the input's columns, then a column for the elements of each list; a row for each
  /// element of the longest.
  case unnest(LogicalPlan, lists: [NamedExpression])
  case setOperation(SetOperation, LogicalPlan, LogicalPlan, all: Bool)
  /// Output: the left columns, then the right ones (semi, anti: left only). `equalities` pairs
  /// expressions over the left and the right input; `residual` refers to both, left columns first.
  case join(JoinKind, LogicalPlan, LogicalPlan, equalities: [JoinEquality], residual: Expression?)
  /// What a table function makes of its inputs.
  case operation(TableOperation, [LogicalPlan])
}

public struct Field: Hashable, Sendable {
  public let name: String
  public let type: DataType

  public init(name: String, type: DataType) {
    self.name = name
    self.type = type
  }
}

/// A table that a plan scans.
public struct TableReference: Sendable {
  public let name: String
  public let source: any RowSource
}

public struct NamedExpression: Sendable {
  public let name: String
  public let expression: Expression
}

public struct NamedAggregate: Sendable {
  public let name: String
  public let call: AggregateCall
}

public struct SortKey: Sendable {
  public let expression: Expression
  public let descending: Bool
  public let nullsFirst: Bool
}

public enum SetOperation: Sendable {
  case union
  case intersect
  case except
}

public enum JoinKind: Sendable {
  case inner
  case left
  case right
  case full
  case semi
  case anti
  /// Each left row with the one right row that is nearest of those for which the residual holds: a
  /// comparison `<`, `<=`, `>` or `>=` of a left with a right value, which is never NULL. Left rows
  /// without any are dropped, or kept.
  case asOf
  case asOfLeft
}

public struct JoinEquality: Sendable {
  public let left: Expression
  public let right: Expression
  /// Whether NULL is equal to NULL; else it is equal to nothing.
  public var matchesNulls = false

  /// The same of other expressions.
  func replacing(left: Expression? = nil, right: Expression? = nil) -> JoinEquality {
    JoinEquality(
      left: left ?? self.left, right: right ?? self.right, matchesNulls: matchesNulls)
  }
}

public struct NamedWindow: Sendable {
  public let name: String
  public let call: WindowCall
}

/// A window function over its partition.
public struct WindowCall: Sendable {
  public enum Function: Sendable {
    case rowNumber
    case rank
    case denseRank
    case percentRank
    case cumulativeDistribution
    case ntile(Expression)
    case lag(Expression, offset: Expression, fallback: Expression, ignoreNulls: Bool)
    case lead(Expression, offset: Expression, fallback: Expression, ignoreNulls: Bool)
    case firstValue(Expression, ignoreNulls: Bool)
    case lastValue(Expression, ignoreNulls: Bool)
    case nthValue(Expression, Expression, ignoreNulls: Bool)
    /// Sessions of the times, between which more than `gap` of their units passes.
    case sessionize(Expression, gap: Int64)
    case aggregate(AggregateCall)
  }

  public enum FrameUnit: Sendable {
    case rows
    case range
    case groups
  }

  public enum FrameBound: Sendable {
    case unboundedPreceding
    case preceding(Expression)
    case currentRow
    case following(Expression)
    case unboundedFollowing
  }

  /// What is taken out of a frame: nothing, the row itself, it and its peers, or its peers.
  public enum FrameExclusion: Sendable {
    case nothing
    case currentRow
    case group
    case ties
  }

  public struct Frame: Sendable {
    public let unit: FrameUnit
    public let start: FrameBound
    public let end: FrameBound
    public let exclusion: FrameExclusion

    public init(
      unit: FrameUnit, start: FrameBound, end: FrameBound, exclusion: FrameExclusion = .nothing
    ) {
      self.unit = unit
      self.start = start
      self.end = end
      self.exclusion = exclusion
    }
  }

  public let function: Function
  public let resultType: DataType
  public let partitionBy: [Expression]
  public let orderBy: [SortKey]
  /// Without ORDER BY the whole partition, else RANGE UNBOUNDED PRECEDING … CURRENT ROW.
  public let frame: Frame
  public let position: Int?
}

extension LogicalPlan {
  /// The output columns.
  public var schema: [Field] {
    switch self {
    case .scan(let table, let columns, _):
      return columns.map { column in
        let described = table.source.columns[column]
        return Field(name: described.name, type: described.type)
      }
    case .values(_, let schema): return schema
    case .filter(let input, _), .sort(let input, _, _, _), .limit(let input, _, _),
      .distinct(let input), .setOperation(_, let input, _, _):
      return input.schema
    case .project(_, let expressions):
      return expressions.map { Field(name: $0.name, type: $0.expression.type) }
    case .aggregate(_, let keys, let aggregates, _):
      return keys.map { Field(name: $0.name, type: $0.expression.type) }
        + aggregates.map { Field(name: $0.name, type: $0.call.overload.resultType) }
    case .window(let input, let calls):
      return input.schema + calls.map { Field(name: $0.name, type: $0.call.resultType) }
    case .unnest(let input, let lists):
      return input.schema
        + lists.map { Field(name: $0.name, type: $0.expression.type.element) }
    case .join(let kind, let left, let right, _, _):
      switch kind {
      case .semi, .anti: return left.schema
      case .inner, .left, .right, .full, .asOf, .asOfLeft: return left.schema + right.schema
      }
    case .operation(let operation, _): return operation.schema
    }
  }
}
