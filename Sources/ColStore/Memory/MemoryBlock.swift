import Glibc

/// Memory from the heap, or from ``LargeMemory``.
struct MemoryBlock: @unchecked Sendable {
  let base: UnsafeMutableRawPointer
  let byteCount: Int
  /// Where it is of ``LargeMemory``.
  private let large: BlockSupply.Block?

  /// At least `byteCount` uninitialised bytes, aligned to a cache line.
  init(byteCount: Int) {
    large = LargeMemory.take(byteCount)
    base = large?.base ?? Self.heapMemory(byteCount)
    self.byteCount = byteCount
  }

  /// Zeros; pages of a large block take no memory before something is written to them.
  init(zeroed byteCount: Int) {
    guard let memory = calloc(max(byteCount, 1), 1) else {
      preconditionFailure("there is no memory for \(byteCount) bytes")
    }
    base = memory
    self.byteCount = byteCount
    large = nil
  }

  /// Gives the memory back; nobody may use it any more.
  func release() {
    if let large { LargeMemory.takeBack(large) } else { free(base) }
  }

  /// Bytes of the heap, for `free`.
  static func heapMemory(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = aligned_alloc(64, (max(byteCount, 1) + 63) & ~63) else {
      preconditionFailure("there is no memory for \(byteCount) bytes")
    }
    return memory
  }
}
