import ColStore

/// 128-bit integers as DOUBLE.
enum WideNumber {
  /// The nearest DOUBLE of small values, and one beside it of others.
  @inline(__always)
  static func double(_ value: Int128) -> Double {
    let low = Int64(truncatingIfNeeded: value)
    if Int128(low) == value { return Double(low) }
    let magnitude = value.magnitude
    let high = Double(UInt64(truncatingIfNeeded: magnitude >> 64)) * 18_446_744_073_709_551_616
    let result = high + Double(UInt64(truncatingIfNeeded: magnitude))
    return value < 0 ? -result : result
  }
}

/// What becomes of an exact sum and its count.
enum SumFinish: Sendable {
  case sum(DataType)
  case average(scale: Int)
  /// Of TIMESTAMP or TIME, in microseconds.
  case averageTime(DataType)

  /// Digits behind the point of exact numbers.
  static func scale(of type: DataType) -> Int {
    if case .decimal(_, let scale) = type { scale } else { 0 }
  }

  /// What becomes of exact sums under an overload of `sum` or `avg`; nil for other aggregates, and
  /// where sums are not exact.
  init?(_ overload: AggregateOverload) {
    guard let type = overload.parameterTypes.first, type != .double else { return nil }
    switch overload.name {
    case "sum": self = .sum(overload.resultType)
    case "avg" where type == .timestamp || type == .time: self = .averageTime(type)
    case "avg": self = .average(scale: SumFinish.scale(of: type))
    default: return nil
    }
  }

  func vector(
    count: Int, sums: (Int) -> Int128, counts: (Int) -> Int64
  ) throws(QueryError) -> Vector {
    switch self {
    case .sum(let type):
      var output = FlatBuilder<Int128>(count: count)
      for group in 0..<count {
        if counts(group) == 0 {
          output.setNull(group, filler: 0)
        } else {
          let sum = sums(group)
          if sum.magnitude >= powersOfTen128[38].magnitude {
            throw QueryError(.value, "the sum is out of range for \(type)")
          }
          output[group] = sum
        }
      }
      return output.finish(type)
    case .average(let scale):
      let divisor = Double(powersOfTen128[scale])
      var output = FlatBuilder<Double>(count: count)
      for group in 0..<count {
        let rows = counts(group)
        if rows == 0 {
          output.setNull(group, filler: 0)
        } else {
          output[group] = WideNumber.double(sums(group)) / (Double(rows) * divisor)
        }
      }
      return output.finish(.double)
    case .averageTime(let type):
      var output = FlatBuilder<Int64>(count: count)
      for group in 0..<count {
        let rows = counts(group)
        if rows == 0 {
          output.setNull(group, filler: 0)
        } else {
          // As in DuckDB, more than half a microsecond after the epoch is a whole one.
          let (whole, rest) = sums(group).quotientAndRemainder(dividingBy: Int128(rows))
          output[group] = Int64(truncatingIfNeeded: whole) + (2 * rest > Int128(rows) ? 1 : 0)
        }
      }
      return output.finish(type)
    }
  }
}
