import ColStore
import Glibc

extension Buffer {
  /// Memory for `count` values, uninitialised, in huge pages where it is large: the first touch of
  /// small ones costs more than what is written.
  static func large<Element: BitwiseCopyable>(_ type: Element.Type, count: Int) -> Buffer {
    let buffer = Buffer(type, count: count)
    let size = 2 << 20
    guard buffer.byteCount >= 2 * size else { return buffer }
    let start = UInt(bitPattern: buffer.base)
    let aligned = (start + UInt(size) - 1) & ~UInt(size - 1)
    let end = (start + UInt(buffer.byteCount)) & ~UInt(size - 1)
    if end > aligned, let first = UnsafeMutableRawPointer(bitPattern: aligned) {
      // Advice: where it is not taken, nothing but time is lost.
      _ = madvise(first, Int(end - aligned), Int32(MADV_HUGEPAGE))
    }
    return buffer
  }
}
