import Glibc
import Synchronization

/// Memory for what is kept as long as a store is open: handed out piece by piece, and given back as a
/// whole, so that what is kept for long does not lie between what comes and goes.
final class KeptMemory: Sendable {
  private struct State {
    var chunk: Buffer?
    var used = 0
  }

  private let state = Mutex(State())

  /// Chunks double up to this size; large ones have huge pages, whose first touch costs less.
  private static let chunkBytes = (least: 1 << 20, greatest: 32 << 20)

  /// A copy of `count` values.
  func copy<Element: BitwiseCopyable>(_ values: UnsafePointer<Element>, count: Int) -> Buffer {
    let bytes = count * MemoryLayout<Element>.stride
    let target = take(bytes)
    memcpy(target.base, values, bytes)
    return target
  }

  private func take(_ bytes: Int) -> Buffer {
    let rounded = (bytes + 63) & ~63
    return state.withLock { state in
      if let chunk = state.chunk, state.used + rounded <= chunk.byteCount {
        defer { state.used += rounded }
        return Buffer(part: chunk, offset: state.used, byteCount: bytes)
      }
      let doubled = 2 * (state.chunk?.byteCount ?? 0)
      let size = min(max(doubled, Self.chunkBytes.least), Self.chunkBytes.greatest)
      let chunk = Buffer(byteCount: max(size, rounded))
      if size == Self.chunkBytes.greatest { chunk.useHugePages() }
      state = State(chunk: chunk, used: rounded)
      return Buffer(part: chunk, offset: 0, byteCount: bytes)
    }
  }
}
