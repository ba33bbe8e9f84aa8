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
  private static let smallRangeMax = Double(1 << 22)
  /// Of more rows than this, evenly spaced ones stand for all where values have to be sorted.
  private static let sortedRowsMax = 1 << 22

  /// - Parameter rows: The training rows; nil for all.
  /// - Parameter asFloat: Rounds to 32 bits first.
  init(_ column: UnsafeBufferPointer<Double>, rows: [UInt32]?, asFloat: Bool) {
    let count = rows?.count ?? column.count
    var least = Double.infinity
    var greatest = -Double.infinity
    var others = 0
    var missing = 0
    Self.forEach(column, rows, stride: 1) { value in
      // NaN compares false, so that it changes neither.
      least = value < least ? value : least
      greatest = value > greatest ? value : greatest
      // Adding and taking away 1.5 · 2^52 rounds to an integer; NaN differs from itself.
      let rounded = (value + 6_755_399_441_055_744) - 6_755_399_441_055_744
      others &+= rounded == value ? 0 : 1
      missing &+= value == value ? 0 : 1
    }
    if others == missing && greatest - least <= Self.smallRangeMax && least.magnitude < 0x1p50
      && max(least.magnitude, greatest.magnitude) < (asFloat ? 0x1p24 : 0x1p50)
    {
      countIntegers(column, rows, from: least, through: greatest)
    } else if greatest >= least {
      let step = max(1, (count + Self.sortedRowsMax - 1) / Self.sortedRowsMax)
      if asFloat { sortFloats(column, rows, step) } else { sortDoubles(column, rows, step) }
    } else {
      self.missing = count
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
    var table = [UInt32](repeating: 0, count: size + 1)
    let beyond = Double(size)
    table.withUnsafeMutableBufferPointer { table in
      Self.forEach(column, rows, stride: 1) { value in
        let cell = value == value ? value - least : beyond
        table[Int(truncatingIfNeeded: smallInteger(cell))] &+= 1
      }
    }
    missing = Int(table[size])
    for cell in 0..<size where table[cell] > 0 {
      values.append(least + Double(cell))
      counts.append(Int(table[cell]))
    }
  }

  private mutating func sortFloats(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, _ step: Int
  ) {
    sort(column, rows, step) { value in
      let bits = (Float(value) + 0).bitPattern
      return bits >> 31 == 1 ? ~bits : bits | 1 << 31
    } value: { key in
      Double(Float(bitPattern: key >> 31 == 1 ? key & ~(1 << 31) : ~key))
    }
  }

  private mutating func sortDoubles(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, _ step: Int
  ) {
    sort(column, rows, step) { value in
      let bits = (value + 0).bitPattern
      return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    } value: { key in
      Double(bitPattern: key >> 63 == 1 ? key & ~(1 << 63) : ~key)
    }
  }

  /// Counts values by sorting keys that order as they do.
  @inline(__always)
  private mutating func sort<Key: FixedWidthInteger & UnsignedInteger>(
    _ column: UnsafeBufferPointer<Double>, _ rows: [UInt32]?, _ step: Int, key: (Double) -> Key,
    value: (Key) -> Double
  ) {
    var keys: [Key] = []
    keys.reserveCapacity((rows?.count ?? column.count) / step + 1)
    var missing = 0
    Self.forEach(column, rows, stride: step) { value in
      if value.isNaN { missing &+= 1 } else { keys.append(key(value)) }
    }
    self.missing = missing
    RadixSort.sort(&keys)
    countRuns(keys, value)
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

/// The integer of a double that is one of 0…2^31, without a check.
@inline(__always)
func smallInteger(_ value: Double) -> Int32 {
  Int32(truncatingIfNeeded: (value + 6_755_399_441_055_744).bitPattern)
}
