import CKernels
import Glibc

/// Finds codes by hash: open addressing with linear probing, five
/// eighths full at most. The values lie
/// elsewhere; code 0 stands for NULL and is never found.
struct HashIndex: ~Copyable {
  private struct Slot: BitwiseCopyable {
    /// Half of the hash: its low bits say where the search begins.
    var tag: UInt32
    /// 0 in an empty slot.
    var code: UInt32
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  /// Codes with NULL's.
  private(set) var count = 1

  /// - Parameter capacity: how many values are expected.
  init(capacity: Int = 0) {
    var size = 1 << 9
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    slots = Self.emptySlots(size)
  }

  deinit { free(slots) }

  private static func emptySlots(_ count: Int) -> UnsafeMutablePointer<Slot> {
    let byteCount = count * MemoryLayout<Slot>.stride
    let memory = MemoryBlock.heapMemory(byteCount)
    if byteCount >= Buffer.hugeBytesMin { ecq_use_huge_pages(memory, byteCount) }
    memset(memory, 0, byteCount)
    return memory.assumingMemoryBound(to: Slot.self)
  }

  @inline(__always)
  private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

  @inline(__always)
  func prefetch(_ hash: UInt64) {
    ecq_prefetch(slots + (Int(Self.tag(hash)) & mask))
  }

  /// The code that the value with this hash has most likely, 0 for none: for fetching it ahead.
  @inline(__always)
  func likelyCode(_ hash: UInt64) -> Int {
    let slot = slots[Int(Self.tag(hash)) & mask]
    return slot.tag == Self.tag(hash) ? Int(slot.code) : 0
  }

  /// The code of the value with this hash for which `isEqual` holds, or a new one.
  @inline(__always)
  mutating func findOrAdd(
    _ hash: UInt64, isEqual: (Int) -> Bool
  ) -> (code: UInt32, isNew: Bool) {
    let tag = Self.tag(hash)
    let slots = self.slots
    var at = Int(tag) & mask
    while true {
      let slot = slots[at]
      if slot.code == 0 { return (add(tag, at: at), true) }
      if slot.tag == tag && isEqual(Int(slot.code)) { return (slot.code, false) }
      at = (at &+ 1) & mask
    }
  }

  /// Adds a value that is known to be new.
  mutating func addNew(_ hash: UInt64) {
    let slots = self.slots
    var at = Int(Self.tag(hash)) & mask
    while slots[at].code != 0 { at = (at &+ 1) & mask }
    _ = add(Self.tag(hash), at: at)
  }

  @inline(__always)
  private mutating func add(_ tag: UInt32, at: Int) -> UInt32 {
    let code = UInt32(truncatingIfNeeded: count)
    slots[at] = Slot(tag: tag, code: code)
    count &+= 1
    if count * 8 > mask * 5 { grow() }
    return code
  }

  @inline(never)
  private mutating func grow() {
    let old = slots
    let oldCount = mask + 1
    mask = mask * 2 + 1
    slots = Self.emptySlots(mask + 1)
    for index in 0..<oldCount where old[index].code != 0 {
      var at = Int(old[index].tag) & mask
      while slots[at].code != 0 { at = (at &+ 1) & mask }
      slots[at] = old[index]
    }
    free(old)
  }
}
