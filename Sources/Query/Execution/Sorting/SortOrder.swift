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
  /// The first `limit` rows in order.
  static func rows(_ columns: [SortColumn], count: Int, limit: Int = .max) -> Selection {
    let wanted = min(limit, count)
    if wanted == 0 { return .none }
    if columns.isEmpty { return Selection.all(count).slice(0, wanted) }
    var packed: [PackedColumn] = []
    var bits = 0
    for column in columns {
      guard let packing = PackedColumn(column, count: count) else {
        return compared(columns, count: count, wanted: wanted)
      }
      packed.append(packing)
      bits += packing.bits
    }
    if bits <= 64 { return sorted(packed, UInt64.self, bits: bits, count: count, wanted: wanted) }
    if bits <= 128 { return sorted(packed, UInt128.self, bits: bits, count: count, wanted: wanted) }
    return compared(columns, count: count, wanted: wanted)
  }

  private static func sorted<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ columns: [PackedColumn], _ type: Key.Type, bits: Int, count: Int, wanted: Int
  ) -> Selection {
    let buffer = Buffer(PackedRow<Key>.self, count: count)
    let rows = buffer.pointer(PackedRow<Key>.self)
    for row in 0..<count { rows[row] = PackedRow(key: 0, row: UInt32(row)) }
    for column in columns { column.append(to: rows, count: count) }
    let output: Buffer
    if wanted < count / 4 {
      output = TopRows.pick(rows, count: count, wanted: wanted)
    } else {
      output = RadixSort.sort(buffer, type, count: count, bits: bits)
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
    rows.sort { left, right in
      for column in columns {
        let order = compare(column, Int(left), Int(right))
        if order != 0 { return order < 0 }
      }
      return left < right
    }
    return Selection(buffer, count: wanted)
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

/// A row and its packed sort key; equal keys are in the order of their rows.
struct PackedRow<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>: BitwiseCopyable {
  var key: Key
  var row: UInt32

  @inline(__always)
  static func < (left: PackedRow, right: PackedRow) -> Bool {
    left.key < right.key || (left.key == right.key && left.row < right.row)
  }
}
