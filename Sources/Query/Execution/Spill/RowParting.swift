import ColStore

/// The rows of a batch by a hash of their keys: rows with equal keys are in one part, each part in the
/// order of the batch.
///
/// A radix partitioning by ranges of rows: every worker counts the rows of its range by part, and then
/// knows where to write them.
struct RowParting: Sendable {
  private let order: Buffer
  /// The keys in that order, where they came packed.
  private var packedKeys: Buffer?
  private let count: Int
  /// Where each part begins in `order`, and the end.
  private let starts: [Int]

  /// - Parameter partCount: a power of two from 2 to 256.
  init(
    _ batch: Batch, keys: [CompiledExpression], partCount: Int, _ context: QueryContext,
    workers: Int
  ) throws(QueryError) {
    let count = batch.rowCount
    let columns = try Evaluator(context).evaluate(keys, batch)
    let ranges = (0..<workers).map { count * $0 / workers..<count * ($0 + 1) / workers }
    let parts = Buffer(UInt8.self, count: count)
    let counts = PartCounts(workers: workers, partCount: partCount)
    let order = Buffer(UInt32.self, count: count)
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let own = counts.of(worker)
      let part = parts.pointer(UInt8.self)
      var first = ranges[worker].lowerBound
      while first < ranges[worker].upperBound {
        try context.check()
        let rows = min(RowParting.rowsAtOnce, ranges[worker].upperBound - first)
        let hashes = RowHash.hashes(
          columns.map { $0.slice(offset: first, count: rows) }, count: rows)
        let hash = hashes.pointer(UInt64.self)
        let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
        for row in 0..<rows {
          let number = Int(hash[row] &>> shift)
          part[first + row] = UInt8(truncatingIfNeeded: number)
          own[number] &+= 1
        }
        withExtendedLifetime(hashes) {}
        first += rows
      }
    }
    starts = counts.makePlaces()
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let own = counts.of(worker)
      let part = parts.pointer(UInt8.self)
      let output = order.pointer(UInt32.self)
      for row in ranges[worker] {
        let number = Int(part[row])
        output[own[number]] = UInt32(truncatingIfNeeded: row)
        own[number] &+= 1
      }
    }
    self.order = order
    self.count = count
  }

  private static let rowsAtOnce = 1 << 14

  /// Rows whose keys are an integer each.
  init(packed keys: UnsafePointer<UInt64>, count: Int, partCount: Int) {
    let shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
    let counts = PartCounts(workers: 1, partCount: partCount)
    let next = counts.of(0)
    var row = 0
    while row < count {
      next[Int(PackedKeyHash.hash(keys[row]) &>> shift)] &+= 1
      row += 1
    }
    starts = counts.makePlaces()
    let order = Buffer(UInt32.self, count: count)
    let packedKeys = Buffer(UInt64.self, count: count)
    let rows = order.pointer(UInt32.self)
    let output = packedKeys.pointer(UInt64.self)
    row = 0
    while row < count {
      let key = keys[row]
      let part = Int(PackedKeyHash.hash(key) &>> shift)
      let place = next[part]
      next[part] = place &+ 1
      rows[place] = UInt32(truncatingIfNeeded: row)
      output[place] = key
      row += 1
    }
    self.order = order
    self.packedKeys = packedKeys
    self.count = count
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

  /// Where each row comes among the rows of all parts.
  func places() -> Buffer {
    let places = Buffer(UInt32.self, count: count)
    let (rows, output) = (order.pointer(UInt32.self), places.pointer(UInt32.self))
    for place in 0..<count { output[Int(rows[place])] = UInt32(truncatingIfNeeded: place) }
    return places
  }
}
