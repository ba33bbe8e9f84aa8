import ColStore

/// How many rows each value has in each group; NULL is left out.
final class ValueTally {
  /// Groups and values, numbered as they first appear.
  private let table: any KeyTable
  let counts = StateArray<Int64>()

  init(_ type: DataType) { table = HashGrouping.make([.integer, type]) }

  /// The group and the value of each number.
  var keys: (groups: Vector, values: Vector) {
    let columns = table.keys()
    return (columns[0], columns[1])
  }

  func add(_ groups: UnsafePointer<UInt32>, _ values: Vector, count: Int) {
    let present = Selection.rows(
      of: BooleanKernels.isNull(values), where: { $0 == 0 }, count: count)
    let rows = present.pointer
    let numbers = FlatBuilder<Int64>(count: present.count)
    for index in 0..<present.count { numbers[index] = Int64(groups[Int(rows[index])]) }
    add(numbers.finish(.integer), present.narrow(values)) { _ in 1 }
  }

  /// Adds another's, whose group g is `mapping[g]` here.
  func add(_ other: ValueTally, mapping: UnsafePointer<UInt32>) {
    let (groups, values) = other.keys
    let from = groups.pointer(Int64.self)
    let mapped = FlatBuilder<Int64>(count: values.count)
    for row in 0..<values.count { mapped[row] = Int64(mapping[Int(from[row])]) }
    withExtendedLifetime(groups) {
      add(mapped.finish(.integer), values) { other.counts[$0] }
    }
  }

  private func add(_ groups: Vector, _ values: Vector, times: (Int) -> Int64) {
    let count = groups.count
    if count == 0 { return }
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    table.assign([groups, values], count: count, into: number)
    counts.resize(to: table.count)
    let states = counts.states
    for row in 0..<count { states[Int(number[row])] += times(row) }
    withExtendedLifetime(numbers) {}
  }
}

/// Aggregates of which a group's values and how often each occurs are all that counts.
final class TallyAccumulator: Accumulator {
  typealias Finish = @Sendable (_ values: ValueTally, _ groupCount: Int) -> Vector

  private let values: ValueTally
  private let finishing: Finish

  init(_ type: DataType, finish: @escaping Finish) {
    values = ValueTally(type)
    finishing = finish
  }

  func resize(to count: Int) {}

  func update(groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int) {
    values.add(groups, arguments[0], count: count)
  }

  func merge(_ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int) {
    guard let other = other as? TallyAccumulator else { return }
    values.add(other.values, mapping: mapping)
  }

  func finish(count: Int) -> Vector { finishing(values, count) }
}
