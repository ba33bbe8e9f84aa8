import ColStore

/// A constant between a name and the arguments: the 3600 of `windowFunnel(3600)(…)`.
public struct AggregateParameter: Sendable {
  public let value: Value
  public let type: DataType
  public let position: Int
}

/// An aggregate function by name: `sum`, `count`, `arg_max`.
public struct AggregateFunction: Sendable {
  public typealias Resolve =
    @Sendable (_ types: [DataType], _ literals: [Value?]) throws(QueryError) -> AggregateOverload

  public typealias ResolveParametric =
    @Sendable (_ parameters: [AggregateParameter], _ types: [DataType]) throws(QueryError) ->
    AggregateOverload

  public let name: String
  public let aliases: [String]
  public let signature: String
  /// Whether it takes each value once, as if DISTINCT stood before the arguments.
  public let isDistinct: Bool
  /// Whether it is about places in an order, which WITHIN GROUP, or an ORDER BY of one key among the
  /// arguments, can turn round: a quantile.
  public let isOrderedSet: Bool
  /// Set where the function takes parameters, and then always does.
  public let resolveParametric: ResolveParametric?
  /// `literals[i]`: the value of argument i where it is a literal (the fraction of a quantile).
  public let resolve: Resolve

  public init(
    _ name: String, aliases: [String] = [], signature: String, isDistinct: Bool = false,
    isOrderedSet: Bool = false, resolve: @escaping Resolve
  ) {
    self.name = name
    self.aliases = aliases
    self.signature = signature
    self.isDistinct = isDistinct
    self.isOrderedSet = isOrderedSet
    self.resolve = resolve
    resolveParametric = nil
  }

  /// A function that is called as `name(parameters)(arguments)`.
  public init(
    parametric name: String, signature: String, resolve: @escaping ResolveParametric
  ) {
    self.name = name
    aliases = []
    self.signature = signature
    isDistinct = false
    isOrderedSet = false
    resolveParametric = resolve
    self.resolve = { _, _ throws(QueryError) in
      throw QueryError(
        .syntax, "\(name) takes parameters before its arguments", hint: "it is \(signature)")
    }
  }
}

/// One overload of an aggregate.
public struct AggregateOverload: Sendable {
  public let name: String
  public let parameterTypes: [DataType]
  public let resultType: DataType
  /// Whether the result depends on the order of its input (first, string_agg, array_agg), or in its
  /// last digits on how rows are shared out (sums of DOUBLE).
  public let isOrderSensitive: Bool
  /// A fresh, empty accumulator, one for each worker.
  public let makeAccumulator: @Sendable () -> any Accumulator

  public init(
    name: String, _ parameterTypes: [DataType], _ resultType: DataType,
    isOrderSensitive: Bool = false, makeAccumulator: @escaping @Sendable () -> any Accumulator
  ) {
    self.name = name
    self.parameterTypes = parameterTypes
    self.resultType = resultType
    self.isOrderSensitive = isOrderSensitive
    self.makeAccumulator = makeAccumulator
  }
}

/// A fresh accumulator of an aggregate by name, for measuring it by itself.
///
/// - Throws: ``QueryError`` where there is no such aggregate of these types.
package func makeAccumulator(
  of name: String, over types: [DataType]
) throws(QueryError) -> any Accumulator {
  guard let function = FunctionRegistry.aggregate(name) else {
    throw QueryError(.name, "there is no aggregate \(name)")
  }
  return try function.resolve(types, types.map { _ in nil }).makeAccumulator()
}

/// The running state of one aggregate call for all groups of one worker, kept as columns.
public protocol Accumulator: AnyObject {
  /// States that may lie beside those of other aggregates.
  var sharedStates: [any SharedState] { get }
  /// Makes room for groups `0..<count`; new groups start empty.
  func resize(to count: Int)
  /// Folds in `count` rows: row i belongs to group `groups[i]`. Arguments in any layout.
  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) throws(QueryError)
  /// As ``update(groups:arguments:count:)``, for rows whose groups come in runs.
  func update(runs: GroupRuns, arguments: [Vector], count: Int) throws(QueryError)
  /// Folds `count` rows into group 0.
  func updateOnlyGroup(arguments: [Vector], count: Int) throws(QueryError)
  /// Folds in another accumulator of the same overload: its group g is this one's `mapping[g]`.
  /// Called in worker order, so that results do not depend on timing.
  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int)
    throws(QueryError)
  /// The results of groups `0..<count`.
  func finish(count: Int) throws(QueryError) -> Vector
}

/// An accumulator of whole numbers that can make use of their bounds.
protocol BoundedAccumulator: Accumulator {
  /// The first argument's values lie in `range`, in at most `rowsMax` rows and, where that is known,
  /// `groupLimit` groups. Called before all else.
  func expect(values range: ClosedRange<Int64>, rowsMax: Int, groupLimit: Int?)
}

/// Rows of a batch in runs of one group each.
public struct GroupRuns {
  /// The group of each row.
  public let groups: UnsafePointer<UInt32>
  /// For each run, one past its last row, ascending.
  public let ends: UnsafePointer<UInt32>
  public let runCount: Int
  /// Whether each run lies within a cluster of its table.
  public var areClusters = false
}

extension Accumulator {
  public var sharedStates: [any SharedState] { [] }

  public func update(runs: GroupRuns, arguments: [Vector], count: Int) throws(QueryError) {
    try update(groups: runs.groups, arguments: arguments, count: count)
  }

  public func updateOnlyGroup(arguments: [Vector], count: Int) throws(QueryError) {
    let zeros = Buffer(UInt32.self, count: count)
    zeros.zero()
    try update(
      groups: UnsafePointer(zeros.pointer(UInt32.self)), arguments: arguments, count: count)
    withExtendedLifetime(zeros) {}
  }
}

/// A call of an aggregate in a plan.
public struct AggregateCall: Sendable {
  public let overload: AggregateOverload
  public let arguments: [Expression]
  public let isDistinct: Bool
  public let filter: Expression?
  public let orderBy: [SortKey]
  public let position: Int?
}

extension AggregateCall {
  /// `name(arguments)` of a built-in aggregate, with nothing else said.
  static func plain(
    _ name: String, _ arguments: [Expression] = [], at position: Int? = nil
  ) throws(QueryError) -> AggregateCall {
    guard let function = FunctionRegistry.aggregate(name) else {
      preconditionFailure("\(name) is a built-in aggregate")
    }
    return AggregateCall(
      overload: try function.resolve(arguments.map(\.type), arguments.map { _ in nil }),
      arguments: arguments, isDistinct: false, filter: nil, orderBy: [], position: position)
  }
}
