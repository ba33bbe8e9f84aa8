import CKernels
import Glibc

/// A block of memory with one owner and a fixed size, aligned to a cache line
/// unless it starts as zeros.
public final class Buffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let owner: Owner

  private enum Owner {
    case block(MemoryBlock)
    case pool(MemoryBlock, BufferPool)
    /// The buffer that this one is a part of.
    case whole(Buffer)
  }

  /// Memory of so many bytes is worth huge pages.
  static let hugeBytesMin = 2 << 20

  /// Uninitialised memory of at least one byte.
  public init(byteCount: Int) {
    precondition(byteCount >= 0, "a buffer's size is not negative")
    self.byteCount = byteCount
    let block = MemoryBlock(byteCount: byteCount)
    base = block.base
    owner = .block(block)
  }

  /// Memory that goes back to the pool.
  init(_ block: MemoryBlock, pool: BufferPool) {
    base = block.base
    byteCount = block.byteCount
    owner = .pool(block, pool)
  }

  /// A part of another buffer, which it keeps alive.
  package init(part whole: Buffer, offset: Int, byteCount: Int) {
    base = whole.base + offset
    self.byteCount = byteCount
    owner = .whole(whole)
  }

  /// Memory for `count` values of `Element`, uninitialised.
  public convenience init<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) {
    self.init(byteCount: count * MemoryLayout<Element>.stride)
  }

  /// Zeros; pages of a large buffer take no memory before something is written to them.
  package init<Element: BitwiseCopyable>(zeroed type: Element.Type, count: Int) {
    let block = MemoryBlock(zeroed: count * MemoryLayout<Element>.stride)
    base = block.base
    byteCount = block.byteCount
    owner = .block(block)
  }

  deinit {
    switch owner {
    case .block(let block): block.release()
    case .pool(let block, let pool): pool.takeBack(block)
    case .whole: break
    }
  }

  /// For memory that will be used all over: a large buffer gets huge pages.
  package func useHugePages() {
    if byteCount >= Self.hugeBytesMin { ecq_use_huge_pages(base, byteCount) }
  }

  /// The memory as values of `Element`.
  @inlinable
  public func pointer<Element: BitwiseCopyable>(
    _ type: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    base.assumingMemoryBound(to: Element.self)
  }

  public func zero() { memset(base, 0, byteCount) }
}
