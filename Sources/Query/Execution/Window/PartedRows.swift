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
/// goes. The columns are moved there batch by batch, so that a part's rows lie together.
struct PartedRows: Sendable {
  /// Where each row of the input lies among those of all parts.
  let places: Buffer
  /// Where each part begins, and the end.
  private let starts: [Int]
  private let packedKeys: Buffer?
  /// The columns that were moved.
  private let columns: [Int: Vector]
  private let types: [DataType]

  /// - Parameters:
  ///   - partCount: a power of two from 2 to 2^16.
  ///   - columns: what parts are asked for.
  init(
    _ rows: WindowRows, by keys: WindowKeys, partCount: Int, columns: Set<Int>,
    _ context: QueryContext
  ) throws(QueryError) {
    let workers = max(1, min(context.options.threads, rows.batches.count))
    let ranges = rows.ranges(workers)
    let counts = PartCounts(workers: workers, partCount: partCount)
    let parts = Buffer(UInt16.self, count: rows.count)
    let words = keys.packer(context).map { _ in Buffer(UInt64.self, count: rows.count) }
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let numbering = PartNumbering(keys, partCount: partCount, context)
      let own = counts.of(worker)
      for index in ranges[worker] {
        try context.check()
        let first = rows.starts[index]
        let part = parts.pointer(UInt16.self) + first
        try numbering.number(
          rows.batches[index], into: part,
          packed: words.map { $0.pointer(UInt64.self) + first })
        for row in 0..<rows.batches[index].rowCount { own[Int(part[row])] &+= 1 }
      }
    }
    let starts = counts.makePlaces()
    let places = Buffer(UInt32.self, count: rows.count)
    let packedKeys = words.map { _ in Buffer(UInt64.self, count: rows.count) }
    let moved = columns.sorted().map { column in
      MovedColumn(
        rows.batches.map { $0.columns[column] }, type: rows.types[column], count: rows.count)
    }
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      let next = counts.of(worker)
      for index in ranges[worker] {
        try context.check()
        let first = rows.starts[index]
        let count = rows.batches[index].rowCount
        let part = parts.pointer(UInt16.self) + first
        let place = places.pointer(UInt32.self) + first
        for row in 0..<count {
          place[row] = UInt32(truncatingIfNeeded: next[Int(part[row])])
          next[Int(part[row])] &+= 1
        }
        if let words, let packedKeys {
          scatter(
            words.pointer(UInt64.self) + first, to: packedKeys.pointer(UInt64.self), place, count)
        }
        for column in moved { column.move(piece: index, to: place) }
      }
    }
    self.places = places
    self.starts = starts
    self.packedKeys = packedKeys
    self.columns = Dictionary(uniqueKeysWithValues: zip(columns.sorted(), moved.map(\.vector)))
    types = rows.types
  }

  /// The rows of a part, with the columns that were moved; others are NULL.
  func rows(of part: Int) -> Batch {
    let count = starts[part + 1] - starts[part]
    let columns = types.indices.map { column in
      self.columns[column]?.slice(offset: starts[part], count: count)
        ?? Vector.nulls(types[column], count: count)
    }
    return Batch(columns: columns, rowCount: count)
  }

  /// The packed keys of a part's rows; nil where they do not fit into words.
  func packedKeys(of part: Int) -> Buffer? {
    packedKeys.map {
      Buffer(part: $0, offset: starts[part] * 8, byteCount: (starts[part + 1] - starts[part]) * 8)
    }
  }
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

  /// Writes the part of each row, and its packed keys where there is room for them.
  func number(
    _ batch: Batch, into parts: UnsafeMutablePointer<UInt16>,
    packed: UnsafeMutablePointer<UInt64>?
  ) throws(QueryError) {
    let count = batch.rowCount
    guard let packer, let packed else {
      let hashes = RowHash.hashes(try evaluator.evaluate(keys, batch), count: count)
      let hash = hashes.pointer(UInt64.self)
      for row in 0..<count { parts[row] = UInt16(truncatingIfNeeded: hash[row] &>> shift) }
      return withExtendedLifetime(hashes) {}
    }
    if scratch.byteCount < count * 4 { scratch = Buffer(UInt32.self, count: count) }
    try packer.pack(batch, into: packed, numbers: scratch.pointer(UInt32.self))
    for row in 0..<count {
      parts[row] = UInt16(truncatingIfNeeded: PackedKeyHash.hash(packed[row]) &>> shift)
    }
  }
}

/// A column whose rows are brought into another order, piece by piece.
private struct MovedColumn: @unchecked Sendable {
  private let type: DataType
  private let count: Int
  private let pieces: [Vector]
  /// Set where all pieces share it: codes are moved then.
  private let dictionary: Vector?
  private let values: Buffer
  private let validity: Buffer?

  init(_ given: [Vector], type: DataType, count: Int) {
    self.type = type
    self.count = count
    var pieces = given
    if type.physical == .list {
      // Rows of one vector share their elements.
      let whole = Vector.concatenate(given, type: type).flat()
      var first = 0
      for index in pieces.indices {
        pieces[index] = whole.slice(offset: first, count: given[index].count)
        first += given[index].count
      }
    }
    self.pieces = pieces
    let shared = pieces.first?.dictionary
    dictionary = pieces.allSatisfy { $0.dictionary === shared } ? shared : nil
    let stride = dictionary == nil ? type.physical.stride : MemoryLayout<UInt32>.stride
    values = Buffer(byteCount: count * stride)
    let mayHaveNulls = dictionary == nil && pieces.contains { $0.mayHaveNulls }
    validity = mayHaveNulls ? Buffer(UInt8.self, count: count) : nil
  }

  /// Moves the rows of piece `index`: row i to `places[i]`.
  func move(piece index: Int, to places: UnsafePointer<UInt32>) {
    let piece = pieces[index]
    if dictionary != nil {
      guard let codes = piece.codes else { return }
      return scatter(codes, to: values.pointer(UInt32.self), places, piece.count)
    }
    let flat = piece.flat()
    switch type.physical {
    case .bool:
      scatter(flat.pointer(UInt8.self), to: values.pointer(UInt8.self), places, piece.count)
    case .int64, .double:
      scatter(flat.pointer(Int64.self), to: values.pointer(Int64.self), places, piece.count)
    case .int128, .string, .interval, .list:
      scatter(flat.pointer(Int128.self), to: values.pointer(Int128.self), places, piece.count)
    }
    if let validity = validity?.pointer(UInt8.self) {
      if let valid = flat.validity {
        scatter(valid, to: validity, places, piece.count)
      } else {
        for row in 0..<piece.count { validity[Int(places[row])] = 1 }
      }
    }
    withExtendedLifetime(flat) {}
  }

  /// All rows, once all pieces are moved.
  var vector: Vector {
    if let dictionary {
      return Vector(
        codes: UnsafePointer(values.pointer(UInt32.self)), count: count, dictionary: dictionary,
        owners: [values])
    }
    return Vector(
      flat: type, count: count, values: UnsafeRawPointer(values.base),
      validity: validity.map { UnsafePointer($0.pointer(UInt8.self)) },
      child: pieces.first?.child, mapValues: pieces.first?.mapValues,
      owners: [values] + [validity].compactMap { $0 } + pieces)
  }
}

private func scatter<Element: BitwiseCopyable>(
  _ source: UnsafePointer<Element>, to output: UnsafeMutablePointer<Element>,
  _ places: UnsafePointer<UInt32>, _ count: Int
) {
  var row = 0
  while row < count {
    output[Int(places[row])] = source[row]
    row += 1
  }
}
