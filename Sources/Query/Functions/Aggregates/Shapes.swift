import ColStore
import Glibc

/// skewness, kurtosis, entropy, mad: the shape of a group's distribution.
enum Shapes {
  static let functions: [AggregateFunction] = [
    skewness, kurtosis("kurtosis", isSample: true), kurtosis("kurtosis_pop", isSample: false),
    entropy, deviation,
  ]

  /// An aggregate of a group's numbers, `nil` for NULL.
  private static func numbers(
    _ name: String, mustBeFinite: Bool = false,
    _ result: @escaping @Sendable ([Double]) -> Double?
  ) -> AggregateFunction {
    AggregateFunction(name, signature: "\(name)(number)") { types, _ throws(QueryError) in
      guard types.count == 1, types[0].isNumeric || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(number)")
      }
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        CollectingAccumulator([.double], skipsNulls: true) { columns, starts throws(QueryError) in
          let values = Rows<Double>(columns[0])
          var output = FlatBuilder<Double>(count: starts.count - 1)
          for group in 0..<starts.count - 1 {
            if let value = result((starts[group]..<starts[group + 1]).map { values[$0] }) {
              guard value.isFinite || !mustBeFinite else {
                throw QueryError(.value, "\(name) is out of range")
              }
              output[group] = value
            } else {
              output.setNull(group, filler: 0)
            }
          }
          return withExtendedLifetime(columns) { output.finish(.double) }
        }
      }
    }
  }

  /// The mean second, third and fourth power of the distance from the mean; exactly zero where all
  /// values are the same.
  private static func moments(_ values: [Double]) -> (second: Double, third: Double, fourth: Double)
  {
    let share = 1 / Double(values.count)
    let first = values[0]
    let shift = share * values.reduce(0) { $0 + ($1 - first) }
    var sums = (0.0, 0.0, 0.0)
    for value in values {
      let distance = value - first - shift
      let square = distance * distance
      sums.0 += square
      sums.1 += square * distance
      sums.2 += square * square
    }
    return (sums.0 * share, sums.1 * share, sums.2 * share)
  }

  /// The adjusted Fisher-Pearson coefficient.
  private static let skewness = numbers("skewness", mustBeFinite: true) { values in
    let n = Double(values.count)
    if n <= 2 { return nil }
    let (second, third, _) = moments(values)
    if second == 0 { return nil }
    let correction = (n * (n - 1)).squareRoot() / (n - 2)
    return correction * third / (second * second.squareRoot())
  }

  /// The excess over a normal distribution, corrected for the sample's size.
  private static func kurtosis(_ name: String, isSample: Bool) -> AggregateFunction {
    numbers(name, mustBeFinite: true) { values in kurtosis(values, isSample: isSample) }
  }

  private static func kurtosis(_ values: [Double], isSample: Bool) -> Double? {
    let n = Double(values.count)
    if n <= (isSample ? 3 : 1) { return nil }
    let (second, _, fourth) = moments(values)
    if second == 0 { return nil }
    let ratio = fourth / (second * second)
    if !isSample { return ratio - 3 }
    return (n - 1) * ((n + 1) * ratio - 3 * (n - 1)) / ((n - 2) * (n - 3))
  }

  /// In bits, of the frequencies of distinct values.
  private static let entropy = AggregateFunction("entropy", signature: "entropy(value)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else { throw ImplicitCast.mismatch("entropy", types, "entropy(value)") }
    let type = types[0] == .null ? .integer : types[0]
    return AggregateOverload(name: "entropy", [type], .double, isOrderSensitive: true) {
      CollectingAccumulator([type], skipsNulls: true) { columns, starts in
        let output = FlatBuilder<Double>(count: starts.count - 1)
        for group in 0..<starts.count - 1 {
          let size = starts[group + 1] - starts[group]
          let table = HashGrouping.make([type])
          let numbers = Buffer(UInt32.self, count: size)
          table.assign(
            [columns[0].slice(offset: starts[group], count: size)], count: size,
            into: numbers.pointer(UInt32.self))
          var counts = [Int](repeating: 0, count: table.count)
          for row in 0..<size { counts[Int(numbers.pointer(UInt32.self)[row])] += 1 }
          output[group] = counts.reduce(0.0) { sum, count in
            let share = Double(count) / Double(size)
            return sum - share * Glibc.log2(share)
          }
        }
        return output.finish(.double)
      }
    }
  }

  /// The median distance from the median.
  private static let deviation = numbers("mad") { values in
    if values.isEmpty { return nil }
    let middle = median(values)
    return median(values.map { ($0 - middle).magnitude })
  }

  private static func median(_ values: [Double]) -> Double {
    // In unsigned order.
    var keys = values.map { UInt64(bitPattern: DoubleKey.ordered($0)) ^ (1 << 63) }
    let ranks = [(keys.count - 1) / 2, keys.count / 2]
    var middle = [0.0, 0.0]
    keys.withUnsafeMutableBufferPointer { keys in
      RankSelection.select(keys, ranks: ranks) { place, key in
        middle[place] = DoubleKey.value(ordered: Int64(bitPattern: key ^ (1 << 63)))
      }
    }
    return values.count % 2 == 1 ? middle[0] : (middle[0] + middle[1]) / 2
  }
}
