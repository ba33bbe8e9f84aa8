import ColStore

/// md5, sha1, sha256: digests of a text as lower-case hexadecimal digits (RFC 1321, FIPS 180-4).
enum Digests {
  static let functions: [ScalarFunction] = [
    function("md5") { md5($0) }, function("sha1") { sha1($0) }, function("sha256") { sha256($0) },
  ]

  private static func function(
    _ name: String, _ digest: @escaping @Sendable ([UInt8]) -> [UInt8]
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text)",
      overloads: [
        TextFunctions.overload(name, [.varchar]) { row, buffer in
          let digits = Array("0123456789abcdef".utf8)
          for byte in digest(Array(row.text(0).bytes)) {
            buffer.append(digits[Int(byte >> 4)])
            buffer.append(digits[Int(byte & 15)])
          }
          return buffer.view
        }
      ])
  }

  /// The message with a one bit, zeros, and its length in bits, in whole blocks of 64 bytes.
  private static func padded(_ message: [UInt8], bigEndian: Bool) -> [UInt8] {
    var bytes = message
    bytes.append(0x80)
    while bytes.count % 64 != 56 { bytes.append(0) }
    let bits = UInt64(message.count) &* 8
    for index in 0..<8 {
      let shift = UInt64(bigEndian ? 56 - 8 * index : 8 * index)
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    return bytes
  }

  private static func words(_ bytes: [UInt8], _ block: Int, bigEndian: Bool) -> [UInt32] {
    (0..<16).map { word in
      (0..<4).reduce(0) { value, index in
        let byte = UInt32(bytes[block * 64 + word * 4 + index])
        return value | byte << UInt32(bigEndian ? 24 - 8 * index : 8 * index)
      }
    }
  }

  private static func bytes(_ state: [UInt32], bigEndian: Bool) -> [UInt8] {
    state.flatMap { word in
      (0..<4).map {
        UInt8(truncatingIfNeeded: word >> UInt32(bigEndian ? 24 - 8 * $0 : 8 * $0))
      }
    }
  }

  private static func rotated(_ value: UInt32, left count: UInt32) -> UInt32 {
    value << count | value >> (32 - count)
  }

  // MARK: MD5

  private static let md5Shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]

  /// floor(2^32 × |sin(i + 1)|).
  private static let md5Constants: [UInt32] = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613,
    0xfd46_9501, 0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193,
    0xa679_438e, 0x49b4_0821, 0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d,
    0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8, 0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed,
    0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a, 0xfffa_3942, 0x8771_f681, 0x6d9d_6122,
    0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70, 0x289b_7ec6, 0xeaa1_27fa,
    0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665, 0xf429_2244,
    0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb,
    0xeb86_d391,
  ]

  private static func md5(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
    let input = padded(message, bigEndian: false)
    for block in 0..<input.count / 64 {
      let word = words(input, block, bigEndian: false)
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      for step in 0..<64 {
        let mixed: UInt32
        let place: Int
        switch step / 16 {
        case 0: (mixed, place) = (b & c | ~b & d, step)
        case 1: (mixed, place) = (d & b | ~d & c, (5 * step + 1) % 16)
        case 2: (mixed, place) = (b ^ c ^ d, (3 * step + 5) % 16)
        default: (mixed, place) = (c ^ (b | ~d), 7 * step % 16)
        }
        let sum = a &+ mixed &+ md5Constants[step] &+ word[place]
        let shift = md5Shifts[step / 16 * 4 + step % 4]
        (a, d, c, b) = (d, c, b, b &+ rotated(sum, left: shift))
      }
      state[0] &+= a
      state[1] &+= b
      state[2] &+= c
      state[3] &+= d
    }
    return bytes(state, bigEndian: false)
  }

  // MARK: SHA

  private static func sha1(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0]
    let input = padded(message, bigEndian: true)
    for block in 0..<input.count / 64 {
      var word = words(input, block, bigEndian: true)
      for step in 16..<80 {
        word.append(
          rotated(word[step - 3] ^ word[step - 8] ^ word[step - 14] ^ word[step - 16], left: 1))
      }
      var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
      for step in 0..<80 {
        let mixed: UInt32
        let constant: UInt32
        switch step / 20 {
        case 0: (mixed, constant) = (b & c | ~b & d, 0x5a82_7999)
        case 1: (mixed, constant) = (b ^ c ^ d, 0x6ed9_eba1)
        case 2: (mixed, constant) = (b & c | b & d | c & d, 0x8f1b_bcdc)
        default: (mixed, constant) = (b ^ c ^ d, 0xca62_c1d6)
        }
        let next = rotated(a, left: 5) &+ mixed &+ e &+ constant &+ word[step]
        (e, d, c, b, a) = (d, c, rotated(b, left: 30), a, next)
      }
      for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
    }
    return bytes(state, bigEndian: true)
  }

  private static let sha256Constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]

  private static func sha256(_ message: [UInt8]) -> [UInt8] {
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    func right(_ value: UInt32, _ count: UInt32) -> UInt32 { rotated(value, left: 32 - count) }
    let input = padded(message, bigEndian: true)
    for block in 0..<input.count / 64 {
      var word = words(input, block, bigEndian: true)
      for step in 16..<64 {
        let (x, y) = (word[step - 15], word[step - 2])
        let first = right(x, 7) ^ right(x, 18) ^ x >> 3
        let second = right(y, 17) ^ right(y, 19) ^ y >> 10
        word.append(word[step - 16] &+ first &+ word[step - 7] &+ second)
      }
      var own = state
      for step in 0..<64 {
        let (a, b, c, e) = (own[0], own[1], own[2], own[4])
        let upper = right(e, 6) ^ right(e, 11) ^ right(e, 25)
        let choice = e & own[5] ^ ~e & own[6]
        let first = own[7] &+ upper &+ choice &+ sha256Constants[step] &+ word[step]
        let lower = right(a, 2) ^ right(a, 13) ^ right(a, 22)
        let majority = a & b ^ a & c ^ b & c
        own = [first &+ lower &+ majority, a, b, c, own[3] &+ first, e, own[5], own[6]]
      }
      for index in 0..<8 { state[index] &+= own[index] }
    }
    return bytes(state, bigEndian: true)
  }
}
