import CNettle
import ColStore

/// md5, sha1, sha256: digests of a text as lower-case hexadecimal digits (RFC 1321, FIPS
/// 180-4), computed by Nettle.
enum Digests {
  static let functions: [ScalarFunction] = [
    function("md5", byteCount: Int(MD5_DIGEST_SIZE)) { text, digest in
      var state = md5_ctx()
      nettle_md5_init(&state)
      nettle_md5_update(&state, text.count, text.start)
      nettle_md5_digest(&state, Int(MD5_DIGEST_SIZE), digest)
    },
    function("sha1", byteCount: Int(SHA1_DIGEST_SIZE)) { text, digest in
      var state = sha1_ctx()
      nettle_sha1_init(&state)
      nettle_sha1_update(&state, text.count, text.start)
      nettle_sha1_digest(&state, Int(SHA1_DIGEST_SIZE), digest)
    },
    function("sha256", byteCount: Int(SHA256_DIGEST_SIZE)) { text, digest in
      var state = sha256_ctx()
      nettle_sha256_init(&state)
      nettle_sha256_update(&state, text.count, text.start)
      nettle_sha256_digest(&state, Int(SHA256_DIGEST_SIZE), digest)
    },
  ]

  private static func function(
    _ name: String, byteCount: Int,
    _ digest: @escaping @Sendable (StringView, UnsafeMutablePointer<UInt8>) -> Void
  ) -> ScalarFunction {
    let overload = ScalarOverload(name: name, [.varchar], .varchar) { arguments, count in
      let texts = Rows<StringView>(arguments[0])
      var output = TextBuilder(count: count)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { bytes in
        guard let bytes = bytes.baseAddress else { return }
        for row in 0..<count {
          if texts.isNull(row) {
            output.setNull(row)
            continue
          }
          digest(texts[row], bytes)
          let digits = output.arena.allocate(2 * byteCount)
          for byte in 0..<byteCount {
            digits[2 * byte] = digit(bytes[byte] >> 4)
            digits[2 * byte + 1] = digit(bytes[byte] & 15)
          }
          output.set(row, StringView(start: digits, count: 2 * byteCount))
        }
      }
      return output.finish(borrowing: arguments)
    }
    return ScalarFunction(name, signature: "\(name)(text)", overloads: [overload])
  }

  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 {
    value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
  }
}
