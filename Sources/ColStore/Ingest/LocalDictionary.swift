import Glibc

/// The distinct texts of one column in one chunk, numbered from 1 in order of first appearance;
/// 0 is NULL. Open addressing with linear probing.
///
/// Texts are known by their bytes, so that each distinct text is parsed once, however often it
/// appears. The bytes are copied: entries outlive the piece of text they came from.
struct LocalDictionary: ~Copyable {
  private struct Slot {
    var tag: UInt32
    /// 0 in an empty slot.
    var code: UInt32
  }

  private var slots: UnsafeMutablePointer<Slot>
  private var mask: Int
  /// Entry e's bytes are `bytes[offsets[e] ..< offsets[e + 1]]`; entry 0, NULL, is empty.
  private(set) var offsets = GrowableArray<Int>(capacity: 1024)
  private(set) var hashes = GrowableArray<UInt64>(capacity: 1024)


  private(set) var bytes = GrowableArray<UInt8>(capacity: 1 << 14)

  init() {
    mask = (1 << 12) - 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    offsets.append(0)
    offsets.append(0)
    hashes.append(0)

  }

  deinit { slots.deallocate() }

  /// Entries with NULL's.
  var count: Int { hashes.count }

  func view(_ entry: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: bytes.start + offsets[entry], count: offsets[entry + 1] - offsets[entry])
  }

  /// The code of a text, which is readable eight bytes further; new texts are added.
  @inline(__always)
  mutating func code(of text: UnsafePointer<UInt8>, count length: Int) -> UInt32 {
    let hash = HashMixing.hash(text, count: length)
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    var at = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[at]
      if slot.code == 0 { return add(text, length, hash: hash, at: at) }
      if slot.tag == tag {
        let entry = Int(slot.code)
        let start = offsets[entry]
        if offsets[entry &+ 1] &- start == length
          && HashMixing.equal(bytes.start + start, text, count: length)
        {
          return slot.code
        }
      }
      at = (at &+ 1) & mask
    }
  }

  @inline(never)
  private mutating func add(
    _ text: UnsafePointer<UInt8>, _ length: Int, hash: UInt64, at: Int
  ) -> UInt32 {
    let code = UInt32(count)
    let target = bytes.reserve(length + 8)
    memcpy(target, text, length)
    bytes.count += length
    offsets.append(bytes.count)
    hashes.append(hash)

    slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), code: code)
    if count * 2 > mask { grow() }
    return code
  }

  private mutating func grow() {
    slots.deallocate()
    mask = mask * 2 + 1
    slots = .allocate(capacity: mask + 1)
    slots.initialize(repeating: Slot(tag: 0, code: 0), count: mask + 1)
    for entry in 1..<count {
      let hash = hashes[entry]
      var at = Int(truncatingIfNeeded: hash) & mask
      while slots[at].code != 0 { at = (at &+ 1) & mask }
      slots[at] = Slot(tag: UInt32(truncatingIfNeeded: hash >> 32), code: UInt32(entry))
    }
  }
}
