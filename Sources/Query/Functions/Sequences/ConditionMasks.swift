import ColStore

/// Reads which of up to 32 conditions hold in each row of a batch: bit i of a row's mask for condition i.
struct ConditionMasks {
  /// The bit of rows in which a condition or the time is NULL: they count as nothing.
  static let unknown: UInt64 = 1 << 63

  private var masks = Buffer(byteCount: 0)
  private var table = Buffer(byteCount: 0)

  /// The masks of a batch, valid until the next call.
  mutating func read(
    _ conditions: ArraySlice<Vector>, time: Vector?, count: Int
  ) -> UnsafePointer<UInt64> {
    if masks.byteCount < count * 8 { masks = Buffer(UInt64.self, count: count) }
    let output = masks.pointer(UInt64.self)
    if !readCoded(conditions, count: count, into: output) {
      output.update(repeating: 0, count: count)
      for (bit, vector) in conditions.enumerated() {
        ConditionMasks.add(vector, 1 << UInt64(bit), count: count, to: output)
      }
    }
    if let time, time.mayHaveNulls {
      for row in 0..<count where time.isNull(row) { output[row] |= ConditionMasks.unknown }
    }
    return UnsafePointer(output)
  }

  /// Where all conditions are over the codes of one column: a mask a code, looked up row by row.
  private mutating func readCoded(
    _ conditions: ArraySlice<Vector>, count: Int, into output: UnsafeMutablePointer<UInt64>
  ) -> Bool {
    guard let first = conditions.first, let codes = first.codes, let entries = first.dictionary,
      entries.count <= count,
      conditions.allSatisfy({ $0.codes == codes && $0.dictionary?.count == entries.count })
    else { return false }
    if table.byteCount < entries.count * 8 { table = Buffer(UInt64.self, count: entries.count) }
    let masks = table.pointer(UInt64.self)
    masks.update(repeating: 0, count: entries.count)
    for (bit, vector) in conditions.enumerated() {
      if let entries = vector.dictionary {
        ConditionMasks.add(entries, 1 << UInt64(bit), count: entries.count, to: masks)
      }
    }
    var row = 0
    while row < count {
      output[row] = masks[Int(codes[row])]
      row += 1
    }
    return true
  }

  private static func add(
    _ vector: Vector, _ bit: UInt64, count: Int, to masks: UnsafeMutablePointer<UInt64>
  ) {
    let rows = Rows<UInt8>(vector)
    var row = 0
    if vector.layout == .flat, !vector.mayHaveNulls {
      let values = rows.values
      while row < count {
        masks[row] |= (0 &- UInt64(values[row] & 1)) & bit
        row += 1
      }
      return
    }
    while row < count {
      if rows.isNull(row) {
        masks[row] |= unknown
      } else if rows[row] & 1 == 1 {
        masks[row] |= bit
      }
      row += 1
    }
  }
}
