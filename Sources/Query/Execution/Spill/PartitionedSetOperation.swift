import ColStore

/// INTERSECT or EXCEPT of more rows than memory holds: both sides are parted by a hash of their rows
/// into files, and part is matched with part. Rows come out in the order of the left side, as they do
/// where memory is enough.
struct PartitionedSetOperation: Sendable {
  let operation: SetOperation
  let all: Bool
  let types: [DataType]
  let context: QueryContext

  /// Of the budget, what both sides, or parts of them, may take before they are matched.
  static let part = 0.2

  func run(_ left: Pipeline, _ right: Pipeline) throws(QueryError) -> Pipeline {
    let keys = types.indices.map { CompiledExpression(column: $0, type: types[$0]) }
    let columns = Array(types.indices)
    let rights = try RowPartitions.make(right, keys: keys, columns: columns, context)
    let lefts = try RowPartitions.make(left, keys: keys, columns: columns, context)
    let source = PartSource(count: lefts.places.count) { Scanner(self, lefts, rights, $0) }
    let matched = Pipeline(source: source, types: types + [.bigint])
    return try matched.ordered(byLast: 1, context).dropping([types.count], facts: { _ in .none })
  }

  private final class Scanner: BatchScanner {
    private let set: PartitionedSetOperation
    private let left: RowPartitions
    private let right: RowPartitions
    private let context: QueryContext
    private let budget: MemoryBudget?

    init(
      _ set: PartitionedSetOperation, _ left: RowPartitions, _ right: RowPartitions,
      _ context: QueryContext
    ) {
      self.set = set
      self.left = left
      self.right = right
      self.context = context
      budget = context.budget
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      _ = try match(left.places[task], right.places[task], level: 1, emit)
    }

    /// Matches two parts; parts them again where they are too large. Returns false once no more is
    /// wanted.
    private func match(
      _ left: [SpillArea.Place], _ right: [SpillArea.Place], level: Int,
      _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) -> Bool {
      if left.isEmpty { return true }
      let (leftArea, rightArea) = (self.left.area, self.right.area)
      if RowPartitions.mayHold(
        left + right, level, budget, part: PartitionedSetOperation.part, context)
      {
        let matching = SetMatching(
          left: try leftArea.collect(left, context), right: try rightArea.collect(right, context),
          types: set.types)
        let rows = matching.rows(set.operation, all: set.all)
        return rows.rowCount > 0 ? try emit(rows) : true
      }
      let lefts = try parted(left, of: leftArea, level: level)
      let rights = try parted(right, of: rightArea, level: level)
      for (nextLeft, nextRight) in zip(lefts.places, rights.places) {
        if try !match(nextLeft, nextRight, level: level + 1, emit) { return false }
      }
      return true
    }

    private func parted(
      _ places: [SpillArea.Place], of area: SpillArea, level: Int
    ) throws(QueryError) -> RowPartitions {
      let width = set.types.count
      return try RowPartitions.make(places, of: area, level: level, context) { batch in
        Array(batch.columns[..<width])
      }
    }
  }
}
