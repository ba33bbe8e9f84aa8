import CKernels
import Glibc
import Synchronization

/// Memory that is used again: what a buffer of the pool leaves behind is the next one's. Fresh
/// memory costs more to clear than most buffers cost to fill.
final class BufferPool: Sendable {
  private let spare = Mutex<[MemoryBlock]>([])

  deinit { spare.withLock { for block in $0 { block.release() } } }

  /// A buffer of at least `byteCount` bytes, uninitialised, which comes back by itself.
  ///
  /// - Parameter isFilled: whether all of it is likely to be used.
  func buffer(byteCount: Int, isFilled: Bool = true) -> Buffer {
    let found = spare.withLock { spare -> MemoryBlock? in
      let fitting = spare.indices.filter {
        spare[$0].byteCount >= byteCount && spare[$0].byteCount / 2 <= byteCount
      }
      guard let best = fitting.min(by: { spare[$0].byteCount < spare[$1].byteCount }) else {
        return nil
      }
      return spare.remove(at: best)
    }
    if let found { return Buffer(found, pool: self) }
    let fresh = Buffer(MemoryBlock(byteCount: byteCount), pool: self)
    if isFilled { fresh.useHugePages() }
    return fresh
  }

  func buffer<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) -> Buffer {
    buffer(byteCount: count * MemoryLayout<Element>.stride)
  }

  func takeBack(_ block: MemoryBlock) { spare.withLock { $0.append(block) } }
}
