import ColStore

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

  /// Adds the sum of `rows` values to group 0.
  func addToOnlyGroup(_ part: Int128, rows: Int64) throws(QueryError) {
    let (sum, overflow) = states[0].sum.addingReportingOverflow(part)
    if overflow { throw WideSumStates.overflow }
    states.states[0] = State(sum: sum, count: states[0].count &+ rows)
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
final class BigintSumAccumulator: WeightedAccumulator, SummedUpAccumulator {
  private let states: WideSumStates<Int64>

  init(finish: SumFinish) { states = WideSumStates(finish: finish) }

  func resize(to count: Int) { states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) throws(QueryError) {
    try states.update(groups: groups, arguments[0], count: count)
  }

  /// Sums the halves of the values apart, which do not overflow within a batch.
  func updateOnlyGroup(arguments: [Vector], count: Int) throws(QueryError) {
    var (low, high, rows): (Int64, Int64, Int64) = (0, 0, 0)
    forEachValue(arguments[0], Int64.self, count: count) { _, value in
      low &+= value & 0xffff_ffff
      high &+= value >> 32
      rows &+= 1
    }
    try states.addToOnlyGroup(Int128(high) << 32 + Int128(low), rows: rows)
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) throws(QueryError) {
    try states.update(groups: groups, arguments[0], weights: weights, count: count)
  }

  func takes(_ summary: BlockSummary) -> Bool { summary.valueCount == 0 || summary.sum != nil }

  func update(_ summary: BlockSummary) throws(QueryError) {
    guard let sum = summary.sum else { return }
    try states.addToOnlyGroup(Int128(sum), rows: Int64(summary.valueCount))
  }

  func merge(
    _ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int
  ) throws(QueryError) {
    guard let other = other as? BigintSumAccumulator else { return }
    try states.merge(other.states, mapping: mapping, count: count)
  }

  func finish(count: Int) throws(QueryError) -> Vector { try states.finish(count: count) }
}

/// Sums 128-bit values.
final class Int128SumAccumulator: WeightedAccumulator {
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
