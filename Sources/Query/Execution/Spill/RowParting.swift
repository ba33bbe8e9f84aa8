import ColStore

/// The rows of a batch by a hash of their keys: rows with equal keys are in one part, each part in the
/// order of the batch.
struct RowParting: Sendable {
  private let order: Buffer
  /// The keys in that order, where they came packed.
  private let packedKeys: Buffer?
  /// Where each part begins in `order`, and the end.
  private let starts: [Int]

  /// - Parameter partCount: a power of two from 2 to 256.
  init(
    _ batch: Batch, keys: [CompiledExpression], partCount: Int, _ context: QueryContext
  ) throws(QueryError) {
    let count = batch.rowCount
    let hashes = RowHash.hashes(try Evaluator(context).evaluate(keys, batch), count: count)
    self.init(count: count, partCount: partCount, keys: nil) { hashes.pointer(UInt64.self)[$0] }
  }

  /// Rows whose keys are an integer each.
  init(packed keys: UnsafePointer<UInt64>, count: Int, partCount: Int) {
    self.init(count: count, partCount: partCount, keys: keys) { PackedKeyHash.hash(keys[$0]) }
  }

  @inline(__always)
  private init(
    count: Int, partCount: Int, keys: UnsafePointer<UInt64>?, hash: (Int) -> UInt64
  ) {
    let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let counts = PartCounts(workers: 1, partCount: partCount)
    let next = counts.of(0)
    var row = 0
    while row < count {
      next[Int(hash(row) &>> shift)] &+= 1
      row += 1
    }
    starts = counts.makePlaces()
    let order = Buffer(UInt32.self, count: count)
    let rows = order.pointer(UInt32.self)
    let packedKeys = keys.map { _ in Buffer(UInt64.self, count: count) }
    row = 0
    if let keys, let output = packedKeys?.pointer(UInt64.self) {
      while row < count {
        let part = Int(hash(row) &>> shift)
        let place = next[part]
        next[part] = place &+ 1
        rows[place] = UInt32(truncatingIfNeeded: row)
        output[place] = keys[row]
        row += 1
      }
    } else {
      while row < count {
        let part = Int(hash(row) &>> shift)
        rows[next[part]] = UInt32(truncatingIfNeeded: row)
        next[part] &+= 1
        row += 1
      }
    }
    self.order = order
    self.packedKeys = packedKeys
    withExtendedLifetime(counts) {}
  }

  /// The packed keys of a part's rows; nil where they did not come packed.
  func packedKeys(of part: Int) -> UnsafePointer<UInt64>? {
    packedKeys.map { UnsafePointer($0.pointer(UInt64.self) + starts[part]) }
  }

  /// The rows of a part, ascending; good as long as the parting is.
  func rows(of part: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(
      start: order.pointer(UInt32.self) + starts[part], count: starts[part + 1] - starts[part])
  }
}
