import Synchronization

/// Decoded blocks of a store, kept for later scans while there is room: as narrow numbers or as runs,
/// from which a vector is made by copying.
///
/// A block is worth keeping once a second reader asks for it: a program that runs one statement then
/// decodes no more than the statement needs. Where there is no room left, a column makes room that
/// nobody has read since the block was asked for before: what is asked for again and again drives out
/// what is not, and statements that take turns leave each other's columns alone. (The rule of LRU-2,
/// for columns: O'Neil, O'Neil, Weikum, "The LRU-K Page Replacement Algorithm for Database Disk
/// Buffering", SIGMOD 1993.)
final class BlockCache: Sendable {
  private struct Place: Hashable {
    let rowGroup: Int
    let block: Int

    init(_ morsel: Morsel) {
      rowGroup = morsel.rowGroup
      block = morsel.block
    }
  }

  private enum Entry {
    /// The block is not kept; this reader asked for it last.
    case asked(reader: Int)
    case kept(DecodedBlock)
  }

  private struct Column {
    var entries: [Place: Entry] = [:]
    var bytesKept = 0
    /// The last reader of what is kept.
    var lastReader = 0
    let memory = KeptMemory()

    mutating func isRead(by reader: Int) { lastReader = max(lastReader, reader) }
  }

  private struct State {
    var columns: [Int: Column] = [:]
    var bytesLeft: Int

    /// Takes out the column that was read last before all others that have something kept, if that
    /// was before `reader`.
    mutating func removeColumn(readBefore reader: Int) -> Column? {
      let kept = columns.lazy.filter { $0.value.bytesKept > 0 }
      guard let oldest = kept.min(by: { $0.value.lastReader < $1.value.lastReader }),
        oldest.value.lastReader < reader
      else { return nil }
      bytesLeft += oldest.value.bytesKept
      return columns.removeValue(forKey: oldest.key)
    }
  }

  private let state: Mutex<State>
  private let readers = Atomic(0)

  init(bytesMax: Int) { state = Mutex(State(bytesLeft: bytesMax)) }

  /// Leaves room for no more than `bytes`, where nothing is kept yet.
  func limit(to bytes: Int) { state.withLock { $0.bytesLeft = min($0.bytesLeft, bytes) } }

  /// A number for a reader, by which it asks; later readers have greater ones.
  func makeReaderNumber() -> Int { readers.wrappingAdd(1, ordering: .relaxed).newValue }

  func block(_ column: Int, _ morsel: Morsel, by reader: Int) -> DecodedBlock? {
    state.withLock { state in
      guard case .kept(let block) = state.columns[column]?.entries[Place(morsel)] else {
        return nil
      }
      state.columns[column]?.isRead(by: reader)
      return block
    }
  }

  /// Whether the block should be decoded whole and kept: another reader has asked for it before, and
  /// it is likely to find room, once columns have gone that were not read since.
  func wants(_ column: Int, _ morsel: Morsel, by reader: Int) -> Bool {
    let bytes = morsel.rowCount * 8
    // Dropped when the lock is released.
    var removed: [Column] = []
    return state.withLock { state in
      switch state.columns[column]?.entries[Place(morsel)] {
      case .asked(let before):
        guard before != reader else { return false }
        while state.bytesLeft < bytes, let oldest = state.removeColumn(readBefore: before) {
          removed.append(oldest)
        }
        if state.bytesLeft >= bytes { return true }
        state.columns[column]?.entries[Place(morsel)] = .asked(reader: reader)
        return false
      case .kept: return false
      case nil:
        state.columns[column, default: Column()].entries[Place(morsel)] = .asked(reader: reader)
        return false
      }
    }
  }

  /// Keeps a block, where there is room and none is kept yet.
  func keep(_ block: DecodedBlock, _ column: Int, _ morsel: Morsel, by reader: Int) {
    let bytes = block.byteCount
    let memory = state.withLock { state -> KeptMemory? in
      if case .kept = state.columns[column]?.entries[Place(morsel)] { return nil }
      guard state.bytesLeft >= bytes else { return nil }
      state.bytesLeft -= bytes
      return state.columns[column, default: Column()].memory
    }
    guard let memory else { return }
    let kept = block.copied(to: memory)
    state.withLock { state in
      // Another reader may have kept the same meanwhile.
      if case .kept = state.columns[column]?.entries[Place(morsel)] {
        state.bytesLeft += bytes
        return
      }
      state.columns[column, default: Column()].entries[Place(morsel)] = .kept(kept)
      state.columns[column]?.bytesKept += bytes
      state.columns[column]?.isRead(by: reader)
    }
  }

  /// Takes room for `bytes` for good, or returns false where there is none left.
  func reserve(_ bytes: Int) -> Bool {
    state.withLock { state in
      guard state.bytesLeft >= bytes else { return false }
      state.bytesLeft -= bytes
      return true
    }
  }
}

/// A column of a morsel, decoded.
enum DecodedBlock: Sendable {
  /// Codes of a dictionary column.
  case codes(NarrowNumbers)
  /// The same as runs, whose rows are not written down as long as they are kept.
  case runs(CodeRuns)
  case words(NarrowNumbers, validity: Buffer?, ascendsInClusters: Bool = false)
  /// Any other column, flat.
  case values(Vector, byteCount: Int)

  var byteCount: Int {
    switch self {
    case .codes(let codes): codes.byteCount
    case .runs(let runs): runs.count * 8
    case .words(let words, let validity, _): words.byteCount + (validity?.byteCount ?? 0)
    case .values(_, let byteCount): byteCount
    }
  }

  /// The same in memory that is kept. Values stay where they are, and so do runs, which share their
  /// ends with those of other columns.
  func copied(to memory: KeptMemory) -> DecodedBlock {
    switch self {
    case .codes(let codes): .codes(codes.copied(to: memory))
    case .words(let words, let validity, let ascends):
      .words(words.copied(to: memory), validity: validity, ascendsInClusters: ascends)
    case .runs, .values: self
    }
  }

  /// The column, or its selected rows.
  func vector(_ type: DataType, _ rows: SelectedRows?) -> Vector {
    switch self {
    case .codes, .runs: preconditionFailure("codes are read with their dictionary")
    case .words(let words, let validity, let ascends):
      guard let rows else {
        return words.vector(type, validity: validity, ascendsInClusters: ascends)
      }
      return Vector(
        flat: type, count: rows.count, values: words.pickWords(rows),
        validity: validity.map { Self.picked(UnsafeRawPointer($0.base), 1, rows) })
    case .values(let vector, _):
      guard let rows else { return vector }
      return Vector(
        flat: type, count: rows.count,
        values: Self.picked(vector.values, type.physical.stride, rows),
        validity: vector.validity.map { Self.picked(UnsafeRawPointer($0), 1, rows) },
        owners: [vector])
    }
  }

  /// The selected of values of `stride` bytes.
  private static func picked(
    _ values: UnsafeRawPointer, _ stride: Int, _ rows: SelectedRows
  ) -> Buffer {
    let output = Buffer(byteCount: rows.count * stride)
    for index in 0..<rows.count {
      (output.base + index * stride).copyMemory(
        from: values + Int(rows.rows[index]) * stride, byteCount: stride)
    }
    return output
  }
}
