import Glibc

/// The distinct values of a feature among the training rows, ascending, and how many rows have each.
struct ValueCounts: Sendable {
  private(set) var values: [Double] = []
  private(set) var counts: [Int] = []
  private(set) var missing = 0
  /// Set where all values are integers of a small range: one may then look bins up in a table.
  private(set) var isSmallRange = false

  var total: Int { counts.reduce(0, +) }

  /// Integers of at most this range are counted by value.
  private static let smallRangeMax = Double(1 << 20)
  /// Of more rows than this, evenly spaced ones stand for all where values have to be sorted.
  private static let sortedRowsMax = 1 << 22

  /// - Parameter rows: The training rows; nil for all.
  /// - Parameter asFloat: Rounds to 32 bits first.
  init(_ column: UnsafeBufferPointer<Double>, rows: [UInt32]?, asFloat: Bool) {
    let count = rows?.count ?? column.count
    var least = Double.infinity
    var greatest = -Double.infinity
    var hasFraction = false
    Self.forEach(column, rows, stride: 1) { value in
      // NaN compares false, so that it changes neither.
      least = value < least ? value : least
      greatest = value > greatest ? value : greatest
      hasFraction = hasFraction || (value == value && value != value.rounded(.down))
    }
    if !hasFraction && greatest - least <= Self.smallRangeMax && least.magnitude < 1e15
      && greatest.magnitude < (asFloat ? 0x1p24 : 0x1p52)
    {
      countIntegers(column, rows, from: least, through: greatest)
    } else if greatest >= least {
      let step = max(1, (count + Self.sortedRowsMax - 1) / Self.sortedRowsMax)
      if asFloat { sortFloats(column, rows, step) } else { sortDoubles(column, rows, step) }
    } else {
      missing = count
    }
  }

  /// Calls `body` for every `stride`th row of `rows`.
  @inline(__always)
  private static func forEach(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, stride: Int,
    _ body: (Double) -> Void
  ) {
    var place = 0
    if let rows {
      rows.withUnsafeBufferPointer { rows in
        while place < rows.count {
          body(column[Int(rows[place])])
          place &+= stride
        }
      }
    } else {
      while place < column.count {
        body(column[place])
        place &+= stride
      }
    }
  }

  private mutating func countIntegers(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, from least: Double,
    through greatest: Double
  ) {
    isSmallRange = true
    // The last cell counts missing values.
    let size = Int(greatest - least) + 1
    var table = [Int](repeating: 0, count: size + 1)
    table.withUnsafeMutableBufferPointer { table in
      Self.forEach(column, rows, stride: 1) { value in
        let cell = value == value ? Int(value - least) : size
        table[cell] &+= 1
      }
    }
    missing = table[size]
    for cell in 0..<size where table[cell] > 0 {
      values.append(least + Double(cell))
      counts.append(table[cell])
    }
  }

  private mutating func sortFloats(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, _ step: Int
  ) {
    var keys: [UInt32] = []
    keys.reserveCapacity((rows?.count ?? column.count) / step + 1)
    var missing = 0
    Self.forEach(column, rows, stride: step) { value in
      if value.isNaN {
        missing &+= 1
      } else {
        let bits = (Float(value) + 0).bitPattern
        keys.append(bits >> 31 == 1 ? ~bits : bits | 1 << 31)
      }
    }
    self.missing = missing
    RadixSort.sort(&keys)
    countRuns(keys) { key in
      Double(Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key))
    }
  }

  private mutating func sortDoubles(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, _ step: Int
  ) {
    var keys: [UInt64] = []
    keys.reserveCapacity((rows?.count ?? column.count) / step + 1)
    var missing = 0
    Self.forEach(column, rows, stride: step) { value in
      if value.isNaN {
        missing &+= 1
      } else {
        let bits = (value + 0).bitPattern
        keys.append(bits >> 63 == 1 ? ~bits : bits | 1 << 63)
      }
    }
    self.missing = missing
    RadixSort.sort(&keys)
    countRuns(keys) { key in
      Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }

  @inline(__always)
  private mutating func countRuns<Key: FixedWidthInteger>(
    _ keys: [Key], _ value: (Key) -> Double
  ) {
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count && keys[end] == keys[start] { end &+= 1 }
      values.append(value(keys[start]))
      counts.append(end - start)
      start = end
    }
  }
}
