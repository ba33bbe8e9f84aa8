/// Working memory of one thread, lent for the length of a call and reused.
class ScratchMemory {
  private var spare: [Buffer] = []

  /// Lends `count` uninitialised elements for the length of `body`.
  final func lend<Element: BitwiseCopyable, Result>(
    _ type: Element.Type, _ count: Int,
    _ body: (UnsafeMutablePointer<Element>) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let buffer = borrow(byteCount: count * MemoryLayout<Element>.stride)
    defer { spare.append(buffer) }
    return try body(buffer.pointer(Element.self))
  }

  private func borrow(byteCount: Int) -> Buffer {
    if let last = spare.popLast(), last.byteCount >= byteCount { return last }
    return Buffer(byteCount: max(byteCount, 1 << 16))
  }
}
