import ColStore

/// min(x) and max(x) of any type.
enum MinMax {
  static let min = AggregateFunction("min", signature: "min(value[, n])") {
    types, literals throws(QueryError) in try resolve("min", types, literals, wantsLess: true)
  }

  static let max = AggregateFunction("max", signature: "max(value[, n])") {
    types, literals throws(QueryError) in try resolve("max", types, literals, wantsLess: false)
  }

  private static func resolve(
    _ name: String, _ types: [DataType], _ literals: [Value?], wantsLess: Bool
  ) throws(QueryError) -> AggregateOverload {
    if types.count == 2 {
      return try TopValues.overload(name, types, literals, wantsLess: wantsLess)
    }
    guard types.count == 1 else {
      throw ImplicitCast.mismatch(name, types, "\(name)(value[, n])")
    }
    let type = types[0] == .null ? .integer : types[0]
    return AggregateOverload(name: name, [type], type) {
      switch type.physical {
      case .bool: BooleanExtreme(type, wantsLess: wantsLess)
      case .int64: NarrowExtreme(type, wantsLess: wantsLess)
      case .int128: WideExtreme(type, wantsLess: wantsLess)
      case .double: DoubleExtreme(wantsLess: wantsLess)
      case .string, .interval, .list: ValueExtreme(type, wantsLess: wantsLess)
      }
    }
  }
}

/// The least or greatest DOUBLE, NaN being the greatest value.
private final class DoubleExtreme: RepetitionBlindAccumulator {
  private struct State: BitwiseCopyable {
    var value: Double
    var isSet: Bool
  }

  private let states = StateArray<State>()
  private let wantsLess: Bool

  init(wantsLess: Bool) { self.wantsLess = wantsLess }

  func resize(to count: Int) { states.resize(to: count) }

  @inline(__always)
  private static func isBetter(_ value: Double, _ best: Double, _ wantsLess: Bool) -> Bool {
    wantsLess ? DoubleKey.less(value, best) : DoubleKey.less(best, value)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.states
    let wantsLess = wantsLess
    forEachValue(arguments[0], Double.self, count: count) { row, value in
      let state = states + Int(groups[row])
      if !state.pointee.isSet || DoubleExtreme.isBetter(value, state.pointee.value, wantsLess) {
        state.pointee = State(value: value, isSet: true)
      }
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? DoubleExtreme else { return }
    for group in 0..<count {
      let state = other.states[group]
      guard state.isSet else { continue }
      let own = states[Int(mapping[group])]
      if !own.isSet || DoubleExtreme.isBetter(state.value, own.value, wantsLess) {
        states[Int(mapping[group])] = state
      }
    }
  }

  func finish(count: Int) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      if states[group].isSet {
        output[group] = states[group].value
      } else {
        output.setNull(group, filler: 0)
      }
    }
    return output.finish(.double)
  }
}
