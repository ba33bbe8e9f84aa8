import ColStore
import Synchronization

/// GROUP BY of more groups than memory holds: rows are parted by a hash of their keys into files,
/// and each part is grouped on its own. Groups come with a number by which they are to be ordered,
/// so that they come out as they do where memory is enough.
struct PartitionedAggregation: Sendable {
  /// Of the budget, what groups may take.
  static let part = 0.35
  /// Of the budget, what rows may take that are grouped without a look at what their groups take.
  private static let rowsPart = 0.1

  private let sink: AggregateSink
  private let input: Pipeline
  /// Groups the rows of a part: all aggregates, and the number of each group's first row.
  private let partSink: AggregateSink
  /// The input columns that are written; behind them the row's number.
  private let columns: [Int]
  private let width: Int

  /// - Parameters:
  ///   - sink: Has keys, which give the same each time.
  ///   - input: That of `sink`, not having run yet.
  init(_ sink: AggregateSink, over input: Pipeline) throws(QueryError) {
    self.input = input
    self.sink = sink
    width = input.types.count
    let width = width
    columns = Set(sink.keys.flatMap(\.columns)).union(sink.aggregates.flatMap(\.columns)).sorted()
    let first = CompiledAggregate(
      try AggregateCall.plain("min", [.column(index: width, type: .bigint)]))
    let parts = Pipeline(
      source: BatchesSource([], batchRows: 1), types: input.types + [.bigint],
      rowLimit: input.rowLimit, facts: { $0 < width ? input.facts($0) : .none })
    partSink =
      AggregateSink(
        input: parts, keys: sink.keys, aggregates: sink.aggregates + [first],
        context: sink.context
      ).hashing
  }

  /// The groups in the order of their numbers, without these.
  func run() throws(QueryError) -> Pipeline {
    let context = sink.context
    let rows = try RowPartitions.make(input, keys: sink.keys, columns: columns, context)
    let types = sink.types + [DataType.bigint]
    let source = PartSource(count: rows.places.count) { Scanner(self, rows, $0) }
    let groups = Pipeline(source: source, types: types)
    let inOrder = sink.keepsOrder ? try groups.ordered(byLast: 1, context) : groups
    return inOrder.dropping([types.count - 1], facts: { sink.facts($0) })
  }

  private final class Scanner: BatchScanner {
    private let aggregation: PartitionedAggregation
    private let rows: RowPartitions
    private let context: QueryContext
    private let evaluator: Evaluator
    private let budget: MemoryBudget?

    init(
      _ aggregation: PartitionedAggregation, _ rows: RowPartitions, _ context: QueryContext
    ) {
      self.aggregation = aggregation
      self.rows = rows
      self.context = context
      evaluator = Evaluator(context)
      budget = context.budget
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      _ = try group(rows.places[task], level: 1, emit)
    }

    /// Hands on the groups of a part; parts it again where they are too many. Returns false once no
    /// more is wanted.
    private func group(
      _ places: [SpillArea.Place], level: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) -> Bool {
      let sink = aggregation.partSink
      if places.isEmpty { return true }
      let isFinal = RowPartitions.mayHold(
        places, level, budget, part: PartitionedAggregation.rowsPart, context)
      if let groups = try gathered(places, mayGiveUp: !isFinal) {
        return try groups.emit(inPiecesOf: context.options.batchRows, emit)
      }
      let parts = try RowPartitions.make(
        places, of: rows.area, level: level, context,
        keys: { batch throws(QueryError) in
          try evaluator.evaluate(sink.keys, aggregation.widened(batch))
        })
      for part in parts.places {
        if try !group(part, level: level + 1, emit) { return false }
      }
      return true
    }

    /// The groups of a part, with their numbers; nil where they take too much memory.
    private func gathered(
      _ places: [SpillArea.Place], mayGiveUp: Bool
    ) throws(QueryError) -> Batch? {
      let sink = aggregation.partSink
      let state = sink.makeState()
      var isOver = false
      try rows.area.read(places, rowsMax: context.options.batchRows) { batch throws(QueryError) in
        try context.check()
        try sink.consume(aggregation.widened(batch), state, evaluator)
        let groups = state.grouping.groupCount
        isOver =
          mayGiveUp && groups > 1
          && budget?.isOver(PartitionedAggregation.part, rows: groups) ?? false
        return !isOver
      }
      return isOver ? nil : aggregation.numbered(try sink.merge([state]))
    }
  }

  /// The written columns at their places among the input's, the row's number behind them.
  private func widened(_ batch: Batch) -> Batch {
    let number = batch.columns[columns.count]
    var all = Array(repeating: number, count: width + 1)
    for (place, column) in columns.enumerated() { all[column] = batch.columns[place] }
    return Batch(columns: all, rowCount: batch.rowCount)
  }

  /// Where groups would have come in the order of their domain, that is their number.
  private func numbered(_ groups: Batch) -> Batch {
    guard sink.isDirect, let numbers = sink.domainNumbers(groups) else { return groups }
    return Batch(columns: groups.columns.dropLast() + [numbers], rowCount: groups.rowCount)
  }
}

extension AggregateSink {
  /// The number in its domain of each group that was found by hashing.
  fileprivate func domainNumbers(_ groups: Batch) -> Vector? {
    let numbers = FlatBuilder<Int64>(count: groups.rowCount)
    for row in 0..<groups.rowCount { numbers[row] = 0 }
    for (key, domain) in domains.enumerated() {
      guard let domain else { return nil }
      let number = domain.numbers(ofKeys: groups.columns[key])
      for row in 0..<groups.rowCount {
        numbers[row] = numbers[row] * Int64(domain.size) + number(row)
      }
    }
    return withExtendedLifetime(groups) { numbers.finish(.bigint) }
  }
}
