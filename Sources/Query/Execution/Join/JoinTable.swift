import ColStore

/// The build side of a hash join: rows by the number of their keys.
///
///     starts[number] ..< starts[number + 1]   where rows of that key lie in `rows`, in order
final class JoinTable: @unchecked Sendable {
  let batch: Batch
  private let table: any KeyTable
  private let starts: Buffer
  private let rows: Buffer
  private let hasKeys: Bool

  /// Rows with a NULL key match nothing and are left out.
  init(_ batch: Batch, keys: [Vector]) {
    self.batch = batch
    hasKeys = !keys.isEmpty
    table = HashGrouping.make(keys.isEmpty ? [.boolean] : keys.map(\.type))
    let count = batch.rowCount
    let columns = keys.isEmpty ? [Vector.constant(.boolean, .bool(true), count: count)] : keys
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    table.assign(columns, count: count, into: number)
    starts = Buffer(UInt32.self, count: table.count + 2)
    starts.zero()
    let start = starts.pointer(UInt32.self)
    rows = Buffer(UInt32.self, count: count)
    let isNull = (0..<count).map { row in keys.contains { $0.isNull(row) } }
    for row in 0..<count where !isNull[row] { start[Int(number[row]) + 2] += 1 }
    for index in 2..<max(table.count + 2, 2) { start[index] += start[index - 1] }
    let row = rows.pointer(UInt32.self)
    for index in 0..<count where !isNull[index] {
      let place = Int(number[index]) + 1
      row[Int(start[place])] = UInt32(index)
      start[place] += 1
    }
    withExtendedLifetime(numbers) {}
  }

  /// Pairs of probe and build rows with equal keys, in probe order.
  func matches(_ keys: [Vector], count: Int) -> (probe: [UInt32], build: [UInt32]) {
    let columns = keys.isEmpty ? [Vector.constant(.boolean, .bool(true), count: count)] : keys
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    table.find(columns, count: count, into: number)
    let start = starts.pointer(UInt32.self)
    let row = rows.pointer(UInt32.self)
    var probe: [UInt32] = []
    var build: [UInt32] = []
    probe.reserveCapacity(count)
    build.reserveCapacity(count)
    for index in 0..<count where number[index] != KeyTables.absent {
      if hasKeys && keys.contains(where: { $0.isNull(index) }) { continue }
      let first = Int(start[Int(number[index])])
      let end = Int(start[Int(number[index]) + 1])
      for place in first..<end {
        probe.append(UInt32(index))
        build.append(row[place])
      }
    }
    return withExtendedLifetime(numbers) { (probe, build) }
  }
}
