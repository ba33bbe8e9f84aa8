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
    var source = pool.buffer(UInt32.self, count: count)
    var target = pool.buffer(UInt32.self, count: count)
    let initial = source.pointer(UInt32.self)
    for row in 0..<count { initial[row] = UInt32(truncatingIfNeeded: row) }
    let digitBits = 11
    var shift = 0
    while shift < bits {
      Self.pass(
        codes, lowest, shift: UInt32(shift), digits: 1 << digitBits, count: count,
        from: source.pointer(UInt32.self), to: target.pointer(UInt32.self))
      swap(&source, &target)
      shift += digitBits
    }
    rows = source
  }

  private static func pass(
    _ codes: UnsafePointer<UInt32>, _ lowest: UInt32, shift: UInt32, digits: Int, count: Int,
    from source: UnsafeMutablePointer<UInt32>, to target: UnsafeMutablePointer<UInt32>
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: digits) { starts in
      guard let starts = starts.baseAddress else { return }
      starts.initialize(repeating: 0, count: digits)
      let mask = UInt32(digits - 1)
      for row in 0..<count { starts[Int(((codes[row] &- lowest) &>> shift) & mask)] &+= 1 }
      var total = 0
      for digit in 0..<digits {
        let here = starts[digit]
        starts[digit] = total
        total += here
      }
      for index in 0..<count {
        let row = source[index]
        let digit = Int(((codes[Int(row)] &- lowest) &>> shift) & mask)
        target[starts[digit]] = row
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
