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

  /// Sums of the first four powers.
  private static func powers(_ values: [Double]) -> (Double, Double, Double, Double) {
    var sums = (0.0, 0.0, 0.0, 0.0)
    for value in values {
      sums.0 += value
      sums.1 += value * value
      sums.2 += Glibc.pow(value, 3)
      sums.3 += Glibc.pow(value, 4)
    }
    return sums
  }

  /// The adjusted Fisher-Pearson coefficient.
  private static let skewness = numbers("skewness", mustBeFinite: true) { values in
    let n = Double(values.count)
    if n <= 2 { return nil }
    let (sum, squares, cubes, _) = powers(values)
    let share = 1 / n
    let cubedVariance = max(Glibc.pow(share * (squares - sum * sum * share), 3), 0)
    let divisor = cubedVariance.squareRoot()
    if divisor == 0 { return nil }
    let correction = (n * (n - 1)).squareRoot() / (n - 2)
    let third = cubes - 3 * squares * sum * share + 2 * sum * sum * sum * share * share
    return correction * share * third / divisor
  }

  /// The excess over a normal distribution, corrected for the sample's size.
  private static func kurtosis(_ name: String, isSample: Bool) -> AggregateFunction {
    numbers(name, mustBeFinite: true) { values in kurtosis(values, isSample: isSample) }
  }

  private static func kurtosis(_ values: [Double], isSample: Bool) -> Double? {
    let n = Double(values.count)
    if n <= (isSample ? 3 : 1) { return nil }
    let (sum, squares, cubes, fourths) = powers(values)
    let share = 1 / n
    let second = share * (squares - sum * sum * share)
    if second <= 0 { return nil }
    let crossed =
      fourths - 4 * cubes * sum * share + 6 * squares * sum * sum * share * share
      - 3 * Glibc.pow(sum, 4) * Glibc.pow(share, 3)
    if !isSample { return share * crossed / (second * second) - 3 }
    return (n - 1) * ((n + 1) * share * crossed / (second * second) - 3 * (n - 1))
      / ((n - 2) * (n - 3))
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
    let sorted = values.sorted { DoubleKey.less($0, $1) }
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}
