import CKernels
import Glibc

/// A block of memory with one owner and a fixed size, aligned to a cache line
/// unless it starts as zeros.
public final class Buffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let pool: BufferPool?
  /// The buffer that this one is a part of.
  private let whole: Buffer?

  /// Memory of so many bytes is worth huge pages.
  static let hugeBytesMin = 2 << 20

  /// Uninitialised memory of at least one byte.
  public init(byteCount: Int) {
    precondition(byteCount >= 0, "a buffer's size is not negative")
    self.byteCount = byteCount
    base = Self.allocate(byteCount)
    pool = nil
    whole = nil
  }

  /// Memory that goes back to the pool.
  init(base: UnsafeMutableRawPointer, byteCount: Int, pool: BufferPool) {
    self.base = base
    self.byteCount = byteCount
    self.pool = pool
    whole = nil
  }

  /// A part of another buffer, which it keeps alive.
  init(part whole: Buffer, offset: Int, byteCount: Int) {
    base = whole.base + offset
    self.byteCount = byteCount
    pool = nil
    self.whole = whole
  }

  static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = aligned_alloc(64, (max(byteCount, 1) + 63) & ~63) else {
      preconditionFailure("there is no memory for \(byteCount) bytes")
    }
    return memory
  }

  /// Memory for `count` values of `Element`, uninitialised.
  public convenience init<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) {
    self.init(byteCount: count * MemoryLayout<Element>.stride)
  }

  /// Zeros; pages of a large buffer take no memory before something is written to them.
  init<Element: BitwiseCopyable>(zeroed type: Element.Type, count: Int) {
    byteCount = count * MemoryLayout<Element>.stride
    guard let memory = calloc(max(byteCount, 1), 1) else {
      preconditionFailure("there is no memory for \(count) values")
    }
    base = memory
    pool = nil
    whole = nil
  }

  deinit {
    if let pool {
      pool.takeBack(base, byteCount: byteCount)
    } else if whole == nil {
      free(base)
    }
  }

  /// For memory that will be used all over: a large buffer gets huge pages.
  func useHugePages() {
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
