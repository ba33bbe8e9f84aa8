import Glibc

/// A block of memory with one owner and a fixed size, aligned to a cache line.
public final class Buffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int

  /// Uninitialised memory of at least one byte.
  public init(byteCount: Int) {
    precondition(byteCount >= 0, "a buffer's size is not negative")
    self.byteCount = byteCount
    base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
  }

  /// Memory for `count` values of `Element`, uninitialised.
  public convenience init<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) {
    self.init(byteCount: count * MemoryLayout<Element>.stride)
  }

  deinit { base.deallocate() }

  /// The memory as values of `Element`.
  @inlinable
  public func pointer<Element: BitwiseCopyable>(
    _ type: Element.Type = Element.self
  ) -> UnsafeMutablePointer<Element> {
    base.assumingMemoryBound(to: Element.self)
  }

  public func zero() { memset(base, 0, byteCount) }
}
