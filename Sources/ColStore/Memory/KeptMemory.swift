import Glibc
import Synchronization

/// Memory for what is kept for long: handed out piece by piece, and given back as a whole, so that it
/// does not lie between what comes and goes. It comes from the system and goes back there, so that
/// what is kept next takes its place.
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
      let chunk = Buffer(zeroed: UInt64.self, count: max(size, rounded) / 8)
      if size == Self.chunkBytes.greatest { chunk.useHugePages() }
      state = State(chunk: chunk, used: rounded)
      return Buffer(part: chunk, offset: 0, byteCount: bytes)
    }
  }
}
