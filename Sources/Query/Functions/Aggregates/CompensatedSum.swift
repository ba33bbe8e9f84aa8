import ColStore

/// fsum, favg and weighted_avg: sums of DOUBLE that keep the digits that addition loses (Kahan).
enum CompensatedSum {
  static let functions: [AggregateFunction] = [
    function("fsum", aliases: ["sumkahan", "kahan_sum"], isAverage: false),
    function("favg", aliases: [], isAverage: true),
    weighted,
  ]

  private struct Sum {
    var value = 0.0
    private var lost = 0.0

    mutating func add(_ number: Double) {
      let corrected = number - lost
      let next = value + corrected
      lost = (next - value) - corrected
      value = next
    }
  }

  private static func function(
    _ name: String, aliases: [String], isAverage: Bool
  ) -> AggregateFunction {
    AggregateFunction(name, aliases: aliases, signature: "\(name)(number)") {
      types, _ throws(QueryError) in
      guard types.count == 1, types[0].isNumeric || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(number)")
      }
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        CollectingAccumulator([.double], skipsNulls: true) { columns, starts in
          let values = Rows<Double>(columns[0])
          var output = FlatBuilder<Double>(count: starts.count - 1)
          for group in 0..<starts.count - 1 {
            let count = starts[group + 1] - starts[group]
            if count == 0 {
              output.setNull(group, filler: 0)
              continue
            }
            var sum = Sum()
            for row in starts[group]..<starts[group + 1] { sum.add(values[row]) }
            output[group] = isAverage ? sum.value / Double(count) : sum.value
          }
          return withExtendedLifetime(columns) { output.finish(.double) }
        }
      }
    }
  }

  /// The mean of the values that are not NULL, each as often as its weight.
  private static let weighted = AggregateFunction(
    "weighted_avg", aliases: ["wavg"], signature: "weighted_avg(value, weight)"
  ) { types, _ throws(QueryError) in
    guard types.count == 2, types.allSatisfy({ $0.isNumeric || $0 == .null }) else {
      throw ImplicitCast.mismatch("weighted_avg", types, "weighted_avg(value, weight)")
    }
    return AggregateOverload(
      name: "weighted_avg", [.double, .double], .double, isOrderSensitive: true
    ) {
      CollectingAccumulator([.double, .double], skipsNulls: true) { columns, starts in
        let (values, weights) = (Rows<Double>(columns[0]), Rows<Double>(columns[1]))
        var output = FlatBuilder<Double>(count: starts.count - 1)
        for group in 0..<starts.count - 1 {
          var (total, weight, found) = (0.0, 0.0, false)
          for row in starts[group]..<starts[group + 1] where !weights.isNull(row) {
            total += values[row] * weights[row]
            weight += weights[row]
            found = true
          }
          if found { output[group] = total / weight } else { output.setNull(group, filler: 0) }
        }
        return withExtendedLifetime(columns) { output.finish(.double) }
      }
    }
  }
}
