import ColStore

/// Numbers the distinct keys of rows, of one column or more: a key's number is that of its last
/// column's value together with the number of the columns before.
///
/// The values of a column are numbered by themselves; but whole numbers that lie too far apart for an
/// array go to the pairs as they are, if a word has room for them.
final class JoinKeys: Sendable {
  private enum Column: Sendable {
    case numbers(KeyNumbers)
    /// The number is the distance to the least value.
    case distances(ClosedRange<Int64>)
  }

  private let columns: [Column]
  /// Of pairs: the number of the columns before, and that of the value.
  private let pairs: [KeyNumbers]

  /// One more than the highest number.
  let count: Int

  /// - Parameters:
  ///   - keys: A vector a column, one at least, of `count` rows.
  ///   - shared: For each column the dictionary of these rows and of those that will be looked up, if they
  ///     have one.
  ///   - matchesNulls: For each column whether NULL is equal to NULL.
  ///   - lookups: About how many rows will be looked up.
  ///   - threads: How many may number the rows together.
  init(
    _ keys: [Vector], sharing shared: [SharedDictionary?], matchingNulls matchesNulls: [Bool],
    lookups: Int, threads: Int, into numbers: UnsafeMutablePointer<UInt32>
  ) {
    let first = KeyNumbers(
      keys[0], sharing: shared[0], matchesNulls: matchesNulls[0], lookups: lookups,
      threads: threads, into: numbers)
    var count = first.count
    var columns = [Column.numbers(first)]
    var pairs: [KeyNumbers] = []
    let own = Buffer(UInt32.self, count: keys.count > 1 ? keys[0].count : 0)
    for (place, key) in keys.enumerated().dropFirst() {
      let pair: Vector
      if shared[place] == nil, !matchesNulls[place] || !key.mayHaveNulls,
        let range = JoinKeys.distantRange(of: key, beside: count)
      {
        columns.append(.distances(range))
        pair = JoinKeys.pairs(numbers, key.flat(), range)
      } else {
        let values = KeyNumbers(
          key, sharing: shared[place], matchesNulls: matchesNulls[place], lookups: lookups,
          threads: threads, into: own.pointer())
        columns.append(.numbers(values))
        pair = JoinKeys.pairs(numbers, own.pointer(), values, count: key.count)
      }
      let known = KeyNumbers(pair, threads: threads, into: numbers)
      count = known.count
      pairs.append(known)
    }
    self.columns = columns
    self.pairs = pairs
    self.count = count
  }

  /// The values that key `column` has; nil where they have no numbers.
  func values(ofKey column: Int) -> KeyNumbers? {
    if case .numbers(let numbers) = columns[column] { return numbers }
    return nil
  }

  /// Writes the number of each row's keys, ``KeyTables/absent`` where they have none.
  func find(_ keys: [Vector], into numbers: UnsafeMutablePointer<UInt32>) {
    let rows = keys[0].count
    let own = Buffer(UInt32.self, count: keys.count > 1 ? rows : 0)
    for (place, (key, column)) in zip(keys, columns).enumerated() {
      switch column {
      case .numbers(let values) where place == 0: values.find(key, into: numbers)
      case .numbers(let values):
        values.find(key, into: own.pointer())
        let pair = JoinKeys.pairs(numbers, own.pointer(), values, count: rows)
        pairs[place - 1].find(pair, into: numbers)
      case .distances(let range):
        pairs[place - 1].find(JoinKeys.pairs(numbers, key.flat(), range), into: numbers)
      }
    }
  }

  /// The range of whole numbers that would be hashed to be numbered, but that fit into a word beside
  /// `count` others; nil for all else.
  private static func distantRange(of key: Vector, beside count: Int) -> ClosedRange<Int64>? {
    guard key.type.physical == .int64, let range = KeyNumbers.range(of: key.flat()),
      !KeyNumbers.isClose(range, rows: key.count)
    else { return nil }
    let (span, isTooWide) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    if isTooWide || span == .max { return nil }
    return (span + 1).multipliedReportingOverflow(by: Int64(count)).overflow ? nil : range
  }

  /// A word a row: NULL where either number is absent.
  private static func pairs(
    _ first: UnsafePointer<UInt32>, _ second: UnsafePointer<UInt32>, _ column: KeyNumbers,
    count: Int
  ) -> Vector {
    let size = Int64(column.count)
    var pairs = FlatBuilder<Int64>(count: count)
    for row in 0..<count {
      if first[row] == KeyTables.absent || second[row] == KeyTables.absent {
        pairs.setNull(row, filler: 0)
      } else {
        pairs[row] = Int64(first[row]) &* size &+ Int64(second[row])
      }
    }
    return pairs.finish(.bigint)
  }

  /// A word a row: NULL where the number is absent, and where the value is NULL or out of the
  /// range.
  private static func pairs(
    _ first: UnsafePointer<UInt32>, _ values: Vector, _ range: ClosedRange<Int64>
  ) -> Vector {
    let rows = Rows<Int64>(values)
    let size = range.upperBound &- range.lowerBound &+ 1
    var pairs = FlatBuilder<Int64>(count: values.count)
    for row in 0..<values.count {
      if first[row] == KeyTables.absent || rows.isNull(row) || !(range ~= rows[row]) {
        pairs.setNull(row, filler: 0)
      } else {
        pairs[row] = Int64(first[row]) &* size &+ (rows[row] &- range.lowerBound)
      }
    }
    return withExtendedLifetime(values) { pairs.finish(.bigint) }
  }
}
