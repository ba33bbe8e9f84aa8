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
    let scale: Int
    switch type {
    case .integer, .bigint: scale = 0
    case .decimal(_, let digits): scale = digits
    case .double:
      return AggregateOverload(name: name, [.double], .double, isOrderSensitive: true) {
        DoubleSumAccumulator(isAverage: isAverage)
      }
    case .boolean:
      guard !isAverage else { throw ImplicitCast.mismatch(name, types, signature) }
      return AggregateOverload(name: name, [.integer], .hugeint) {
        NarrowSumAccumulator(finish: .sum(.hugeint), largest: 1)
      }
    case .timestamp, .date:
      guard isAverage else { throw ImplicitCast.mismatch(name, types, signature) }
      return AggregateOverload(name: name, [.timestamp], .timestamp) {
        BigintSumAccumulator(finish: .averageTimestamp)
      }
    default: throw ImplicitCast.mismatch(name, types, signature)
    }
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
    case .decimal(let precision, _) where precision <= 13: powersOfTen64[precision]
    default: nil
    }
  }
}

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
  case averageTimestamp

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
    case .averageTimestamp:
      var output = FlatBuilder<Int64>(count: count)
      for group in 0..<count {
        let rows = counts(group)
        if rows == 0 {
          output.setNull(group, filler: 0)
        } else {
          output[group] = Int64(truncatingIfNeeded: sums(group) / Int128(rows))
        }
      }
      return output.finish(.timestamp)
    }
  }
}

/// Sums values of a known largest magnitude.
private final class NarrowSumAccumulator: WeightedAccumulator, SummedUpAccumulator {
  private struct State: BitwiseCopyable {
    var sum: Int64
    var count: Int64
  }

  private let states = StateColumn<State>()
  /// Where sums are moved to when they could overflow; absent until then.
  private var carried: StateArray<Int128>?
  private var groupCount = 0
  private var rowsSinceCarry = 0
  private let rowsBeforeCarry: Int
  private let finish: SumFinish

  init(finish: SumFinish, largest: Int64) {
    self.finish = finish
    rowsBeforeCarry = Int(Int64.max / largest)
  }

  var sharedStates: [any SharedState] { [states] }

  func resize(to count: Int) {
    states.resize(to: count)
    carried?.resize(to: count)
    groupCount = max(groupCount, count)
  }

  /// The 128-bit sums, made when first needed.
  private func wideSums() -> StateArray<Int128> {
    let sums = carried ?? StateArray<Int128>()
    sums.resize(to: groupCount)
    carried = sums
    return sums
  }

  private func carry(before rows: Int) {
    rowsSinceCarry += rows
    guard rowsSinceCarry >= rowsBeforeCarry else { return }
    let target = wideSums()
    let states = states.cursor
    for group in 0..<groupCount {
      target[group] &+= Int128(states[group].sum)
      states.pointer(group).pointee.sum = 0
    }
    rowsSinceCarry = rows
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    carry(before: count)
    let states = states.cursor
    forEachValue(arguments[0], Int64.self, count: count) { row, value in
      let group = Int(groups[row])
      let state = states.pointer(group)
      state.pointee.sum &+= value
      state.pointee.count &+= 1
    }
  }

  /// Sums each run as the difference of two running sums, so that no row waits for the state of its
  /// group.
  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    let vector = arguments[0]
    if vector.layout == .constant {
      return update(groups: runs.groups, arguments: arguments, count: count)
    }
    carry(before: count)
    let sumsBuffer = Buffer(Int64.self, count: count + 1)
    let sums = sumsBuffer.pointer(Int64.self)
    sums[0] = 0
    let values = vector.pointer(Int64.self)
    let states = states.cursor
    guard let valid = vector.validity else {
      var sum: Int64 = 0
      var row = 0
      if let codes = vector.codes {
        while row < count {
          sum &+= values[Int(codes[row])]
          row += 1
          sums[row] = sum
        }
      } else {
        while row < count {
          sum &+= values[row]
          row += 1
          sums[row] = sum
        }
      }
      var start = 0
      for run in 0..<runs.runCount {
        let end = Int(runs.ends[run])
        let state = states.pointer(Int(runs.groups[start]))
        state.pointee.sum &+= sums[end] &- sums[start]
        state.pointee.count &+= Int64(end &- start)
        start = end
      }
      return withExtendedLifetime(sumsBuffer) {}
    }
    let countsBuffer = Buffer(Int32.self, count: count + 1)
    let counts = countsBuffer.pointer(Int32.self)
    counts[0] = 0
    let rows = Rows<Int64>(vector)
    var sum: Int64 = 0
    var present: Int32 = 0
    var row = 0
    while row < count {
      let position = rows.position(row)
      let isPresent = Int64(valid[position])
      sum &+= values[position] & (0 &- isPresent)
      present &+= Int32(truncatingIfNeeded: isPresent)
      row += 1
      sums[row] = sum
      counts[row] = present
    }
    var start = 0
    for run in 0..<runs.runCount {
      let end = Int(runs.ends[run])
      let state = states.pointer(Int(runs.groups[start]))
      state.pointee.sum &+= sums[end] &- sums[start]
      state.pointee.count &+= Int64(counts[end] &- counts[start])
      start = end
    }
    withExtendedLifetime((sumsBuffer, countsBuffer)) {}
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    carry(before: count)
    var sum: Int64 = 0
    var rows: Int64 = 0
    forEachValue(arguments[0], Int64.self, count: count) { _, value in
      sum &+= value
      rows &+= 1
    }
    let state = states.cursor.pointer(0)
    state.pointee.sum &+= sum
    state.pointee.count &+= rows
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) {
    let states = states.cursor
    let sums = wideSums()
    forEachValue(arguments[0], Int64.self, count: count) { row, value in
      let group = Int(groups[row])
      sums[group] &+= Int128(value) &* Int128(weights[row])
      states.pointer(group).pointee.count &+= weights[row]
    }
  }

  func takes(_ summary: BlockSummary) -> Bool { summary.valueCount == 0 || summary.sum != nil }

  func update(_ summary: BlockSummary) {
    guard let sum = summary.sum else { return }
    wideSums()[0] &+= Int128(sum)
    states.cursor.pointer(0).pointee.count &+= Int64(summary.valueCount)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? NarrowSumAccumulator else { return }
    let (own, theirs) = (states.cursor, other.states.cursor)
    if carried == nil && other.carried == nil
      && rowsSinceCarry + other.rowsSinceCarry < rowsBeforeCarry
    {
      rowsSinceCarry += other.rowsSinceCarry
      for group in 0..<count {
        let target = own.pointer(Int(mapping[group]))
        target.pointee.sum &+= theirs[group].sum
        target.pointee.count &+= theirs[group].count
      }
      return
    }
    let target = wideSums()
    for group in 0..<count {
      let place = Int(mapping[group])
      target[place] &+= Int128(theirs[group].sum)
      if let carried = other.carried { target[place] &+= carried[group] }
      own.pointer(place).pointee.count &+= theirs[group].count
    }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    let states = states.cursor
    return try finish.vector(
      count: count,
      sums: { group in Int128(states[group].sum) &+ (carried.map { $0[group] } ?? 0) },
      counts: { states[$0].count })
  }
}

/// Sums any exact values in 128 bits, and says when that is not enough.
private struct WideSumStates<Element: FixedWidthInteger & BitwiseCopyable> {
  private struct State: BitwiseCopyable {
    var sum: Int128
    var count: Int64
  }

  private let states = StateArray<State>()
  private let finish: SumFinish

  init(finish: SumFinish) { self.finish = finish }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, _ vector: Vector, count: Int) throws(QueryError) {
    let states = states.states
    var overflowed = false
    forEachValue(vector, Element.self, count: count) { row, value in
      let group = Int(groups[row])
      let (sum, overflow) = states[group].sum.addingReportingOverflow(Int128(value))
      states[group].sum = sum
      states[group].count &+= 1
      overflowed = overflowed || overflow
    }
    if overflowed { throw WideSumStates.overflow }
  }

  func updateOnlyGroup(_ vector: Vector, count: Int) throws(QueryError) {
    var total: Int128 = states[0].sum
    var rows: Int64 = 0
    var overflowed = false
    forEachValue(vector, Element.self, count: count) { _, value in
      let (sum, overflow) = total.addingReportingOverflow(Int128(value))
      total = sum
      rows &+= 1
      overflowed = overflowed || overflow
    }
    if overflowed { throw WideSumStates.overflow }
    states.states[0].sum = total
    states.states[0].count &+= rows
  }

  func update(
    groups: UnsafePointer<UInt32>, _ vector: Vector, weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError) {
    var overflowed = false
    forEachValue(vector, Element.self, count: count) { row, value in
      let group = Int(groups[row])
      let product = Int128(value).multipliedReportingOverflow(by: Int128(weights[row]))
      let sum = states[group].sum.addingReportingOverflow(product.partialValue)
      states.states[group] = State(
        sum: sum.partialValue, count: states[group].count &+ weights[row])
      overflowed = overflowed || product.overflow || sum.overflow
    }
    if overflowed { throw WideSumStates.overflow }
  }

  func update(_ summary: BlockSummary) throws(QueryError) {
    guard let total = summary.sum else { return }
    let (sum, overflow) = states[0].sum.addingReportingOverflow(Int128(total))
    if overflow { throw WideSumStates.overflow }
    states.states[0] = State(sum: sum, count: states[0].count &+ Int64(summary.valueCount))
  }

  private static var overflow: QueryError { QueryError(.value, "a sum is out of range") }

  func merge(
    _ other: WideSumStates, mapping: UnsafePointer<UInt32>, count: Int
  ) throws(QueryError) {
    for group in 0..<count {
      let place = Int(mapping[group])
      let (sum, overflow) = states[place].sum.addingReportingOverflow(other.states[group].sum)
      if overflow { throw WideSumStates.overflow }
      states.states[place].sum = sum
      states.states[place].count &+= other.states[group].count
    }
  }

  func finish(count: Int) throws(QueryError) -> Vector {
    try finish.vector(count: count, sums: { states[$0].sum }, counts: { states[$0].count })
  }
}

/// Sums 64-bit values of any magnitude.
private final class BigintSumAccumulator: WeightedAccumulator, SummedUpAccumulator {
  private let states: WideSumStates<Int64>

  init(finish: SumFinish) { states = WideSumStates(finish: finish) }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) throws(QueryError) {
    try states.update(groups: groups, arguments[0], count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) throws(QueryError) {
    try states.updateOnlyGroup(arguments[0], count: count)
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError) {
    try states.update(groups: groups, arguments[0], weights: weights, count: count)
  }

  func takes(_ summary: BlockSummary) -> Bool { summary.valueCount == 0 || summary.sum != nil }

  func update(_ summary: BlockSummary) throws(QueryError) { try states.update(summary) }

  func merge(
    _ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int
  ) throws(QueryError) {
    guard let other = other as? BigintSumAccumulator else { return }
    try states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try states.finish(count: count) }
}

/// Sums 128-bit values.
private final class Int128SumAccumulator: WeightedAccumulator {
  private let states: WideSumStates<Int128>

  init(finish: SumFinish) { states = WideSumStates(finish: finish) }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) throws(QueryError) {
    try states.update(groups: groups, arguments[0], count: count)
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) throws(QueryError) {
    try states.updateOnlyGroup(arguments[0], count: count)
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError) {
    try states.update(groups: groups, arguments[0], weights: weights, count: count)
  }

  func merge(
    _ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int
  ) throws(QueryError) {
    guard let other = other as? Int128SumAccumulator else { return }
    try states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try states.finish(count: count) }
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
