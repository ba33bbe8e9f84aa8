import CKernels
import Glibc

/// A growable array of plain values in unmanaged memory, for loops that fill it by pointer.
struct GrowableArray<Element: BitwiseCopyable>: ~Copyable {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var capacity: Int
  var count = 0

  init(capacity: Int = 64) {
    self.capacity = max(capacity, 16)
    start = MemoryBlock.heapMemory(self.capacity * MemoryLayout<Element>.stride)
      .assumingMemoryBound(to: Element.self)
  }

  deinit { free(start) }

  /// Makes room for `extra` more elements and returns where the next one goes.
  @discardableResult
  mutating func reserve(_ extra: Int) -> UnsafeMutablePointer<Element> {
    if count + extra > capacity {
      capacity = max(capacity * 2, count + extra)
      let byteCount = capacity * MemoryLayout<Element>.stride
      let larger = MemoryBlock.heapMemory(byteCount).assumingMemoryBound(to: Element.self)
      if byteCount >= Buffer.hugeBytesMin { ecq_use_huge_pages(larger, byteCount) }
      memcpy(larger, start, count * MemoryLayout<Element>.stride)
      free(start)
      start = larger
    }
    return start + count
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { reserve(1) }
    start[count] = element
    count &+= 1
  }

  subscript(index: Int) -> Element {
    @inline(__always) get { start[index] }
    @inline(__always) nonmutating set { start[index] = newValue }
  }
}
