import CKernels
import ColStore

/// count(*), count(x), count_if(x).
enum Count {
  static let function = AggregateFunction("count", signature: "count(*) or count(value)") {
    types, _ throws(QueryError) in
    guard types.count <= 1 else {
      throw ImplicitCast.mismatch("count", types, "count(*) or count(value)")
    }
    return AggregateOverload(name: "count", types, .bigint) { CountAccumulator() }
  }

  /// Of rows of values, which are never NULL themselves: only with DISTINCT is it other than count(*).
  static func rows(_ types: [DataType]) -> AggregateOverload {
    AggregateOverload(name: "count_rows", types, .bigint) { CountAccumulator(ofRows: true) }
  }

  static let star = AggregateFunction("count_star", signature: "count_star()") { _, _ in
    AggregateOverload(name: "count", [], .bigint) { CountAccumulator() }
  }

  static let countIf = AggregateFunction(
    "count_if", aliases: ["countif"], signature: "count_if(condition)"
  ) { types, _ throws(QueryError) in
    guard types.count == 1 else {
      throw ImplicitCast.mismatch("count_if", types, "count_if(condition)")
    }
    return AggregateOverload(name: "count_if", [.boolean], .hugeint) { CountIfAccumulator() }
  }
}

private final class CountAccumulator: WeightedAccumulator, SummedUpAccumulator {
  /// So many groups' counters stay in the innermost cache, some for each.
  private static let fewGroups = 1024

  private let counts = StateColumn<Int64>()
  private let isOfRows: Bool

  var sharedStates: [any SharedState] { [counts] }
  private var groupCount = 1

  /// - Parameter ofRows: Whether rows count whatever the arguments are.
  init(ofRows: Bool = false) { isOfRows = ofRows }

  /// What is counted where it is not NULL; nil for all rows.
  private func value(_ arguments: [Vector]) -> Vector? { isOfRows ? nil : arguments.first }

  func resize(to count: Int) {
    counts.resize(to: count)
    groupCount = max(groupCount, count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = counts.cursor
    guard let vector = value(arguments), vector.mayHaveNulls else {
      if groupCount <= Self.fewGroups && count >= 4 * groupCount {
        return countFew(groups, count)
      }
      forEachInTurns(count) { row in states[Int(groups[row])] &+= 1 }
      return
    }
    let valid = Rows<UInt8>(vector)
    var row = 0
    while row < count {
      if !valid.isNull(row) { states[Int(groups[row])] &+= 1 }
      row += 1
    }
  }

  private func countFew(_ groups: UnsafePointer<UInt32>, _ count: Int) {
    let states = counts.cursor
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * groupCount) { found in
      ecq_count_groups(groups, count, groupCount, found.baseAddress)
      for group in 0..<groupCount { states[group] &+= Int64(found[group]) }
    }
  }

  func update(runs: GroupRuns, arguments: [Vector], count: Int) {
    if let vector = value(arguments), vector.mayHaveNulls {
      return update(groups: runs.groups, arguments: arguments, count: count)
    }
    let states = counts.cursor
    var start: UInt32 = 0
    for run in 0..<runs.runCount {
      let end = runs.ends[run]
      states[Int(runs.groups[Int(start)])] &+= Int64(end &- start)
      start = end
    }
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    guard let vector = value(arguments), let valid = vector.validity else {
      counts.cursor[0] &+= Int64(count)
      return
    }
    var found: Int64 = 0
    var row = 0
    if let codes = vector.codes {
      while row < count {
        found &+= Int64(valid[Int(codes[row])])
        row += 1
      }
    } else if vector.layout == .constant {
      found = valid[0] != 0 ? Int64(count) : 0
    } else {
      while row < count {
        found &+= Int64(valid[row])
        row += 1
      }
    }
    counts.cursor[0] &+= found
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) {
    let states = counts.cursor
    guard let vector = value(arguments), vector.mayHaveNulls else {
      for row in 0..<count { states[Int(groups[row])] &+= weights[row] }
      return
    }
    for row in 0..<count where !vector.isNull(row) { states[Int(groups[row])] &+= weights[row] }
  }

  func takes(_ summary: BlockSummary) -> Bool { true }

  func update(_ summary: BlockSummary) { counts.cursor[0] &+= Int64(summary.valueCount) }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? CountAccumulator else { return }
    let (own, theirs) = (counts.cursor, other.counts.cursor)
    for group in 0..<count { own[Int(mapping[group])] &+= theirs[group] }
  }

  func finish(count: Int) -> Vector {
    let output = FlatBuilder<Int64>(count: count)
    let states = counts.cursor
    for group in 0..<count { output[group] = states[group] }
    return output.finish(.bigint)
  }
}

/// A sum, so that it is NULL where no condition is known.
private final class CountIfAccumulator: WeightedAccumulator {
  private let counts = StateArray<Int64>()
  private let seen = StateArray<Bool>()

  func resize(to count: Int) {
    counts.resize(to: count)
    seen.resize(to: count)
  }

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    let states = counts.states
    forEachValue(arguments[0], UInt8.self, count: count) { row, value in
      states[Int(groups[row])] &+= Int64(value & 1)
      seen.states[Int(groups[row])] = true
    }
  }

  func updateOnlyGroup(arguments: [Vector], count: Int) {
    var found: Int64 = 0
    var isKnown = false
    forEachValue(arguments[0], UInt8.self, count: count) { _, value in
      found &+= Int64(value & 1)
      isKnown = true
    }
    counts[0] &+= found
    if isKnown { seen[0] = true }
  }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], weights: UnsafePointer<Int64>, count: Int
  ) {
    forEachValue(arguments[0], UInt8.self, count: count) { row, value in
      counts[Int(groups[row])] &+= Int64(value & 1) &* weights[row]
      seen[Int(groups[row])] = true
    }
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? CountIfAccumulator else { return }
    for group in 0..<count {
      counts[Int(mapping[group])] &+= other.counts[group]
      if other.seen[group] { seen[Int(mapping[group])] = true }
    }
  }

  func finish(count: Int) -> Vector {
    var output = FlatBuilder<Int128>(count: count)
    for group in 0..<count {
      if seen[group] {
        output[group] = Int128(counts[group])
      } else {
        output.setNull(group, filler: 0)
      }
    }
    return output.finish(.hugeint)
  }
}
