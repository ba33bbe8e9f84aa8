import ColStore

/// Passes each distinct (group, arguments) on to another accumulator, once.
final class DistinctAccumulator: RepetitionBlindAccumulator {
  private let inner: any Accumulator
  private let table: any KeyTable

  init(_ inner: any Accumulator, types: [DataType]) {
    self.inner = inner
    table = HashGrouping.make([.integer] + types)
  }

  /// Values that have been seen, each once a group.
  var rowsHeld: Int { table.count }

  func resize(to count: Int) { inner.resize(to: count) }

  func update(
    groups: UnsafePointer<UInt32>, arguments: [Vector], count: Int
  ) throws(QueryError) {
    // Group numbers stay below 2^31, so they pack as INTEGER.
    let widened = FlatBuilder<Int64>(count: count)
    for row in 0..<count { widened[row] = Int64(groups[row]) }
    let known = UInt32(table.count)
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    table.assign([widened.finish(.integer)] + arguments, count: count, into: number)
    // The first row of a new number is the one that counts.
    var next = known
    let fresh = Buffer(UInt32.self, count: count)
    let rows = fresh.pointer(UInt32.self)
    var found = 0
    for row in 0..<count where number[row] == next {
      rows[found] = UInt32(row)
      found += 1
      next += 1
    }
    if found == 0 { return }
    let selected = Buffer(UInt32.self, count: found)
    GatherKernels.gather(
      groups, at: UnsafePointer(rows), into: selected.pointer(UInt32.self), count: found)
    try inner.update(
      groups: UnsafePointer(selected.pointer(UInt32.self)),
      arguments: arguments.map { $0.select(UnsafePointer(rows), count: found) }, count: found)
    withExtendedLifetime((selected, fresh, numbers)) {}
  }

  func merge(
    _ other: any Accumulator, mapping: UnsafePointer<UInt32>, count: Int
  ) throws(QueryError) {
    guard let other = other as? DistinctAccumulator else { return }
    let columns = other.table.keys()
    let rows = other.table.count
    if rows == 0 { return }
    let groups = Buffer(UInt32.self, count: rows)
    let from = columns[0].pointer(Int64.self)
    for row in 0..<rows { groups.pointer(UInt32.self)[row] = mapping[Int(from[row])] }
    try update(
      groups: UnsafePointer(groups.pointer(UInt32.self)), arguments: Array(columns.dropFirst()),
      count: rows)
    withExtendedLifetime((groups, columns)) {}
  }

  func finish(count: Int) throws(QueryError) -> Vector { try inner.finish(count: count) }
}
