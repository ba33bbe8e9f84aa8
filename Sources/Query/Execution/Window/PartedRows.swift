import ColStore

/// What rows are partitioned by, and the domains of these keys, where they have any.
struct WindowKeys: Sendable {
  let keys: [CompiledExpression]
  private let domains: [KeyDomain?]

  init(_ keys: [CompiledExpression], of input: Pipeline, _ context: QueryContext) {
    self.keys = keys
    let sizeMax = KeyDomain.loneSizeMax(within: context.options.memoryLimit)
    let evaluator = Evaluator(context)
    domains = keys.map { KeyDomain($0, input, evaluator, sizeMax: sizeMax) }
  }

  /// Packs the keys into a word each; nil where they do not fit.
  func packer(_ context: QueryContext) -> KeyPacker? {
    KeyPacker.ofWords(keys, domains: domains, Evaluator(context))
  }
}

/// Rows by a hash of their keys: those with equal keys are in one part, each part in the order of the
/// input.
///
/// A radix partitioning: every worker counts the rows of its batches by part, and then knows where each
/// goes. The columns are moved there batch by batch, so that a part's rows lie together. Parts have
/// memory of their own, in blocks of which many are used again and again.
struct PartedRows: Sendable {
  /// Where the rows of each batch are.
  let places: [RowPlaces]
  /// How many rows each part has.
  private let counts: [Int]
  /// By part.
  private let packedKeys: [Buffer]?
  /// The columns that were moved, by part.
  private let columns: [Int: [Vector]]
  private let types: [DataType]

  /// - Parameters:
  ///   - partCount: a power of two from 2 to 2^16.
  ///   - columns: what parts are asked for.
  init(
    _ rows: WindowRows, by keys: WindowKeys, partCount: Int, columns: Set<Int>,
    _ context: QueryContext
  ) throws(QueryError) {
    let batches = rows.batches
    let workers = max(1, min(context.options.threads, batches.count))
    let ranges = rows.ranges(workers)
    let rowCounts = PartCounts(workers: workers, partCount: partCount)
    let numbered = Slots<NumberedRows>(count: batches.count)
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let numbering = PartNumbering(keys, partCount: partCount, context)
      let own = rowCounts.of(worker)
      for index in ranges[worker] {
        try context.check()
        let found = try numbering.number(batches[index])
        let part = found.parts.pointer(UInt16.self)
        for row in 0..<batches[index].rowCount { own[Int(part[row])] &+= 1 }
        numbered[index] = found
      }
    }
    let counts = rowCounts.makePlacesInParts()
    let packs = keys.packer(context) != nil
    let packedKeys = packs ? counts.map { Buffer(UInt64.self, count: $0) } : nil
    let words = packedKeys.map { PartBases($0.map(\.base)) }
    let moved = columns.sorted().map { column in
      MovedColumn(batches.map { $0.columns[column] }, type: rows.types[column], counts)
    }
    let places = Slots<RowPlaces>(count: batches.count)
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let next = rowCounts.of(worker)
      for index in ranges[worker] {
        try context.check()
        guard let found = numbered[index] else { continue }
        numbered[index] = nil
        let own = RowPlaces(found.parts, next: next, count: batches[index].rowCount)
        places[index] = own
        if let words, let packed = found.packedKeys {
          words.scatter(packed.pointer(UInt64.self), to: own)
        }
        for column in moved { column.move(piece: index, to: own) }
        withExtendedLifetime(found) {}
      }
    }
    self.places = places.all
    self.counts = counts
    self.packedKeys = packedKeys
    self.columns = Dictionary(
      uniqueKeysWithValues: zip(columns.sorted(), moved.map(\.vectors)))
    types = rows.types
  }

  /// The rows of a part, with the columns that were moved; others are NULL.
  func rows(of part: Int) -> Batch {
    let columns = types.indices.map { column in
      self.columns[column]?[part] ?? Vector.nulls(types[column], count: counts[part])
    }
    return Batch(columns: columns, rowCount: counts[part])
  }

  /// The packed keys of a part's rows; nil where they do not fit into words.
  func packedKeys(of part: Int) -> Buffer? { packedKeys?[part] }
}

/// Where the rows of a batch are: each in a part, and there at a place.
struct RowPlaces: Sendable {
  let parts: Buffer
  let places: Buffer
  let count: Int

  /// - Parameter next: The next free place of each part.
  fileprivate init(_ parts: Buffer, next: UnsafeMutablePointer<Int>, count: Int) {
    self.parts = parts
    self.count = count
    places = Buffer(UInt32.self, count: count)
    let part = parts.pointer(UInt16.self)
    let place = places.pointer(UInt32.self)
    for row in 0..<count {
      place[row] = UInt32(truncatingIfNeeded: next[Int(part[row])])
      next[Int(part[row])] &+= 1
    }
  }
}

/// The parts of a batch's rows, and their packed keys where these fit into words.
private struct NumberedRows {
  let parts: Buffer
  let packedKeys: Buffer?
}

/// Finds the parts of rows, for one worker.
private final class PartNumbering {
  private let keys: [CompiledExpression]
  private let packer: KeyPacker?
  private let evaluator: Evaluator
  private let shift: UInt64
  private var scratch = Buffer(byteCount: 0)

  init(_ keys: WindowKeys, partCount: Int, _ context: QueryContext) {
    self.keys = keys.keys
    packer = keys.packer(context)
    evaluator = Evaluator(context)
    shift = UInt64(UInt64.bitWidth - partCount.trailingZeroBitCount)
  }

  func number(_ batch: Batch) throws(QueryError) -> NumberedRows {
    let count = batch.rowCount
    let numbers = Buffer(UInt16.self, count: count)
    let parts = numbers.pointer(UInt16.self)
    guard let packer else {
      let hashes = RowHash.hashes(try evaluator.evaluate(keys, batch), count: count)
      let hash = hashes.pointer(UInt64.self)
      for row in 0..<count { parts[row] = UInt16(truncatingIfNeeded: hash[row] &>> shift) }
      return withExtendedLifetime(hashes) { NumberedRows(parts: numbers, packedKeys: nil) }
    }
    if scratch.byteCount < count * 4 { scratch = Buffer(UInt32.self, count: count) }
    let packedKeys = Buffer(UInt64.self, count: count)
    let packed = packedKeys.pointer(UInt64.self)
    try packer.pack(batch, into: packed, numbers: scratch.pointer(UInt32.self))
    for row in 0..<count {
      parts[row] = UInt16(truncatingIfNeeded: PackedKeyHash.hash(packed[row]) &>> shift)
    }
    return NumberedRows(parts: numbers, packedKeys: packedKeys)
  }
}
