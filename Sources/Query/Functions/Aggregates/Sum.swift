import ColStore

/// sum(x) and avg(x).
///
/// Exact numbers are summed exactly: narrow values in 64 bits, moved to 128 before they could
/// overflow; others in 128 bits, checked. DOUBLE is summed
/// in store order, worker after worker.
enum Sum {
  static let sum = AggregateFunction("sum", signature: "sum(number)") {
    types, literals throws(QueryError) in
    try resolve("sum", types, literals)
  }

  static let average = AggregateFunction("avg", aliases: ["mean"], signature: "avg(number)") {
    types, literals throws(QueryError) in
    try resolve("avg", types, literals)
  }

  private static func resolve(
    _ name: String, _ types: [DataType], _ literals: [Value?]
  ) throws(QueryError) -> AggregateOverload {
    let isAverage = name == "avg"
    let signature = "\(name)(number)"
    guard types.count == 1 else { throw ImplicitCast.mismatch(name, types, signature) }
    let type = types[0] == .null ? (isAverage ? .double : .integer) : types[0]
    switch type {
    case .integer, .bigint, .decimal: break
    case .double:
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        DoubleSumAccumulator(isAverage: isAverage)
      }
    case .boolean:
      guard !isAverage else { throw ImplicitCast.mismatch(name, types, signature) }
      return AggregateOverload(name: name, [.integer], .hugeint) {
        NarrowSumAccumulator(finish: .sum(.hugeint), largest: 1)
      }
    case .timestamp, .date, .time:
      guard isAverage else { throw ImplicitCast.mismatch(name, types, signature) }
      let result: DataType = type == .time ? .time : .timestamp
      return AggregateOverload(name: name, [result], result) {
        BigintSumAccumulator(finish: .averageTime(result))
      }
    case .interval:
      guard isAverage else { throw ImplicitCast.mismatch(name, types, signature) }
      return AggregateOverload(name: name, [.interval], .interval) { IntervalAverage() }
    default: throw ImplicitCast.mismatch(name, types, signature)
    }
    let scale = SumFinish.scale(of: type)
    let finish: SumFinish =
      isAverage ? .average(scale: scale) : .sum(.decimal(precision: 38, scale: scale))
    let result: DataType = isAverage ? .double : .decimal(precision: 38, scale: scale)
    if type.physical == .int128 {
      return AggregateOverload(name: name, [type], result) {
        Int128SumAccumulator(finish: finish)
      }
    }
    if let largest = largest(type) {
      return AggregateOverload(name: name, [type], result) {
        NarrowSumAccumulator(finish: finish, largest: largest)
      }
    }
    return AggregateOverload(name: name, [type], result) {
      BigintSumAccumulator(finish: finish)
    }
  }

  /// The largest magnitude of a type of which many values can be added in 64 bits.
  private static func largest(_ type: DataType) -> Int64? {
    switch type {
    case .integer: 1 << 31
    case .decimal(let precision, _) where precision <= 12: powersOfTen64[precision]
    default: nil
    }
  }
}

/// Sums DOUBLE values.
private final class DoubleSumAccumulator: Accumulator {
  private struct State: BitwiseCopyable {
    var sum: Double
    var count: Int64
  }

  private let states = StateArray<State>()
  private let isAverage: Bool

  init(isAverage: Bool) { self.isAverage = isAverage }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = states.states
    forEachValue(arguments[0], Double.self, count: count) { row, value in
      let group = Int(groups[row])
      states[group].sum += value
      states[group].count &+= 1
    }
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    var sum = states[0].sum
    var rows: Int64 = 0
    forEachValue(arguments[0], Double.self, count: count) { _, value in
      sum += value
      rows &+= 1
    }
    states.states[0].sum = sum
    states.states[0].count &+= rows
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? DoubleSumAccumulator else { return }
    for group in 0..<count where other.states[group].count > 0 {
      let place = Int(mapping[group])
      states.states[place].sum += other.states[group].sum
      states.states[place].count &+= other.states[group].count
    }
  }

  func finish(count: Int) -> Vector {
    var output = FlatBuilder<Double>(count: count)
    for group in 0..<count {
      let state = states[group]
      if state.count == 0 {
        output.setNull(group, filler: 0)
      } else {
        output[group] = isAverage ? state.sum / Double(state.count) : state.sum
      }
    }
    return output.finish(.double)
  }
}
