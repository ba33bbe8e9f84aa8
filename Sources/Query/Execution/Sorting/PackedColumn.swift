import ColStore

/// A sort column whose values are small unsigned integers in sort order.
struct PackedColumn: @unchecked Sendable {
  let bits: Int
  private let column: SortColumn
  /// What rows are looked up in: the column's own values, or ranks of its dictionary's entries.
  private let kind: Kind

  private enum Kind {
    /// Distances to `low` are multiples of `step`, and `span` steps at most.
    case narrow(Rows<Int64>, low: Int64, step: ExactDivisor, span: UInt64, owner: Vector)
    case double(Rows<Double>, low: Int64, high: Int64, owner: Vector)
    case wide(Rows<Int128>, low: Int128, high: Int128, owner: Vector)
    case boolean(Rows<UInt8>, owner: Vector)
    case ranks(Buffer, codes: UnsafePointer<UInt32>, count: Int, owner: Vector)
  }

  /// Nil where the values do not become integers.
  init?(_ column: SortColumn, count: Int) {
    self.column = column
    let vector = column.vector
    let span: UInt128
    switch vector.type.physical {
    case .bool:
      kind = .boolean(Rows<UInt8>(vector), owner: vector)
      span = 1
    case .int64:
      var low = Int64.max
      var high = Int64.min
      forEachValue(vector, Int64.self, count: count) { _, value in
        low = min(low, value)
        high = max(high, value)
      }
      if low > high { (low, high) = (0, 0) }
      let range = UInt64(bitPattern: high &- low)
      let step = PackedColumn.step(vector, count, low, range)
      let steps = range / step.divisor
      kind = .narrow(Rows<Int64>(vector), low: low, step: step, span: steps, owner: vector)
      span = UInt128(steps)
    case .double:
      var low = Int64.max
      var high = Int64.min
      forEachValue(vector, Double.self, count: count) { _, value in
        let key = DoubleKey.ordered(value)
        low = min(low, key)
        high = max(high, key)
      }
      if low > high { (low, high) = (0, 0) }
      kind = .double(Rows<Double>(vector), low: low, high: high, owner: vector)
      span = UInt128(UInt64(bitPattern: high &- low))
    case .int128:
      var low = Int128.max
      var high = Int128.min
      forEachValue(vector, Int128.self, count: count) { _, value in
        low = min(low, value)
        high = max(high, value)
      }
      if low > high { (low, high) = (0, 0) }
      kind = .wide(Rows<Int128>(vector), low: low, high: high, owner: vector)
      span = UInt128(bitPattern: high &- low)
      if span > UInt128.max / 4 { return nil }
    case .string:
      guard let dictionary = vector.dictionary, let codes = vector.codes,
        dictionary.count <= 4 * count + 4096
      else { return nil }
      let (ranks, rankCount) = PackedColumn.ranks(of: dictionary, codes, count: count)
      kind = .ranks(ranks, codes: codes, count: rankCount, owner: vector)
      span = UInt128(max(rankCount, 1) - 1)
    case .interval, .list: return nil
    }
    bits = PackedColumn.bits(span, vector)
  }

  private init(_ column: SortColumn, ranks: Buffer, _ codes: UnsafePointer<UInt32>, count: Int) {
    self.column = column
    kind = .ranks(ranks, codes: codes, count: count, owner: column.vector)
    bits = PackedColumn.bits(UInt128(max(count, 1) - 1), column.vector)
  }

  /// The bits of numbers up to `span`, and of one more for NULL.
  private static func bits(_ span: UInt128, _ vector: Vector) -> Int {
    128 - (vector.mayHaveNulls ? span + 1 : span).leadingZeroBitCount
  }

  /// The same column by the ranks of its dictionary's whole numbers, where these are few beside the
  /// rows and need fewer bits so.
  func ranked(count: Int) -> PackedColumn? {
    guard case .narrow(_, let low, _, _, let vector) = kind, let dictionary = vector.dictionary,
      let codes = vector.codes, dictionary.count <= count / 8
    else { return nil }
    let buffer = PackedColumn.marks(of: codes, count: count, entries: dictionary.count)
    let ranks = buffer.pointer(UInt32.self)
    let values = dictionary.pointer(Int64.self)
    let used = Buffer(PackedRow<UInt64>.self, count: dictionary.count)
    let entries = used.pointer(PackedRow<UInt64>.self)
    var entryCount = 0
    for code in 0..<dictionary.count where ranks[code] != 0 && !dictionary.isNull(code) {
      entries[entryCount] = PackedRow(
        key: UInt64(bitPattern: values[code] &- low), row: UInt32(truncatingIfNeeded: code))
      entryCount += 1
    }
    RadixSort.sort(used, UInt64.self, count: entryCount)
    var rank = -1
    for place in 0..<entryCount {
      if place == 0 || entries[place].key != entries[place - 1].key { rank += 1 }
      ranks[Int(entries[place].row)] = UInt32(rank)
    }
    let ranked = PackedColumn(column, ranks: buffer, codes, count: rank + 1)
    return withExtendedLifetime(used) { ranked.bits < bits ? ranked : nil }
  }

  /// 1 for each entry that a row has.
  private static func marks(
    of codes: UnsafePointer<UInt32>, count: Int, entries: Int
  ) -> Buffer {
    let buffer = Buffer(zeroed: UInt32.self, count: entries)
    let marks = buffer.pointer(UInt32.self)
    for row in 0..<count { marks[Int(codes[row])] = 1 }
    return buffer
  }

  /// The greatest common divisor of all distances to the least value, where values span so much that
  /// it is worth knowing: times are mostly of whole seconds.
  private static func step(
    _ vector: Vector, _ count: Int, _ low: Int64, _ range: UInt64
  ) -> ExactDivisor {
    guard range >= 1 << 32 else { return ExactDivisor(1) }
    var step = ExactDivisor(range)
    forEachValue(vector, Int64.self, count: count) { _, value in
      let distance = UInt64(bitPattern: value &- low)
      if step.divides(distance) { return }
      var (left, right) = (step.divisor, distance)
      while right != 0 { (left, right) = (right, left % right) }
      step = ExactDivisor(left)
    }
    return step
  }

  /// The rank of each entry that a row has and that is not NULL; equal entries share one.
  private static func ranks(
    of dictionary: Vector, _ codes: UnsafePointer<UInt32>, count: Int
  ) -> (Buffer, Int) {
    let views = dictionary.pointer(StringView.self)
    let buffer = marks(of: codes, count: count, entries: dictionary.count)
    let ranks = buffer.pointer(UInt32.self)
    let entries = (0..<dictionary.count).filter { ranks[$0] != 0 && !dictionary.isNull($0) }
      .sorted { views[$0].compare(views[$1]) < 0 }
    var rank = -1
    var last: StringView?
    for entry in entries {
      if last.map({ $0 != views[entry] }) ?? true { rank += 1 }
      last = views[entry]
      ranks[entry] = UInt32(rank)
    }
    return (buffer, rank + 1)
  }

  /// Shifts this column's integers in behind what the rows of a range have.
  func append<Key: PackedKey>(
    to rows: UnsafeMutablePointer<PackedRow<Key>>, _ range: Range<Int>
  ) {
    switch kind {
    case .boolean(let source, _):
      append(to: rows, range, span: 1) { Key(source[$0] & 1) }
    case .narrow(let source, let low, let step, let span, _):
      let span = Key(truncatingIfNeeded: span)
      if step.divisor > 1 {
        return append(to: rows, range, span: span) {
          Key(truncatingIfNeeded: step.quotient(of: UInt64(bitPattern: source[$0] &- low)))
        }
      }
      append(to: rows, range, span: span) {
        Key(truncatingIfNeeded: UInt64(bitPattern: source[$0] &- low))
      }
    case .double(let source, let low, let high, _):
      let span = Key(truncatingIfNeeded: UInt64(bitPattern: high &- low))
      append(to: rows, range, span: span) {
        Key(truncatingIfNeeded: UInt64(bitPattern: DoubleKey.ordered(source[$0]) &- low))
      }
    case .wide(let source, let low, let high, _):
      let span = Key(truncatingIfNeeded: UInt128(bitPattern: high &- low))
      append(to: rows, range, span: span) {
        Key(truncatingIfNeeded: UInt128(bitPattern: source[$0] &- low))
      }
    case .ranks(let ranks, let codes, let rankCount, _):
      let table = ranks.pointer(UInt32.self)
      append(to: rows, range, span: Key(max(rankCount, 1) - 1)) {
        Key(table[Int(codes[$0])])
      }
    }
  }

  @inline(__always)
  private func append<Key: PackedKey>(
    to rows: UnsafeMutablePointer<PackedRow<Key>>, _ range: Range<Int>, span: Key,
    _ value: (Int) -> Key
  ) {
    let shift = Key(truncatingIfNeeded: bits)
    let nulls = Rows<UInt8>(column.vector)
    let descending = column.descending
    if nulls.validity == nil {
      for row in range {
        let found = value(row)
        rows[row].key = (rows[row].key << shift) | (descending ? span &- found : found)
      }
      return
    }
    let firstValue: Key = column.nullsFirst ? 1 : 0
    let null: Key = column.nullsFirst ? 0 : span &+ 1
    for row in range {
      var found = null
      if !nulls.isNull(row) {
        found = value(row)
        found = (descending ? span &- found : found) &+ firstValue
      }
      rows[row].key = (rows[row].key << shift) | found
    }
  }
}
