/// The order in which a row group's rows are stored: rows of equal cluster code together, in the
/// order of codes, and in input order among themselves.
///
/// Codes number values by first appearance, so this keeps clusters in time order where rows came
/// in time order. A least-significant-digit radix sort, stable, 11 bits a pass.
struct RowOrder {
  /// Input rows in store order.
  let rows: Buffer
  let count: Int

  init(clusterCodes codes: UnsafePointer<UInt32>, count: Int, pool: BufferPool) {
    self.count = count
    var lowest = UInt32.max
    var highest: UInt32 = 0
    for row in 0..<count {
      lowest = min(lowest, codes[row])
      highest = max(highest, codes[row])
    }
    let bits = count == 0 ? 0 : UInt32.bitWidth - (highest &- lowest).leadingZeroBitCount
    rows = pool.buffer(UInt32.self, count: count)
    let output = rows.pointer(UInt32.self)
    // Codes travel with their rows, so that every pass but the first reads in order what it needs;
    // the last leaves the rows alone.
    var source = pool.buffer(UInt64.self, count: bits > Self.digitBits ? count : 0)
    var target = pool.buffer(UInt64.self, count: bits > 2 * Self.digitBits ? count : 0)
    let base = lowest
    var shift = 0
    while true {
      let isLast = shift + Self.digitBits >= bits
      let (from, to) = (source.pointer(UInt64.self), target.pointer(UInt64.self))
      let coded = { (row: Int) -> UInt64 in UInt64(codes[row] &- base) << 32 | UInt64(row) }
      let sorted = { (index: Int) -> UInt64 in from[index] }
      switch (shift == 0, isLast) {
      case (true, true):
        Self.pass(count, shift, of: coded) { output[$0] = UInt32(truncatingIfNeeded: $1) }
      case (true, false): Self.pass(count, shift, of: coded) { from[$0] = $1 }
      case (false, true):
        Self.pass(count, shift, of: sorted) { output[$0] = UInt32(truncatingIfNeeded: $1) }
      case (false, false):
        Self.pass(count, shift, of: sorted) { to[$0] = $1 }
        swap(&source, &target)
      }
      if isLast { break }
      shift += Self.digitBits
    }
    withExtendedLifetime((source, target)) {}
  }

  private static let digitBits = 11

  /// Writes the entries in the order of a digit of the codes in their high halves.
  @inline(__always)
  private static func pass(
    _ count: Int, _ shift: Int, of entry: (Int) -> UInt64, write: (Int, UInt64) -> Void
  ) {
    let digits = 1 << digitBits
    let low = UInt64(32 + shift)
    let mask = UInt64(digits - 1)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { starts in
      guard let starts = starts.baseAddress else { return }
      starts.initialize(repeating: 0, count: digits)
      for index in 0..<count { starts[Int(entry(index) &>> low & mask)] &+= 1 }
      var total = 0
      for digit in 0..<digits {
        let here = starts[digit]
        starts[digit] = total
        total += here
      }
      for index in 0..<count {
        let next = entry(index)
        let digit = Int(next &>> low & mask)
        write(starts[digit], next)
        starts[digit] &+= 1
      }
    }
  }

  /// `output[i] = values[rows[i]]`.
  func arrange<Element: BitwiseCopyable>(
    _ values: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
  ) {
    let rows = rows.pointer(UInt32.self)
    for index in 0..<count { output[index] = values[Int(rows[index])] }
  }
}
