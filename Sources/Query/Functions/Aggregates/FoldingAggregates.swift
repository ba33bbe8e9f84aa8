import ColStore
import Glibc

/// bool_and, bool_or, bit_and, bit_or, bit_xor, product: one value folded with the next.
enum FoldingAggregates {
  static let functions: [AggregateFunction] = [
    booleans("bool_and") { $0 & $1 },
    booleans("bool_or") { $0 | $1 },
    bits("bit_and") { $0 & $1 },
    bits("bit_or") { $0 | $1 },
    bits("bit_xor") { $0 ^ $1 },
    product,
    geometricMean,
  ]

  private static func booleans(
    _ name: String, _ fold: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> AggregateFunction {
    AggregateFunction(name, signature: "\(name)(condition)") { types, _ throws(QueryError) in
      guard types.count == 1, types[0] == .boolean || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(condition)")
      }
      return AggregateOverload(name: name, [.boolean], .boolean) {
        IntegerFold(.boolean, fold)
      }
    }
  }

  private static func bits(
    _ name: String, _ fold: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> AggregateFunction {
    AggregateFunction(name, signature: "\(name)(integer)") { types, _ throws(QueryError) in
      guard types.count == 1, types[0].isInteger || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(integer)")
      }
      let type = types[0] == .null ? .integer : types[0]
      return AggregateOverload(name: name, [type], type) { IntegerFold(type, fold) }
    }
  }

  private static let product = doubles("product", start: 1) { total, value in
    total * value
  } result: { total, _ in
    total
  }

  private static let geometricMean = doubles(
    "geometric_mean", aliases: ["geomean"], start: 0
  ) { total, value in
    total + Glibc.log(value)
  } result: { total, count in
    Glibc.exp(total / count)
  }

  private static func doubles(
    _ name: String, aliases: [String] = [], start: Double,
    _ fold: @escaping @Sendable (Double, Double) -> Double,
    result: @escaping @Sendable (Double, Double) -> Double
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
            if starts[group] == starts[group + 1] {
              output.setNull(group, filler: 0)
              continue
            }
            var total = start
            for row in starts[group]..<starts[group + 1] { total = fold(total, values[row]) }
            output[group] = result(total, Double(starts[group + 1] - starts[group]))
          }
          return withExtendedLifetime(columns) { output.finish(.double) }
        }
      }
    }
  }
}

/// Folds integers or booleans.
private final class IntegerFold: Accumulator {
  private struct State: BitwiseCopyable {
    var value: Int64
    var isSet: Bool
  }

  private let states = StateArray<State>()
  private let type: DataType
  private let fold: (Int64, Int64) -> Int64

  init(_ type: DataType, _ fold: @escaping (Int64, Int64) -> Int64) {
    self.type = type
    self.fold = fold
  }

  func resize(to count: Int) { states.resize(to: count) }

  private func add(_ value: Int64, to group: Int) {
    let own = states[group]
    states[group] = State(value: own.isSet ? fold(own.value, value) : value, isSet: true)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    if type == .boolean {
      forEachValue(arguments[0], UInt8.self, count: count) { row, value in
        add(Int64(value & 1), to: Int(groups[row]))
      }
    } else {
      forEachValue(arguments[0], Int64.self, count: count) { row, value in
        add(value, to: Int(groups[row]))
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? IntegerFold else { return }
    for group in 0..<count where other.states[group].isSet {
      add(other.states[group].value, to: Int(mapping[group]))
    }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Int64>(count: count)
    for group in 0..<count {
      if states[group].isSet {
        output[group] = states[group].value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    if type == .boolean { return try Cast.cast(output.finish(.bigint), to: .boolean) }
    return output.finish(type)
  }
}
