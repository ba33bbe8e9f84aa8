/// Row numbers by ascending key, rows of equal key in their own order.
///
/// A radix sort, least significant byte first; bytes that all keys share are skipped. O(n).
struct RadixOrder {
  let rows: [UInt32]

  private struct Entry {
    var key: UInt64
    var row: UInt32
  }

  /// - Throws: ``ModelError`` where there are too many rows to number in 32 bits.
  init(_ keys: [UInt64]) throws(ModelError) {
    try requireNumberedRows(keys.count)
    let count = keys.count
    var histograms = [Int](repeating: 0, count: 8 << 8)
    var from = [Entry](unsafeUninitializedCapacity: count) { entries, initialized in
      for row in 0..<count {
        let key = keys[row]
        for byte in 0..<8 { histograms[byte << 8 | Self.digit(byte, of: key)] &+= 1 }
        entries.initializeElement(at: row, to: Entry(key: key, row: UInt32(row)))
      }
      initialized = count
    }
    var into = from
    for byte in 0..<8 {
      let histogram = histograms[byte << 8..<(byte + 1) << 8]
      if histogram.contains(count) { continue }
      var start = 0
      var starts = histogram.map { size in
        defer { start += size }
        return start
      }
      Self.scatter(from, &into, &starts, byte)
      swap(&from, &into)
    }
    rows = from.map(\.row)
  }

  private static func scatter(
    _ from: [Entry], _ into: inout [Entry], _ starts: inout [Int], _ byte: Int
  ) {
    from.withUnsafeBufferPointer { from in
      into.withUnsafeMutableBufferPointer { into in
        starts.withUnsafeMutableBufferPointer { starts in
          for entry in from {
            let digit = digit(byte, of: entry.key)
            into[starts[digit]] = entry
            starts[digit] &+= 1
          }
        }
      }
    }
  }

  @inline(__always)
  private static func digit(_ byte: Int, of key: UInt64) -> Int {
    Int(truncatingIfNeeded: key &>> UInt64(truncatingIfNeeded: 8 &* byte) & 0xFF)
  }
}

/// - Throws: ``ModelError`` where rows cannot be numbered in 32 bits.
func requireNumberedRows(_ count: Int) throws(ModelError) {
  guard count <= Int(UInt32.max) else {
    throw ModelError("there are \(count) rows; models take up to \(UInt32.max)")
  }
}
