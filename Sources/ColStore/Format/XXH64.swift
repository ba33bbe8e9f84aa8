/// The 64-bit xxHash with seed 0 (Yann Collet; the algorithm of the xxHash specification 0.1.1).
enum XXH64 {
  private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
  private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
  private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
  private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
  private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let length = bytes.count
    var at = 0
    var hash: UInt64
    if length >= 32 {
      var lane0 = prime1 &+ prime2
      var lane1 = prime2
      var lane2: UInt64 = 0
      var lane3 = 0 &- prime1
      while at &+ 32 <= length {
        lane0 = round(lane0, word(bytes, at))
        lane1 = round(lane1, word(bytes, at &+ 8))
        lane2 = round(lane2, word(bytes, at &+ 16))
        lane3 = round(lane3, word(bytes, at &+ 24))
        at &+= 32
      }
      hash =
        rotate(lane0, 1) &+ rotate(lane1, 7) &+ rotate(lane2, 12) &+ rotate(lane3, 18)
      for lane in [lane0, lane1, lane2, lane3] {
        hash = (hash ^ round(0, lane)) &* prime1 &+ prime4
      }
    } else {
      hash = prime5
    }
    hash = hash &+ UInt64(length)
    while at + 8 <= length {
      hash = rotate(hash ^ round(0, word(bytes, at)), 27) &* prime1 &+ prime4
      at += 8
    }
    if at + 4 <= length {
      let half = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt32.self))
      hash = rotate(hash ^ (UInt64(half) &* prime1), 23) &* prime2 &+ prime3
      at += 4
    }
    while at < length {
      hash = rotate(hash ^ (UInt64(bytes[at]) &* prime5), 11) &* prime1
      at += 1
    }
    hash = (hash ^ (hash >> 33)) &* prime2
    hash = (hash ^ (hash >> 29)) &* prime3
    return hash ^ (hash >> 32)
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
    value &<< bits | value &>> (64 &- bits)
  }

  @inline(__always)
  private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
    rotate(lane &+ input &* prime2, 31) &* prime1
  }
}

/// The 64-bit xxHash of a text's UTF-8.
public func contentHash(of text: String) -> UInt64 {
  var text = text
  return text.withUTF8 { XXH64.hash(UnsafeRawBufferPointer($0)) }
}
