import Synchronization

/// The exceptions of a block that are carried forward: from each on, the word of its parent's code is
/// another for the rest of the block.
final class CarriedChanges: @unchecked Sendable {
  let count: Int
  /// The rows, ascending, the parent's code in each, and the code's new word.
  let rows: UnsafePointer<UInt32>
  let codes: UnsafePointer<UInt32>
  let words: UnsafePointer<UInt64>
  private let owners: (Exceptions<UInt64>, Buffer)

  init(_ exceptions: Exceptions<UInt64>, codes: Buffer) {
    count = exceptions.count
    rows = UnsafePointer(exceptions.rows)
    words = UnsafePointer(exceptions.words)
    self.codes = UnsafePointer(codes.pointer(UInt32.self))
    owners = (exceptions, codes)
  }

  var byteCount: Int { count * 16 }
}

/// What was decoded of a store's derived columns, kept for later scans while there is room.
final class DerivedCache: Sendable {
  private let changes = Mutex<[BlockPlace: CarriedChanges]>([:])
  private let overrides = Mutex<[BlockPlace: [(code: Int, word: UInt64)]]>([:])
  /// Gives the room.
  private let blocks: BlockCache

  init(sharing blocks: BlockCache) { self.blocks = blocks }

  func changes(
    _ column: Int, _ morsel: Morsel, decode: () throws(StoreError) -> CarriedChanges
  ) throws(StoreError) -> CarriedChanges {
    let place = BlockPlace(column, morsel)
    if let known = changes.withLock({ $0[place] }) { return known }
    let decoded = try decode()
    if blocks.reserve(decoded.byteCount) { changes.withLock { $0[place] = decoded } }
    return decoded
  }

  /// The overrides of a column's map in a row group.
  func overrides(
    _ column: Int, _ rowGroup: Int,
    decode: () throws(StoreError) -> [(code: Int, word: UInt64)]
  ) throws(StoreError) -> [(code: Int, word: UInt64)] {
    let place = BlockPlace(column, rowGroup: rowGroup)
    if let known = overrides.withLock({ $0[place] }) { return known }
    let decoded = try decode()
    if blocks.reserve(decoded.count * 16) { overrides.withLock { $0[place] = decoded } }
    return decoded
  }
}
