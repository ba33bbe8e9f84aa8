/// The hashes of ingest's dictionaries: fast, not seeded, and the same on every machine.
enum HashMixing {
  @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inline(__always)
  static func hash(_ word: UInt64) -> UInt64 {
    fold(word ^ 0x9E37_79B9_7F4A_7C15, 0xD6E8_FEB8_6659_FD93)
  }

  @inline(__always)
  static func hash(_ value: Int128) -> UInt64 {
    let bits = UInt128(bitPattern: value)
    return fold(
      UInt64(truncatingIfNeeded: bits) ^ 0x9E37_79B9_7F4A_7C15,
      UInt64(truncatingIfNeeded: bits >> 64) ^ 0xD6E8_FEB8_6659_FD93)
  }

  /// Hashes `count` bytes in whole words; eight bytes past the end are readable.
  @inline(__always)
  static func hash(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var state = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var at = 0
    while at &+ 8 < count {
      state = fold(
        state ^ raw.loadUnaligned(fromByteOffset: at, as: UInt64.self), 0xA076_1D64_78BD_642F)
      at &+= 8
    }
    let left = UInt64(truncatingIfNeeded: count &- at)
    let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    // The bytes past the end are shifted out; of zero bytes nothing remains.
    let tail = left == 0 ? 0 : word &<< (64 &- 8 &* left)
    return fold(state ^ tail, 0xE703_7ED1_A0B4_28DB)
  }

  /// Whether two runs of `count` bytes are equal; eight bytes past both ends are readable.
  @inline(__always)
  static func equal(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    let left = UnsafeRawPointer(left)
    let right = UnsafeRawPointer(right)
    var at = 0
    while at &+ 8 <= count {
      let difference =
        left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        ^ right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if difference != 0 { return false }
      at &+= 8
    }
    let rest = UInt64(truncatingIfNeeded: count &- at)
    if rest == 0 { return true }
    let difference =
      left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      ^ right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    return difference &<< (64 &- 8 &* rest) == 0
  }
}
