import ColStore

/// Counts the distinct codes of short runs.
struct DistinctCounter {
  private static let smallMax = 24
  private var slots: [UInt64] = []
  private var generation: UInt64 = 0

  /// How many codes other than `null` there are among `codes[rows]`.
  @inline(__always)
  mutating func count(
    _ codes: UnsafePointer<UInt32>, _ rows: Range<Int>, null: UInt32
  ) -> Int {
    if rows.count == 1 { return codes[rows.lowerBound] == null ? 0 : 1 }
    return rows.count <= DistinctCounter.smallMax
      ? few(codes, rows, null: null) : many(codes, rows, null: null)
  }

  private func few(_ codes: UnsafePointer<UInt32>, _ rows: Range<Int>, null: UInt32) -> Int {
    var found = 0
    var row = rows.lowerBound
    while row < rows.upperBound {
      let code = codes[row]
      var isNew: UInt32 = code == null ? 0 : 1
      var earlier = rows.lowerBound
      while earlier < row {
        isNew &= codes[earlier] == code ? 0 : 1
        earlier &+= 1
      }
      found &+= Int(isNew)
      row &+= 1
    }
    return found
  }

  /// A hash set whose slots count as empty when they are of an earlier generation.
  private mutating func many(
    _ codes: UnsafePointer<UInt32>, _ rows: Range<Int>, null: UInt32
  ) -> Int {
    var size = 64
    while size < rows.count * 2 { size *= 2 }
    generation += 1
    if slots.count < size || generation >> 31 != 0 {
      slots = Array(repeating: 0, count: max(size, slots.count))
      generation = 1
    }
    let (stamp, mask) = (generation << 32, UInt64(size - 1))
    var found = 0
    var last = null
    return slots.withUnsafeMutableBufferPointer { slots in
      for row in rows {
        let code = codes[row]
        if code == last || code == null { continue }
        last = code
        var slot = (UInt64(code) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
        while true {
          let entry = slots[Int(slot)]
          if entry >> 32 != stamp >> 32 {
            slots[Int(slot)] = stamp | UInt64(code)
            found += 1
            break
          }
          if UInt32(truncatingIfNeeded: entry) == code { break }
          slot = (slot + 1) & mask
        }
      }
      return found
    }
  }
}
