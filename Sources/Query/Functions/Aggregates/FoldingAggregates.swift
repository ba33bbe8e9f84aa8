import ColStore
import Glibc

/// bool_and, bool_or, bit_and, bit_or, bit_xor, product: one value folded with the next.
enum FoldingAggregates {
  static let functions: [AggregateFunction] = [
    booleans("bool_and", .and), booleans("bool_or", .or),
    bits("bit_and", .and), bits("bit_or", .or), bits("bit_xor", .xor),
    product,
    geometricMean,
  ]

  private static func booleans(_ name: String, _ fold: BitwiseFold) -> AggregateFunction {
    AggregateFunction(name, signature: "\(name)(condition)") { types, _ throws(QueryError) in
      guard types.count == 1, types[0] == .boolean || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, "\(name)(condition)")
      }
      return AggregateOverload(name: name, [.boolean], .boolean) {
        IntegerFold(.boolean, fold)
      }
    }
  }

  private static func bits(_ name: String, _ fold: BitwiseFold) -> AggregateFunction {
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

/// An operation on bits. States begin as zeros, which change nothing: of `and`, complements are or'ed.
private enum BitwiseFold: Sendable {
  case and
  case or
  case xor

  /// A value as a state, and the value of a state.
  @inline(__always)
  func turned(_ value: Int64) -> Int64 { self == .and ? ~value : value }

  @inline(__always)
  func callAsFunction(_ left: Int64, _ right: Int64) -> Int64 {
    self == .xor ? left ^ right : left | right
  }
}

/// Folds integers or booleans.
private final class IntegerFold: Accumulator {
  private let states = StateArray<Int64>()
  private let seen = StateArray<Bool>()
  private let type: DataType
  private let fold: BitwiseFold

  init(_ type: DataType, _ fold: BitwiseFold) {
    self.type = type
    self.fold = fold
  }

  func resize(to count: Int) {
    states.resize(to: count)
    seen.resize(to: count)
  }

  private func add(_ state: Int64, to group: Int) {
    states[group] = fold(states[group], state)
    seen[group] = true
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    if type == .boolean {
      forEachValue(arguments[0], UInt8.self, count: count) { row, value in
        add(fold.turned(Int64(value & 1)), to: Int(groups[row]))
      }
    } else {
      forEachValue(arguments[0], Int64.self, count: count) { row, value in
        add(fold.turned(value), to: Int(groups[row]))
      }
    }
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    var state: Int64 = 0
    var isKnown = false
    if type == .boolean {
      forEachValue(arguments[0], UInt8.self, count: count) { _, value in
        state = fold(state, fold.turned(Int64(value & 1)))
        isKnown = true
      }
    } else {
      forEachValue(arguments[0], Int64.self, count: count) { _, value in
        state = fold(state, fold.turned(value))
        isKnown = true
      }
    }
    if isKnown { add(state, to: 0) }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? IntegerFold else { return }
    for group in 0..<count where other.seen[group] {
      add(other.states[group], to: Int(mapping[group]))
    }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    var output = FlatBuilder<Int64>(count: count)
    for group in 0..<count {
      if seen[group] {
        output[group] = fold.turned(states[group])
      } else {
        output.setNull(group, filler: 0)
      }
    }
    if type == .boolean { return try Cast.cast(output.finish(.bigint), to: .boolean) }
    return output.finish(type)
  }
}
