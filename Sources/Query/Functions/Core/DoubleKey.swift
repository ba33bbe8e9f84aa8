/// The order and equality of DOUBLE: NaN equals NaN and is greater than all else, -0.0 equals 0.0.
enum DoubleKey {
  /// One bit pattern for each class of equal values.
  @inline(__always)
  static func canonical(_ value: Double) -> Double {
    value.isNaN ? Double.nan : value + 0.0
  }

  @inline(__always)
  static func less(_ left: Double, _ right: Double) -> Bool {
    left < right || (!left.isNaN && right.isNaN)
  }

  /// An integer whose signed order is the order of the values.
  @inline(__always)
  static func ordered(_ value: Double) -> Int64 {
    let bits = Int64(bitPattern: canonical(value).bitPattern)
    return bits ^ ((bits >> 63) & Int64.max)
  }

  /// The value that ``ordered(_:)`` made.
  @inline(__always)
  static func value(ordered bits: Int64) -> Double {
    Double(bitPattern: UInt64(bitPattern: bits ^ ((bits >> 63) & Int64.max)))
  }
}
