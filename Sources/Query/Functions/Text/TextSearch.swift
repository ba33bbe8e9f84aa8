import ColStore
import Glibc

/// Finds bytes in bytes.
enum TextSearch {
  /// The offset of the first `needle` in `text` at or behind `start`; nil where there is none.
  static func find(
    _ needle: UnsafeBufferPointer<UInt8>, in text: StringView, from start: Int = 0
  ) -> Int? {
    guard let wanted = needle.baseAddress, needle.count > 0 else {
      return start <= text.count ? start : nil
    }
    let last = text.count - needle.count
    var at = start
    while at <= last {
      guard let found = memchr(text.start + at, Int32(wanted[0]), last - at + 1) else { return nil }
      at = found - UnsafeMutableRawPointer(mutating: text.start)
      if memcmp(found, wanted, needle.count) == 0 { return at }
      at += 1
    }
    return nil
  }
}
