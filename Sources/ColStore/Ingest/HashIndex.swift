import CKernels

/// Finds codes by hash: open addressing with linear probing, half full at most. The values lie
/// elsewhere; code 0 stands for NULL and is never found.
struct HashIndex: ~Copyable {
  private struct Slot {
    var tag: UInt32
    /// 0 in an empty slot.
    var code: UInt32
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  /// The low half of each code's hash; the high half is the slot's tag.
  private var hashes = GrowableArray<UInt32>(capacity: 256)

  /// - Parameter capacity: how many values are expected.
  init(capacity: Int = 0) {
    var size = 1 << 9
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    hashes.append(0)
  }

  deinit { slots.deallocate() }

  /// Codes with NULL's.
  var count: Int { hashes.count }

  @inline(__always)
  func prefetch(_ hash: UInt64) {
    ecq_prefetch(slots + (Int(truncatingIfNeeded: hash) & mask))
  }

  /// The code of the value with this hash for which `isEqual` holds, or a new one.
  @inline(__always)
  mutating func findOrAdd(
    _ hash: UInt64, isEqual: (Int) -> Bool
  ) -> (code: UInt32, isNew: Bool) {
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[at]
      if slot.code == 0 { return (add(hash, at: at), true) }
      if slot.tag == tag && isEqual(Int(slot.code)) { return (slot.code, false) }
      at = (at &+ 1) & mask
    }
  }

  /// Adds a value that is known to be new.
  mutating func addNew(_ hash: UInt64) {
    var at = Int(truncatingIfNeeded: hash) & mask
    while slots[at].code != 0 { at = (at &+ 1) & mask }
    _ = add(hash, at: at)
  }

  @inline(never)
  private mutating func add(_ hash: UInt64, at: Int) -> UInt32 {
    let code = UInt32(truncatingIfNeeded: count)
    slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), code: code)
    hashes.append(UInt32(truncatingIfNeeded: hash))
    if count * 2 > mask { grow() }
    return code
  }

  private mutating func grow() {
    let old = slots
    let oldCount = mask + 1
    mask = mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    for index in 0..<oldCount where old[index].code != 0 {
      let slot = old[index]
      var at = Int(hashes[Int(slot.code)]) & mask
      while slots[at].code != 0 { at = (at &+ 1) & mask }
      slots[at] = slot
    }
    old.deallocate()
  }
}
