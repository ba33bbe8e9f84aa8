import Synchronization

/// Decoded blocks of a store, kept for later scans while there is room: as narrow numbers or as runs,
/// from which a vector is made by copying.
///
/// A block is worth keeping once a second reader asks for it: a program that runs one statement then
/// decodes no more than the statement needs.
final class BlockCache: Sendable {
  private struct Place: Hashable {
    let column: Int
    let rowGroup: Int
    let block: Int

    init(_ column: Int, _ morsel: Morsel) {
      self.column = column
      rowGroup = morsel.rowGroup
      block = morsel.block
    }
  }

  private enum Entry {
    /// Nobody but this reader has asked for the block.
    case asked(reader: Int)
    case kept(DecodedBlock)

    var block: DecodedBlock? { if case .kept(let block) = self { block } else { nil } }
  }

  private let entries = Mutex<[Place: Entry]>([:])
  private let readers = Atomic(0)
  private let bytesLeft: Atomic<Int>
  private let memory = KeptMemory()

  init(bytesMax: Int) { bytesLeft = Atomic(bytesMax) }

  /// Leaves room for no more than `bytes`, where nothing is kept yet.
  func limit(to bytes: Int) {
    if bytes < bytesLeft.load(ordering: .relaxed) { bytesLeft.store(bytes, ordering: .relaxed) }
  }

  /// A number for a reader, by which it asks.
  func makeReaderNumber() -> Int { readers.wrappingAdd(1, ordering: .relaxed).newValue }

  func block(_ column: Int, _ morsel: Morsel) -> DecodedBlock? {
    entries.withLock { $0[Place(column, morsel)]?.block }
  }

  /// Whether the block should be decoded whole and kept: another reader has asked for it before, and
  /// it is likely to find room.
  func wants(_ column: Int, _ morsel: Morsel, by reader: Int) -> Bool {
    guard bytesLeft.load(ordering: .relaxed) >= morsel.rowCount * 8 else { return false }
    return entries.withLock { entries in
      let place = Place(column, morsel)
      switch entries[place] {
      case .asked(let first): return first != reader
      case .kept: return false
      case nil:
        entries[place] = .asked(reader: reader)
        return false
      }
    }
  }

  /// Keeps a block, where there is room and none is kept yet.
  func keep(_ block: DecodedBlock, _ column: Int, _ morsel: Morsel) {
    let place = Place(column, morsel)
    let isKnown = entries.withLock { $0[place]?.block != nil }
    guard !isKnown, reserve(block.byteCount) else { return }
    let kept = block.copied(to: memory)
    entries.withLock { $0[place] = .kept(kept) }
  }

  /// Takes room for `bytes`, or returns false where there is none left.
  func reserve(_ bytes: Int) -> Bool {
    let left = bytesLeft.wrappingSubtract(bytes, ordering: .relaxed).newValue
    if left >= 0 { return true }
    bytesLeft.wrappingAdd(bytes, ordering: .relaxed)
    return false
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
        return Vector(
          flat: type, count: words.count, values: words.wideWords(), validity: validity,
          ascendsInClusters: ascends)
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
