import ColStore

/// Sums values of a known largest magnitude.
final class NarrowSumAccumulator: WeightedAccumulator, SummedUpAccumulator {
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

  /// Values of which as many can be added as ever come at once.
  static let largestMax = Int64.max >> 22

  init(finish: SumFinish, largest: Int64) {
    self.finish = finish
    rowsBeforeCarry = Int(Int64.max / max(largest, 1))
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
    if arguments[0].layout == .flat && !arguments[0].mayHaveNulls {
      let values = arguments[0].pointer(Int64.self)
      return forEachInTurns(count) { row in
        let state = states.pointer(Int(groups[row]))
        state.pointee.sum &+= values[row]
        state.pointee.count &+= 1
      }
    }
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
    var rows: Int64 = 0
    for row in 0..<count { rows &+= weights[row] }
    let states = states.cursor
    if rows < rowsBeforeCarry {
      carry(before: Int(rows))
      forEachValue(arguments[0], Int64.self, count: count) { row, value in
        let state = states.pointer(Int(groups[row]))
        state.pointee.sum &+= value &* weights[row]
        state.pointee.count &+= weights[row]
      }
      return
    }
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
