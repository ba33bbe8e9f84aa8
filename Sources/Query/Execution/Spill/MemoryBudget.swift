import ColStore

/// What an operator may hold before it goes on in files: a part of what the memory limit leaves.
struct MemoryBudget: Sendable {
  /// Bytes that were left when the operator began.
  let bytes: Int
  /// Instead of bytes: the rows, or groups, that may be held.
  let rowsMax: Int?
  private let start: Int

  /// Nil where memory is not limited.
  init?(_ options: QueryOptions) {
    guard options.memoryLimit != nil || options.rowsHeldMax != nil else { return nil }
    start = privateMemoryBytes()
    rowsMax = options.rowsHeldMax
    let limit = options.memoryLimit ?? 1 << 40
    // What cannot be spilled may have taken most of it.
    bytes = max(limit - start, limit / 8)
  }

  /// The same, held to by counting rows, or groups, of so many bytes: where the process may have grown
  /// for other reasons.
  func counting(rowsOf bytesPerRow: Int, part: Double) -> MemoryBudget {
    MemoryBudget(
      bytes: bytes, rowsMax: rowsMax ?? Int(Double(bytes) * part) / bytesPerRow, start: start)
  }

  private init(bytes: Int, rowsMax: Int?, start: Int) {
    self.bytes = bytes
    self.rowsMax = rowsMax
    self.start = start
  }

  /// Whether the process has grown by more than `part` of the budget; `rows` is what the caller
  /// holds.
  func isOver(_ part: Double, rows: Int) -> Bool {
    if let rowsMax { return rows > rowsMax }
    return Double(privateMemoryBytes() - start) > Double(bytes) * part
  }

  /// Whether each of `workers` may hold the rows at such places, where they take `part` of the budget
  /// between them. What the rows take is known, whatever the process has grown by.
  func hasRoom(for places: [SpillArea.Place], part: Double, workers: Int) -> Bool {
    if let rowsMax { return places.reduce(0) { $0 + $1.rowCount } <= rowsMax }
    return places.reduce(0) { $0 + $1.byteCount } <= Int(Double(bytes) * part) / workers
  }

  /// Bytes that a worker of `workers` may collect, where working on them takes `factor` times as
  /// much.
  func share(workers: Int, factor: Int) -> Int {
    max(bytes / (workers * factor), 1 << 18)
  }
}

extension QueryContext {
  var budget: MemoryBudget? { MemoryBudget(options) }
}

extension Batch {
  /// About how many bytes the batch takes, but for dictionaries.
  var estimatedBytes: Int { columns.reduce(0) { $0 + $1.estimatedBytes } }
}

extension Vector {
  fileprivate var estimatedBytes: Int {
    switch layout {
    case .constant: return 0
    case .dictionary: return count * 4
    case .flat: break
    }
    var bytes = count * (type.physical.stride + (validity == nil ? 0 : 1))
    switch type.physical {
    case .string:
      let views = pointer(StringView.self)
      for row in 0..<count where !isNull(row) { bytes += views[row].count }
    case .list:
      let lists = pointer(ListView.self)
      for row in 0..<count where !isNull(row) { bytes += lists[row].count * 16 }
    default: break
    }
    return bytes
  }
}
