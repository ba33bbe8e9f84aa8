import ColStore

/// Groups by texts that are put together of values of other types, or of columns, as groups of these
/// values' groups: of `concat(user_id, '/', event_type)` one is made a user and type, and not one a row
/// (eager aggregation; Yan, Larson 1995).
struct ColumnGroups: Sendable {
  /// Rows that pay for asking a sample of them.
  private static let rowsMin = 1 << 18
  private static let sampleRows = 1 << 14

  private let sink: AggregateSink
  /// Grouped by the values of texts and by the other keys.
  private let parts: AggregateSink
  /// The keys over the groups of `parts`.
  private let keys: [CompiledExpression]
  private let combinations: [Combination]

  /// Nil where no key is such a text, an aggregate cannot be put together of its results for parts of a
  /// group, or rows seldom have the same values as others, which a sample tells.
  init?(_ sink: AggregateSink) throws(QueryError) {
    let input = sink.input
    let isText = zip(sink.keys, sink.domains).map { key, domain in
      key.type.physical == .string && key.bareColumn == nil && !key.columns.isEmpty && domain == nil
    }
    guard isText.contains(true), input.repeated != nil, sink.keys.allSatisfy(\.isDeterministic),
      (input.rowLimit ?? .max) >= ColumnGroups.rowsMin
    else { return nil }
    let combinations = sink.aggregates.compactMap { Combination($0) }
    guard combinations.count == sink.aggregates.count else { return nil }
    var values = TextValues()
    var keys: [CompiledExpression] = []
    for (key, isText) in zip(sink.keys, isText) {
      guard let key = isText ? values.replaced(key) : values.added(key) else { return nil }
      keys.append(key)
    }
    var aggregates: [CompiledAggregate] = []
    for (combination, aggregate) in zip(combinations, sink.aggregates) {
      aggregates += try combination.parts(of: aggregate)
    }
    parts = AggregateSink(
      input: input, keys: values.found, aggregates: aggregates, keepsOrder: sink.keepsOrder,
      context: sink.context)
    self.sink = sink
    self.keys = keys
    self.combinations = combinations
    guard parts.isDirect || parts.wordPacker != nil, try repeatsValues() else { return nil }
  }

  /// Whether at least every other row has the values of one before it.
  private func repeatsValues() throws(QueryError) -> Bool {
    let grouping = HashGrouping(parts.keys, domains: parts.domains, Evaluator(sink.context))
    let scratch = Buffer(UInt32.self, count: blockRowsMax)
    var rows = 0
    var (sample, sampled) = (0, 0)
    _ = try parts.input.runSamples(sink.context) { number, batch throws(QueryError) in
      if number != sample { (sample, sampled) = (number, 0) }
      _ = try grouping.assign(batch, scratch: scratch.pointer(UInt32.self))
      rows += batch.rowCount
      sampled += batch.rowCount
      return sampled < ColumnGroups.sampleRows
    }
    return withExtendedLifetime(scratch) { grouping.groupCount * 2 <= rows }
  }

  /// The groups: keys, then results.
  func pipeline() throws(QueryError) -> Pipeline {
    let rows = try parts.pipeline()
    var calls: [AggregateCall] = []
    var results: [CompiledExpression] = []
    for (combination, aggregate) in zip(combinations, sink.aggregates) {
      let columns = combination.partCount
      let first = parts.keys.count + calls.count
      for column in first..<first + columns {
        calls.append(
          try .plain(
            combination.merging(aggregate), [.column(index: column, type: rows.types[column])],
            at: aggregate.position))
      }
      results.append(
        combination.result(
          ofColumn: sink.keys.count + calls.count - columns,
          calls.suffix(columns).map(\.overload.resultType), aggregate))
    }
    let groups = AggregateSink(
      input: rows, keys: keys, aggregates: calls.map { CompiledAggregate($0) },
      keepsOrder: sink.keepsOrder, context: sink.context)
    let found = try groups.rowPipeline()
    let keyColumns = keys.enumerated().map { CompiledExpression(column: $0, type: $1.type) }
    return found.appending(
      ProjectOperator(expressions: keyColumns + results), types: sink.types,
      facts: { $0 < sink.keys.count ? found.facts($0) : .none })
  }
}

/// The values that texts are put together of: the largest parts of them that are equal only where their
/// texts are.
private struct TextValues {
  private(set) var found: [CompiledExpression] = []
  private var byColumn: [Int: Int] = [:]

  /// `expression` over the values found; nil where it reads values that are equal though their texts
  /// differ.
  ///
  /// - Parameter isSure: Whether it is evaluated for every row; else nothing that can fail may be.
  mutating func replaced(_ expression: CompiledExpression, isSure: Bool = true)
    -> CompiledExpression?
  {
    if expression.columns.isEmpty { return expression }
    switch expression.type.physical {
    case .string: if expression.bareColumn != nil { return added(expression) }
    case .bool, .int64, .int128: if isSure || !expression.canFail { return added(expression) }
    // 0.0 and -0.0 are equal, and so are a day and its hours.
    case .double, .interval, .list: if expression.bareColumn != nil { return nil }
    }
    let isSure =
      switch expression.node {
      case .conditional, .coalesce, .and, .or: false
      default: isSure
      }
    var children: [CompiledExpression] = []
    for child in CompiledExpression.children(of: expression.node) {
      guard let child = replaced(child, isSure: isSure) else { return nil }
      children.append(child)
    }
    return expression.replacingChildren(children)
  }

  /// The column of `expression` among those found.
  mutating func added(_ expression: CompiledExpression) -> CompiledExpression {
    let column = expression.bareColumn
    if let column, let known = byColumn[column] {
      return CompiledExpression(column: known, type: expression.type)
    }
    if let column { byColumn[column] = found.count }
    found.append(expression)
    return CompiledExpression(column: found.count - 1, type: expression.type)
  }
}

/// How an aggregate's result for a group is put together of those for its parts.
private enum Combination: Sendable {
  /// The parts' counts are summed up.
  case counts
  /// The aggregate of the parts' results.
  case results
  /// The parts' sums are divided by their counts.
  case mean(SumFinish)

  init?(_ aggregate: CompiledAggregate) {
    guard !aggregate.isDistinct, aggregate.orderBy.isEmpty, aggregate.isDeterministic,
      !aggregate.overload.isOrderSensitive
    else { return nil }
    switch aggregate.overload.name {
    case "count", "count_if": self = .counts
    case "sum", "min", "max", "bool_and", "bool_or", "bit_and", "bit_or", "bit_xor":
      // Other forms take more arguments.
      guard aggregate.arguments.count == 1 else { return nil }
      self = .results
    case "avg":
      guard let finish = SumFinish(aggregate.overload), case .average = finish else { return nil }
      self = .mean(finish)
    default: return nil
    }
  }

  /// How many results of parts it takes.
  var partCount: Int {
    if case .mean = self { 2 } else { 1 }
  }

  func parts(of aggregate: CompiledAggregate) throws(QueryError) -> [CompiledAggregate] {
    guard case .mean = self else { return [aggregate] }
    let types = aggregate.arguments.map(\.type)
    return [
      aggregate.replacing(try Sum.sum.resolve(types, [nil])),
      aggregate.replacing(try Count.function.resolve(types, [nil])),
    ]
  }

  /// The aggregate of the parts' results.
  func merging(_ aggregate: CompiledAggregate) -> String {
    if case .results = self { aggregate.overload.name } else { "sum" }
  }

  /// The result of merged parts, which stand from column `first` on.
  func result(
    ofColumn first: Int, _ types: [DataType], _ aggregate: CompiledAggregate
  ) -> CompiledExpression {
    let merged = types.enumerated().map { Expression.column(index: first + $0, type: $1) }
    guard case .mean(let finish) = self else {
      let result = CompiledExpression(merged[0])
      let type = aggregate.overload.resultType
      return result.type == type ? result : CompiledExpression(casting: result, to: type)
    }
    let quotient = ScalarOverload(name: "avg", types, .double, nulls: .custom) {
      arguments, count throws(QueryError) in
      let (sums, counts) = (Rows<Int128>(arguments[0]), Rows<Int128>(arguments[1]))
      defer { withExtendedLifetime(arguments) {} }
      return try finish.vector(
        count: count, sums: { sums[$0] }, counts: { Int64(truncatingIfNeeded: counts[$0]) })
    }
    return CompiledExpression(
      .call(ScalarCall(overload: quotient, arguments: merged, position: aggregate.position)))
  }
}
