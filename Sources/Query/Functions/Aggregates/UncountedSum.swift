import ColStore

/// Sums of values that are never NULL, of groups that all have rows: such a sum is never NULL, so
/// that a state is the sum alone.
enum UncountedSum {
  /// The largest sums that `Int32` states hold.
  static let narrowMax: Int64 = (1 << 31) - 1

  /// `largest` is the greatest magnitude that any sum can reach.
  static func makeAccumulator(_ type: DataType, largest: Int64) -> any Accumulator {
    largest <= narrowMax ? UncountedNarrowSum(type) : UncountedWideSum(type)
  }
}

private struct UncountedStates<State: FixedWidthInteger & BitwiseCopyable> {
  let states = StateColumn<State>()
  let type: DataType

  func update(groups: UnsafePointer<UInt32>, _ vector: Vector, count: Int) {
    let states = states.cursor
    forEachValue(vector, Int64.self, count: count) { row, value in
      let state = states.pointer(Int(groups[row]))
      state.pointee &+= State(truncatingIfNeeded: value)
    }
  }

  func update(
    groups: UnsafePointer<UInt32>, _ vector: Vector, weights: UnsafePointer<Int64>, count: Int
  ) {
    let states = states.cursor
    forEachValue(vector, Int64.self, count: count) { row, value in
      states.pointer(Int(groups[row])).pointee &+= State(truncatingIfNeeded: value &* weights[row])
    }
  }

  /// Sums each run as the difference of two running sums, so that no row waits for the state of its
  /// group.
  func update(runs: GroupRuns, _ vector: Vector, count: Int) {
    let buffer = Buffer(State.self, count: count + 1)
    let sums = buffer.pointer(State.self)
    sums[0] = 0
    var sum: State = 0
    forEachValue(vector, Int64.self, count: count) { row, value in
      sum &+= State(truncatingIfNeeded: value)
      sums[row &+ 1] = sum
    }
    let states = states.cursor
    var start = 0
    for run in 0..<runs.runCount {
      let end = Int(runs.ends[run])
      states.pointer(Int(runs.groups[start])).pointee &+= sums[end] &- sums[start]
      start = end
    }
    withExtendedLifetime(buffer) {}
  }

  func merge(_ other: UncountedStates, mapping: UnsafePointer<UInt32>, count: Int) {
    let (own, theirs) = (states.cursor, other.states.cursor)
    for group in 0..<count { own.pointer(Int(mapping[group])).pointee &+= theirs[group] }
  }

  func finish(count: Int) -> Vector {
    let states = states.cursor
    let output = FlatBuilder<Int128>(count: count)
    for group in 0..<count { output[group] = Int128(states[group]) }
    return output.finish(type)
  }
}

private final class UncountedNarrowSum: WeightedAccumulator {
  private let sums: UncountedStates<Int32>

  init(_ type: DataType) { sums = UncountedStates(type: type) }

  var sharedStates: [any SharedState] { [sums.states] }
  func resize(to count: Int) { sums.states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    sums.update(groups: groups, arguments[0], count: count)
  }

  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    sums.update(runs: runs, arguments[0], count: count)
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) {
    sums.update(groups: groups, arguments[0], weights: weights, count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? UncountedNarrowSum else { return }
    sums.merge(other.sums, mapping: mapping, count: count)
  }

  func finish(count: Int) -> Vector { sums.finish(count: count) }
}

private final class UncountedWideSum: WeightedAccumulator {
  private let sums: UncountedStates<Int64>

  init(_ type: DataType) { sums = UncountedStates(type: type) }

  var sharedStates: [any SharedState] { [sums.states] }
  func resize(to count: Int) { sums.states.resize(to: count) }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    sums.update(groups: groups, arguments[0], count: count)
  }

  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    sums.update(runs: runs, arguments[0], count: count)
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) {
    sums.update(groups: groups, arguments[0], weights: weights, count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? UncountedWideSum else { return }
    sums.merge(other.sums, mapping: mapping, count: count)
  }

  func finish(count: Int) -> Vector { sums.finish(count: count) }
}
