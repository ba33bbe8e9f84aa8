import ColStore

/// Values of one coded column with the numbers of their rows, gathered over blocks.
///
/// Blocks are told apart by a mask: the predicates that are yet to be applied to the values.
final class CountedValues {
  /// Values as a batch, which has the same vector for every column, and how many rows each stands for.
  struct Values {
    let batch: Batch
    let weights: Buffer
  }

  private struct Counts {
    let column: Int
    var rows: [Int64] = []
  }

  private let table: any RowSource
  /// Table columns, by output column.
  private let columns: [Int]
  private var byMask: [UInt64: Counts] = [:]
  /// What the store has counted in the row group that was looked at last, by table column.
  private var stored: (rowGroup: Int, byColumn: [Int: ValueCounts?]) = (-1, [:])

  init(_ table: any RowSource, _ columns: [Int]) {
    self.table = table
    self.columns = columns
  }

  var masks: [UInt64] { byMask.keys.sorted() }

  /// Adds the values of a block, or returns false where they are not counted. Where all blocks of a row
  /// group are to be added, which `wholeRowGroup` tells, its own counts do, and may be the only ones.
  func add(
    _ morsel: Morsel, of column: Int, _ mask: UInt64, wholeRowGroup: Bool
  ) throws(QueryError) -> Bool {
    guard let counts = try counts(columns[column], morsel.rowGroup),
      counts.isPerBlock || wholeRowGroup
    else { return false }
    // The counts of a row group come with its first block.
    if wholeRowGroup && morsel.block > 0 { return true }
    let first = wholeRowGroup ? 0 : morsel.block * counts.codeCount
    let added = wholeRowGroup ? counts.rowGroupCounts : counts.counts
    var sum = byMask[mask] ?? Counts(column: column)
    byMask[mask] = nil
    while sum.rows.count < counts.codeCount { sum.rows.append(0) }
    for code in 0..<counts.codeCount { sum.rows[code] += Int64(added[first + code]) }
    byMask[mask] = sum
    return true
  }

  private func counts(_ column: Int, _ rowGroup: Int) throws(QueryError) -> ValueCounts? {
    if stored.rowGroup != rowGroup { stored = (rowGroup, [:]) }
    if let known = stored.byColumn[column] { return known }
    do throws(StoreError) {
      // Counts are of use where the values can be read; where these are damaged, a scan says so.
      let counts =
        table.dictionary(ofColumn: column) == nil
        ? nil : try table.valueCounts(ofColumn: column, inRowGroup: rowGroup)
      stored.byColumn[column] = .some(counts)
      return counts
    } catch { throw QueryError(.storage, error.description) }
  }

  /// The values of a mask that satisfy all `predicates`; nil where there are none.
  func values(
    _ mask: UInt64, where predicates: [CompiledExpression], width: Int, _ evaluator: Evaluator
  ) throws(QueryError) -> Values? {
    guard let counts = byMask[mask] else { return nil }
    guard let dictionary = table.dictionary(ofColumn: columns[counts.column]) else {
      throw QueryError(.storage, "the values of a column cannot be read")
    }
    let present = counts.rows.indices.filter { counts.rows[$0] > 0 }
    let codes = Buffer(UInt32.self, count: present.count)
    let weights = Buffer(Int64.self, count: present.count)
    for (row, code) in present.enumerated() {
      codes.pointer(UInt32.self)[row] = UInt32(truncatingIfNeeded: code)
      weights.pointer(Int64.self)[row] = counts.rows[code]
    }
    let vector = Vector(
      codes: UnsafePointer(codes.pointer(UInt32.self)), count: present.count,
      dictionary: dictionary, owners: [codes])
    var values = Values(
      batch: Batch(columns: Array(repeating: vector, count: width), rowCount: present.count),
      weights: weights)
    for predicate in predicates where values.batch.rowCount > 0 {
      let verdict = try evaluator.evaluate(predicate, values.batch)
      let holds = Selection.rows(of: verdict, where: { $0 == 1 }, count: values.batch.rowCount)
      if holds.coversAll { continue }
      let kept = Buffer(Int64.self, count: holds.count)
      if holds.count > 0 {
        GatherKernels.gather(
          UnsafePointer(values.weights.pointer(Int64.self)), at: holds.pointer,
          into: kept.pointer(Int64.self), count: holds.count)
      }
      values = Values(
        batch: holds.count > 0 ? holds.narrow(values.batch) : Batch(columns: [], rowCount: 0),
        weights: kept)
    }
    return values.batch.rowCount == 0 ? nil : values
  }
}
