/// Bytes that no compression makes smaller: those of identifiers, and the low bytes of measures.
enum Noise {
  /// Shorter streams are compressed as fast as looked at.
  static let bytesMin = 1 << 14
  private static let pieces = 8
  private static let pieceBytes = 512
  private static let trialBytes = 1 << 13

  /// Whether a stream of at least ``bytesMin`` bytes is noise, as far as a part of it tells: each byte
  /// is as frequent as the others, and nothing repeats in a stretch from the middle.
  static func isLikely(
    _ bytes: UnsafeRawBufferPointer, _ scratch: EncodingScratch
  ) throws(StoreError) -> Bool {
    guard isEven(bytes) else { return false }
    let start = (bytes.count - trialBytes) / 2
    let middle = UnsafeRawBufferPointer(rebasing: bytes[start..<start + trialBytes])
    let bound = ZstdCompressor.bound(trialBytes)
    return try scratch.lend(UInt8.self, bound) { output throws(StoreError) in
      try scratch.compressor(of: .numbers).compress(
        middle, into: UnsafeMutableRawBufferPointer(start: output, count: bound))
        > trialBytes - trialBytes / 16
    }
  }

  /// Whether the collision entropy of a sample, which is never above Shannon's, is at least 7.5 bits
  /// a byte: then bytes one by one cannot be stored in an eighth less.
  private static func isEven(_ bytes: UnsafeRawBufferPointer) -> Bool {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 256) { counts in
      counts.initialize(repeating: 0)
      let stride = (bytes.count - pieceBytes) / (pieces - 1)
      for piece in 0..<pieces {
        for index in piece * stride..<piece * stride + pieceBytes { counts[Int(bytes[index])] += 1 }
      }
      let total = Double(pieces * pieceBytes)
      let pairs = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
      // Of n bytes, n pairs are of a byte with itself.
      return (pairs - total) / (total * total) <= 0.005524
    }
  }
}
