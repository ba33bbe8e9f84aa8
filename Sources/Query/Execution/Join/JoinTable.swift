import ColStore
import Synchronization

/// The build side of a hash join: rows by the number of their keys.
///
///     starts[number] ..< starts[number + 1]   where rows of that key lie in `rows`, in order
///
/// Where no two rows have the same keys and none is NULL, a row is its key's number.
final class JoinTable: Sendable {
  let batch: Batch
  /// Nil where all rows are partners of all.
  private let keys: JoinKeys?
  /// `starts`, then `rows`; nil where rows are numbers.
  private let lists: (starts: Buffer, rows: Buffer)?
  private let withNull = Mutex<[Vector]?>(nil)

  /// Rows with a NULL key, unless NULL is equal to NULL, match nothing and are left out.
  ///
  /// - Parameters:
  ///   - shared: For each key the dictionary that it has on both sides, if there is one.
  ///   - matchesNulls: For each key whether NULL is equal to NULL.
  ///   - lookups: About how many rows will be looked up, where memory may be spent on that.
  ///   - threads: How many may make the table together.
  init(
    _ batch: Batch, keys: [Vector], sharing shared: [SharedDictionary?],
    matchingNulls matchesNulls: [Bool], lookups: Int = 0, threads: Int = 1
  ) {
    self.batch = batch
    let count = batch.rowCount
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    if keys.isEmpty {
      self.keys = nil
      number.update(repeating: 0, count: count)
    } else {
      self.keys = JoinKeys(
        keys, sharing: shared, matchingNulls: matchesNulls, lookups: lookups, threads: threads,
        into: number)
    }
    let keyCount = self.keys?.count ?? 1
    let areUnique = keyCount == count && (0..<count).allSatisfy { number[$0] == $0 }
    lists = areUnique ? nil : JoinTable.lists(number, count: count, keyCount: keyCount)
    withExtendedLifetime(numbers) {}
  }

  /// About how many bytes a table takes beside its rows.
  static func estimatedBytes(_ keys: [Vector], sharing shared: [SharedDictionary?]) -> Int {
    guard let rows = keys.first?.count else { return 0 }
    // Numbers, rows by number, where they start; and of further columns the pairs.
    var bytes = 12 * rows + 52 * rows * (keys.count - 1)
    for (key, shared) in zip(keys, shared) {
      if let shared {
        bytes += min(4 * shared.count, 48 * rows)
      } else {
        bytes += min(rows, key.dictionary?.count ?? rows) * (28 + 2 * key.type.physical.stride)
      }
    }
    return bytes
  }

  private static func lists(
    _ numbers: UnsafePointer<UInt32>, count: Int, keyCount: Int
  ) -> (starts: Buffer, rows: Buffer) {
    let starts = Buffer(UInt32.self, count: keyCount + 2)
    starts.zero()
    let start = starts.pointer(UInt32.self)
    for row in 0..<count where numbers[row] != KeyTables.absent {
      start[Int(numbers[row]) + 2] += 1
    }
    for index in 2..<keyCount + 2 { start[index] += start[index - 1] }
    let rows = Buffer(UInt32.self, count: count)
    let place = rows.pointer(UInt32.self)
    for row in 0..<count where numbers[row] != KeyTables.absent {
      let next = start + Int(numbers[row]) + 1
      place[Int(next.pointee)] = UInt32(truncatingIfNeeded: row)
      next.pointee += 1
    }
    return (starts, rows)
  }

  /// For each key where its rows start, the last one's end behind them, and the rows.
  func listed() -> (starts: Buffer, rows: Buffer) {
    if let lists { return lists }
    let count = batch.rowCount
    let (starts, rows) = (Buffer(UInt32.self, count: count + 1), Buffer(UInt32.self, count: count))
    for row in 0...count { starts.pointer(UInt32.self)[row] = UInt32(row) }
    for row in 0..<count { rows.pointer(UInt32.self)[row] = UInt32(row) }
    return (starts, rows)
  }

  /// Whether no row has more than one partner.
  var isUnique: Bool { lists == nil }

  /// For each probe row the number of its keys, ``KeyTables/absent`` where it has no partner.
  func numbers(of keys: [Vector], count: Int) -> Buffer {
    let numbers = Buffer(UInt32.self, count: count)
    let number = numbers.pointer(UInt32.self)
    if let known = self.keys {
      known.find(keys, into: number)
    } else {
      number.update(repeating: batch.rowCount > 0 ? 0 : KeyTables.absent, count: count)
    }
    return numbers
  }

  /// The values that key `column` has.
  func values(ofKey column: Int) -> KeyNumbers? { keys?.values(ofKey: column) }

  /// A BOOLEAN vector: whether the probe row has a partner.
  func hasPartner(_ keys: [Vector], count: Int) -> Vector {
    let numbers = numbers(of: keys, count: count)
    return KeyNumbers.areKnown(numbers, count: count)
  }

  /// Pairs of a probe row and a build row with equal keys, in the order of the probe rows.
  struct Pairs {
    let probe: Buffer
    let build: Buffer
    let count: Int
  }

  /// Where to end so that the probe rows from `first` on have no more than `pairsMax` partners; at
  /// least one row further.
  func end(
    of numbers: UnsafePointer<UInt32>, from first: Int, count: Int, pairsMax: Int
  ) -> Int {
    guard let start = lists?.starts.pointer(UInt32.self) else {
      return min(count, first + pairsMax)
    }
    var pairs = 0
    var row = first
    while row < count {
      if numbers[row] != KeyTables.absent {
        let place = start + Int(numbers[row])
        pairs += Int(place[1] - place[0])
      }
      if pairs > pairsMax && row > first { return row }
      row += 1
    }
    return count
  }

  func pairs(_ numbers: UnsafePointer<UInt32>, _ rows: Range<Int>) -> Pairs {
    guard let lists else { return uniquePairs(numbers, rows) }
    let start = lists.starts.pointer(UInt32.self)
    let partner = lists.rows.pointer(UInt32.self)
    var count = 0
    for row in rows where numbers[row] != KeyTables.absent {
      let place = start + Int(numbers[row])
      count += Int(place[1] - place[0])
    }
    let (probe, build) = (Buffer(UInt32.self, count: count), Buffer(UInt32.self, count: count))
    let (left, right) = (probe.pointer(UInt32.self), build.pointer(UInt32.self))
    var found = 0
    for row in rows where numbers[row] != KeyTables.absent {
      let place = start + Int(numbers[row])
      for index in Int(place[0])..<Int(place[1]) {
        left[found] = UInt32(truncatingIfNeeded: row)
        right[found] = partner[index]
        found += 1
      }
    }
    return Pairs(probe: probe, build: build, count: count)
  }

  private func uniquePairs(_ numbers: UnsafePointer<UInt32>, _ rows: Range<Int>) -> Pairs {
    let probe = Buffer(UInt32.self, count: rows.count)
    let build = Buffer(UInt32.self, count: rows.count)
    let (left, right) = (probe.pointer(UInt32.self), build.pointer(UInt32.self))
    var found = 0
    for row in rows {
      left[found] = UInt32(truncatingIfNeeded: row)
      right[found] = numbers[row]
      found &+= numbers[row] != KeyTables.absent ? 1 : 0
    }
    return Pairs(probe: probe, build: build, count: found)
  }

  // MARK: - Columns

  /// The row that stands for no partner.
  var absentRow: UInt32 { UInt32(truncatingIfNeeded: batch.rowCount) }

  /// The build side's columns at `rows`. They are not copied: rows are codes into the columns.
  ///
  /// - Parameter hasAbsent: Whether rows may be ``absentRow``, whose values are NULL.
  func columns(at rows: Buffer, count: Int, hasAbsent: Bool = false) -> [Vector] {
    let codes = UnsafePointer(rows.pointer(UInt32.self))
    return (hasAbsent ? columnsWithNull() : batch.columns).map { column in
      column.layout == .flat && column.type.physical != .list
        ? Vector(codes: codes, count: count, dictionary: column, owners: [rows])
        : column.select(codes, count: count)
    }
  }

  /// The columns, and behind their rows one of NULLs.
  private func columnsWithNull() -> [Vector] {
    withNull.withLock { known in
      if let known { return known }
      let columns = batch.columns.map { column in
        Vector.concatenate([column, .nulls(column.type, count: 1)], type: column.type)
      }
      known = columns
      return columns
    }
  }
}
