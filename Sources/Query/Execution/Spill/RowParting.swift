import ColStore

/// The rows of a batch by a hash of their keys: rows with equal keys are in one part, each part in the
/// order of the batch.
struct RowParting: Sendable {
  private let order: Buffer
  /// Where each part begins in `order`, and the end.
  private let starts: [Int]

  /// - Parameter partCount: a power of two, 2 at least.
  init(
    _ batch: Batch, keys: [CompiledExpression], partCount: Int, _ context: QueryContext
  ) throws(QueryError) {
    let count = batch.rowCount
    let hashes = RowHash.hashes(try Evaluator(context).evaluate(keys, batch), count: count)
    let hash = hashes.pointer(UInt64.self)
    let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let counts = PartCounts(workers: 1, partCount: partCount)
    let next = counts.of(0)
    for row in 0..<count { next[Int(hash[row] &>> shift)] &+= 1 }
    starts = counts.makePlaces()
    order = Buffer(UInt32.self, count: count)
    let output = order.pointer(UInt32.self)
    for row in 0..<count {
      let part = Int(hash[row] &>> shift)
      output[next[part]] = UInt32(truncatingIfNeeded: row)
      next[part] &+= 1
    }
    withExtendedLifetime((hashes, counts)) {}
  }

  /// The rows of a part, ascending; good as long as the parting is.
  func rows(of part: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: order.pointer(UInt32.self) + starts[part], count: starts[part + 1] - starts[part])
  }
}
