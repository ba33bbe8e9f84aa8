import ColStore

/// The stable order of rows by several columns.
///
/// 1. Each column becomes a small integer of as many bits as its values span: numbers as their
///    distance from the least (descending: from the greatest), coded texts as the rank of their
///    entry, NULL as one more value at its end.
/// 2. The integers of all columns, first column highest, are packed in 64 or 128 bits.
/// 3. Packed keys are radix-sorted, or the first few are picked by a heap.
///
/// What does not pack (free texts, lists) is compared row by row.
enum SortOrder {
  /// The first `limit` rows in order, by up to `threads` threads.
  static func rows(
    _ columns: [SortColumn], count: Int, limit: Int = .max, threads: Int = 1
  ) -> Selection {
    let wanted = min(limit, count)
    if wanted == 0 { return .none }
    if columns.isEmpty { return Selection.all(count).slice(0, wanted) }
    guard let (packed, bits) = packed(columns, count: count) else {
      return compared(columns, count: count, wanted: wanted)
    }
    return bits <= 64
      ? sorted(packed, UInt64.self, bits: bits, count: count, wanted: wanted, threads: threads)
      : sorted(packed, UInt128.self, bits: bits, count: count, wanted: wanted, threads: threads)
  }

  /// The columns as integers, of 128 bits together at most; nil where they do not pack.
  private static func packed(
    _ columns: [SortColumn], count: Int
  ) -> (columns: [PackedColumn], bits: Int)? {
    var packed: [PackedColumn] = []
    var bits = 0
    for column in columns {
      guard let packing = PackedColumn(column, count: count) else { return nil }
      packed.append(packing)
      bits += packing.bits
    }
    for index in packed.indices where bits > 64 {
      guard let ranked = packed[index].ranked(count: count) else { continue }
      bits += ranked.bits - packed[index].bits
      packed[index] = ranked
    }
    return bits <= 128 ? (packed, bits) : nil
  }

  /// All rows in order within each of the ranges `starts[i]..<starts[i + 1]`.
  static func rows(_ columns: [SortColumn], within starts: [Int]) -> Selection {
    let count = starts.last ?? 0
    let buffer = Buffer(UInt32.self, count: count)
    let rows = buffer.pointer(UInt32.self)
    for row in 0..<count { rows[row] = UInt32(row) }
    sort(rows, within: starts, by: columns)
    return Selection(buffer, count: count)
  }

  /// Sorts `rows` by `columns` within each of the ranges `starts[i]..<starts[i + 1]`, where they are
  /// ascending.
  static func sort(
    _ rows: UnsafeMutablePointer<UInt32>, within starts: [Int], by columns: [SortColumn]
  ) {
    guard let count = starts.last, count > 0, !columns.isEmpty else { return }
    let ranges = starts.indices.dropLast().lazy.map { starts[$0]..<starts[$0 + 1] }
      .filter { $0.count > 1 }
    guard let (packed, bits) = packed(columns, count: count) else {
      for range in ranges {
        var own = UnsafeMutableBufferPointer(start: rows + range.lowerBound, count: range.count)
        sort(&own, by: columns)
      }
      return
    }
    if bits <= 64 {
      sort(rows, ranges, packed, UInt64.self, count: count)
    } else {
      sort(rows, ranges, packed, UInt128.self, count: count)
    }
  }

  private static func sort<Key: PackedKey>(
    _ rows: UnsafeMutablePointer<UInt32>, _ ranges: some Sequence<Range<Int>>,
    _ columns: [PackedColumn], _ type: Key.Type, count: Int
  ) {
    let keys = Buffer(PackedRow<Key>.self, count: count)
    let ofRow = keys.pointer(PackedRow<Key>.self)
    for row in 0..<count { ofRow[row] = PackedRow(key: 0, row: UInt32(row)) }
    for column in columns { column.append(to: ofRow, 0..<count) }
    let rowsMax = ranges.reduce(0) { max($0, $1.count) }
    let moved = Buffer(PackedRow<Key>.self, count: rowsMax)
    let scratch = Buffer(PackedRow<Key>.self, count: rowsMax)
    let own = moved.pointer(PackedRow<Key>.self)
    for range in ranges {
      for index in 0..<range.count { own[index] = ofRow[Int(rows[range.lowerBound + index])] }
      RadixSort.sort(
        own, scratch: scratch.pointer(PackedRow<Key>.self), count: range.count)
      for index in 0..<range.count { rows[range.lowerBound + index] = own[index].row }
    }
    withExtendedLifetime((keys, moved, scratch)) {}
  }

  private static func sorted<Key: PackedKey>(
    _ columns: [PackedColumn], _ type: Key.Type, bits: Int, count: Int, wanted: Int,
    threads: Int
  ) -> Selection {
    let buffer = Buffer(PackedRow<Key>.self, count: count)
    let workers = count > 1 << 16 ? threads : 1
    inParallel(workers) { worker in
      let range = count * worker / workers..<count * (worker + 1) / workers
      let rows = buffer.pointer(PackedRow<Key>.self)
      for row in range { rows[row] = PackedRow(key: 0, row: UInt32(row)) }
      for column in columns { column.append(to: rows, range) }
    }
    let output: Buffer
    if wanted < count / 4 {
      output = TopRows.pick(
        buffer.pointer(PackedRow<Key>.self), count: count, wanted: wanted)
    } else if workers > 1 {
      output = RadixSort.sort(buffer, type, count: count, bits: bits, threads: workers)
    } else {
      RadixSort.sort(buffer, type, count: count)
      output = buffer
    }
    let selection = Buffer(UInt32.self, count: wanted)
    let result = output.pointer(PackedRow<Key>.self)
    for index in 0..<wanted { selection.pointer(UInt32.self)[index] = result[index].row }
    return withExtendedLifetime((buffer, output)) { Selection(selection, count: wanted) }
  }

  private static func compared(
    _ columns: [SortColumn], count: Int, wanted: Int
  ) -> Selection {
    let buffer = Buffer(UInt32.self, count: count)
    var rows = UnsafeMutableBufferPointer(start: buffer.pointer(UInt32.self), count: count)
    for row in 0..<count { rows[row] = UInt32(row) }
    sort(&rows, by: columns)
    return Selection(buffer, count: wanted)
  }

  private static func sort(
    _ rows: inout UnsafeMutableBufferPointer<UInt32>, by columns: [SortColumn]
  ) {
    rows.sort { left, right in
      for column in columns {
        let order = compare(column, Int(left), Int(right))
        if order != 0 { return order < 0 }
      }
      return left < right
    }
  }

  /// Negative where row `left` comes before row `right`.
  static func compare(_ column: SortColumn, _ left: Int, _ right: Int) -> Int {
    compare(column, left, column.vector, right)
  }

  /// Negative where row `left` comes before row `right` of another vector.
  static func compare(
    _ column: SortColumn, _ left: Int, _ other: Vector, _ right: Int
  ) -> Int {
    let vector = column.vector
    switch (vector.isNull(left), other.isNull(right)) {
    case (true, true): return 0
    case (true, false): return column.nullsFirst ? -1 : 1
    case (false, true): return column.nullsFirst ? 1 : -1
    default:
      let order = RowComparison.compare(vector, left, other, right)
      return column.descending ? -order : order
    }
  }
}

/// What sort keys are packed in.
protocol PackedKey: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt64: PackedKey {}
extension UInt128: PackedKey {}

/// A row and its packed sort key; equal keys are in the order of their rows.
struct PackedRow<Key: PackedKey>: BitwiseCopyable {
  var key: Key
  var row: UInt32

  @inline(__always)
  static func < (left: PackedRow, right: PackedRow) -> Bool {
    left.key < right.key || (left.key == right.key && left.row < right.row)
  }
}
