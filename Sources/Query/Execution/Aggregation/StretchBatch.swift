import CKernels
import ColStore

/// A batch with one row for each stretch of rows that are of one cluster and equal in some columns of few
/// values, with the lengths of the stretches.
///
/// Conditions on such columns hold for a whole stretch or for none of it. Of a column whose values
/// ascend within each cluster, a stretch has its least value in its first row and its greatest in its
/// last.
struct StretchBatch {
  private let batch: Batch
  /// The columns that are equal throughout each stretch: a row a stretch.
  private let equalColumns: [Int: Vector]
  private let count: Int
  /// The first and the last row of each stretch, its length and its group.
  private let starts: Buffer
  private let lasts: Buffer
  private let lengths: Buffer
  private let groups: Buffer

  /// How many rows a stretch must have on average for this to pay.
  private static let rowsPerStretch = 2
  /// Of more values, neighbours are seldom equal.
  private static let valuesMax = 256
  /// Of more columns, stretches are short.
  private static let columnsMax = 3

  /// Nil where none of the aggregates reads a column of few values, or the stretches are short.
  init?(_ batch: Batch, _ runs: GroupRuns, _ aggregates: [CompiledAggregate]) {
    guard runs.areClusters, batch.rowCount > 0 else { return nil }
    var columns: Set<Int> = []
    for aggregate in aggregates {
      let few = aggregate.columns.filter { Self.hasFewValues(batch.columns[$0]) }
      if Self.end(of: aggregate, batch, few) != nil { columns.formUnion(few) }
    }
    guard (1...Self.columnsMax).contains(columns.count),
      let starts = Self.starts(batch, runs, columns)
    else { return nil }
    self.batch = batch
    count = starts.count
    self.starts = starts.buffer
    lasts = Buffer(UInt32.self, count: count)
    lengths = Buffer(Int64.self, count: count)
    groups = Buffer(UInt32.self, count: count)
    let start = starts.buffer.pointer(UInt32.self)
    let (last, length) = (lasts.pointer(UInt32.self), lengths.pointer(Int64.self))
    start[count] = UInt32(truncatingIfNeeded: batch.rowCount)
    for stretch in 0..<count {
      last[stretch] = start[stretch + 1] &- 1
      length[stretch] = Int64(start[stretch + 1] &- start[stretch])
    }
    GatherKernels.gather(
      runs.groups, at: start, into: groups.pointer(UInt32.self), count: count)
    var equalColumns: [Int: Vector] = [:]
    for column in columns {
      equalColumns[column] = batch.columns[column].select(start, count: count)
    }
    self.equalColumns = equalColumns
  }

  /// Where stretches start, with room for one more; nil where they are short.
  private static func starts(
    _ batch: Batch, _ runs: GroupRuns, _ columns: Set<Int>
  ) -> (buffer: Buffer, count: Int)? {
    let vectors = columns.map { batch.columns[$0] }
    guard var codes = vectors[0].codes else { return nil }
    let combined = vectors.count > 1 ? Buffer(UInt32.self, count: batch.rowCount) : nil
    for vector in vectors.dropFirst() {
      guard let others = vector.codes, let combination = combined?.pointer(UInt32.self) else {
        return nil
      }
      let radix = UInt32(valuesMax)
      for row in 0..<batch.rowCount { combination[row] = codes[row] &* radix &+ others[row] }
      codes = UnsafePointer(combination)
    }
    let buffer = Buffer(UInt32.self, count: batch.rowCount + 2)
    let start = buffer.pointer(UInt32.self)
    start[0] = 0
    let count = ecq_choose_changes(runs.groups, codes, batch.rowCount, start + 1) + 1
    guard count * rowsPerStretch <= batch.rowCount else { return nil }
    return withExtendedLifetime((combined, vectors)) { (buffer, count) }
  }

  private static func hasFewValues(_ vector: Vector) -> Bool {
    vector.dictionary.map { $0.count <= valuesMax } ?? false
  }

  /// Folds in the stretches; false where the aggregate wants single rows.
  func update(
    _ accumulator: any WeightedAccumulator, _ aggregate: CompiledAggregate, _ evaluator: Evaluator
  ) throws(QueryError) -> Bool {
    let columns = aggregate.columns
    guard let end = Self.end(of: aggregate, batch, columns.intersection(equalColumns.keys)) else {
      return false
    }
    let rows = end == .first ? starts : lasts
    let row = UnsafePointer(rows.pointer(UInt32.self))
    var vectors = batch.columns
    for column in columns {
      vectors[column] = equalColumns[column] ?? batch.columns[column].select(row, count: count)
    }
    try aggregate.update(
      accumulator, Batch(columns: vectors, rowCount: count),
      groups: UnsafePointer(groups.pointer(UInt32.self)),
      weights: UnsafePointer(lengths.pointer(Int64.self)), evaluator)
    withExtendedLifetime((self, rows)) {}
    return true
  }

  private enum End {
    case first
    case last
  }

  /// The row of a stretch that stands for all of them, by what the aggregate reads: nothing but columns
  /// that are equal throughout, or besides those an ascending one whose extreme it looks for. Nil where
  /// no row does.
  private static func end(
    of aggregate: CompiledAggregate, _ batch: Batch, _ equalColumns: Set<Int>
  ) -> End? {
    guard !equalColumns.isEmpty, !aggregate.isDistinct, aggregate.orderBy.isEmpty,
      aggregate.isDeterministic
    else { return nil }
    let others = aggregate.columns.subtracting(equalColumns)
    guard let column = others.first else { return .first }
    guard others.count == 1, aggregate.chosenValue?.bareColumn == column,
      batch.columns[column].ascendsInClusters,
      !(aggregate.condition?.columns.contains(column) ?? false)
    else { return nil }
    switch aggregate.overload.name {
    case "min": return .first
    case "max": return .last
    default: return nil
    }
  }
}
