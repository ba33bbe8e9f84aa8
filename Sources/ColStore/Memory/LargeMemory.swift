import Synchronization

/// Memory of large blocks, which is kept for the next ones: fresh memory costs more to clear than most
/// blocks cost to fill.
enum LargeMemory {
  private struct State: Sendable {
    var isInUse = false
    var supply = BlockSupply()
  }

  private static let state = Mutex(State())

  /// Says whether large blocks come from here, and are kept; else what is given back is the system's.
  static func keep(_ keeps: Bool) { state.withLock { $0.isInUse = keeps } }

  /// Bytes of all blocks that somebody has.
  static var bytesTaken: Int { state.withLock { $0.supply.bytesTaken } }

  /// A block of at least so many bytes; nil where it is to come from elsewhere.
  static func take(_ byteCount: Int) -> BlockSupply.Block? {
    guard BlockSupply.sizes.contains(byteCount) else { return nil }
    return state.withLock { $0.isInUse ? $0.supply.take(byteCount) : nil }
  }

  static func takeBack(_ block: BlockSupply.Block) {
    state.withLock { state in
      if !state.isInUse { block.returnToSystem() }
      state.supply.takeBack(block)
    }
  }

  /// Hands the memory of all blocks that nobody has back to the system.
  static func returnSpare() {
    state.withLock { state in
      for block in state.supply.spareBlocks { block.returnToSystem() }
    }
  }
}
