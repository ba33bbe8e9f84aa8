import ColStore

/// An aggregate that can take a row that stands for many equal ones: a run of rows, or a value with
/// the number of its rows.
protocol WeightedAccumulator: Accumulator {
  /// Folds in rows that each stand for `weights[row]` equal ones, at least one.
  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError)
}

/// An aggregate that equal rows of one group do not change.
protocol RepetitionBlindAccumulator: WeightedAccumulator {}

extension RepetitionBlindAccumulator {
  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError) {
    try update(groups: groups, arguments: arguments, count: count)
  }
}

/// An aggregate that can take what a store knows of a block of rows, into group 0.
protocol SummedUpAccumulator: Accumulator {
  /// Whether `summary` says all that is needed.
  func takes(_ summary: BlockSummary) -> Bool
  /// Folds in the rows of a block, all of group 0; ``takes(_:)`` of them was true.
  func update(_ summary: BlockSummary) throws(QueryError)
}

/// The argument of an aggregate over all rows of a block, summed up.
struct BlockSummary {
  /// Rows whose value is not NULL.
  let valueCount: Int
  /// The least and the greatest value.
  let range: ClosedRange<Int64>?
  /// The sum of all values.
  let sum: Int64?
}
