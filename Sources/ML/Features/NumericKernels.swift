import ColStore
import Glibc

/// Turns vectors of numbers and booleans into doubles.
enum NumericKernels {
  static func accepts(_ type: DataType) -> Bool { type.isNumeric || type == .boolean }

  /// Writes one double a row: DECIMAL as its value, booleans as 0 and 1, NULL as NaN.
  ///
  /// Integers beyond 2^53 round to the nearest double.
  ///
  /// - Returns: How many rows are NaN.
  static func write(_ vector: Vector, into target: UnsafeMutablePointer<Double>) -> Int {
    precondition(accepts(vector.type), "the column is numeric or boolean")
    switch vector.type.physical {
    case .bool: write(vector, target) { (value: UInt8) in Double(value) }
    case .double: write(vector, target) { (value: Double) in value }
    case .int64:
      if let divisor = divisor(vector.type) {
        write(vector, target) { (value: Int64) in Double(value) / divisor }
      } else {
        write(vector, target) { (value: Int64) in Double(value) }
      }
    case .int128:
      let divisor = divisor(vector.type) ?? 1
      write(vector, target) { (value: Int128) in Double(value) / divisor }
    case .string, .interval, .list: preconditionFailure("the column is numeric or boolean")
    }
    return missingCount(target, vector.count)
  }

  /// What the stored integer is divided by to get its value; nil where it is the value.
  private static func divisor(_ type: DataType) -> Double? {
    guard case .decimal(_, let scale) = type, scale > 0 else { return nil }
    return pow(10, Double(scale))
  }

  @inline(__always)
  private static func write<Source: BitwiseCopyable>(
    _ vector: Vector, _ target: UnsafeMutablePointer<Double>, _ convert: (Source) -> Double
  ) {
    let values = vector.pointer(Source.self)
    let validity = vector.validity
    let count = vector.count
    var row = 0
    switch vector.layout {
    case .constant:
      let isMissing = validity.map { $0[0] == 0 } ?? false
      target.initialize(repeating: isMissing ? .nan : convert(values[0]), count: count)
    case .dictionary:
      guard let codes = vector.codes else { return }
      while row < count {
        let entry = Int(codes[row])
        target[row] = convert(values[entry])
        row &+= 1
      }
      guard let validity else { return }
      row = 0
      while row < count {
        if validity[Int(codes[row])] == 0 { target[row] = .nan }
        row &+= 1
      }
    case .flat:
      while row < count {
        target[row] = convert(values[row])
        row &+= 1
      }
      guard let validity else { return }
      row = 0
      while row < count {
        target[row] = validity[row] == 0 ? .nan : target[row]
        row &+= 1
      }
    }
  }

  private static func missingCount(_ values: UnsafeMutablePointer<Double>, _ count: Int) -> Int {
    var missing = 0
    var row = 0
    while row < count {
      missing &+= values[row].isNaN ? 1 : 0
      row &+= 1
    }
    return missing
  }
}
