import CKernels
import Glibc
import Synchronization

/// Memory that is used again: what a buffer of the pool leaves behind is the next one's. Fresh
/// memory costs more to clear than most buffers cost to fill.
final class BufferPool: Sendable {
  private struct Spare: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
  }

  private let spare = Mutex<[Spare]>([])

  deinit { spare.withLock { for memory in $0 { free(memory.base) } } }

  /// A buffer of at least `byteCount` bytes, uninitialised, which comes back by itself.
  ///
  /// - Parameter isFilled: whether all of it is likely to be used.
  func buffer(byteCount: Int, isFilled: Bool = true) -> Buffer {
    let found = spare.withLock { spare -> Spare? in
      let fitting = spare.indices.filter {
        spare[$0].byteCount >= byteCount && spare[$0].byteCount / 2 <= byteCount
      }
      guard let best = fitting.min(by: { spare[$0].byteCount < spare[$1].byteCount }) else {
        return nil
      }
      return spare.remove(at: best)
    }
    if let found { return Buffer(base: found.base, byteCount: found.byteCount, pool: self) }
    let fresh = Buffer(base: Buffer.allocate(byteCount), byteCount: byteCount, pool: self)
    if isFilled { fresh.useHugePages() }
    return fresh
  }

  func buffer<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) -> Buffer {
    buffer(byteCount: count * MemoryLayout<Element>.stride)
  }

  func takeBack(_ base: UnsafeMutableRawPointer, byteCount: Int) {
    spare.withLock { $0.append(Spare(base: base, byteCount: byteCount)) }
  }
}
