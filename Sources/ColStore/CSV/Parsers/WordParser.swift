/// Columns whose values are 64-bit words: BOOLEAN, INTEGER, BIGINT, DECIMAL(≤ 18), DOUBLE (as its
/// bits), TIMESTAMP and DATE.
final class WordParser: ColumnParser, @unchecked Sendable {
  private(set) var values = GrowableArray<Int64>(capacity: 1 << 12)

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    switch type {
    case .boolean:
      parse(fields, firstRow) { TextReading.boolean($0).map { $0 ? 1 : 0 } }
    case .integer:
      parse(fields, firstRow) { bytes in
        TextReading.integer(bytes).flatMap { Int32(exactly: $0).map(Int64.init) }
      }
    case .bigint: parse(fields, firstRow) { TextReading.integer($0) }
    case .decimal(let precision, let scale):
      parse(fields, firstRow) {
        TextReading.decimal($0, precision: precision, scale: scale)
      }
    case .double:
      parse(fields, firstRow) { TextReading.double($0).map { Int64(bitPattern: $0.bitPattern) } }
    case .date: parse(fields, firstRow) { TextReading.date($0) }
    case .timestamp: parseTimestamps(fields, firstRow)
    case .uuid, .varchar, .null, .interval, .time, .list, .map:
      preconditionFailure("\(type) is not a column of words")
    }
  }

  @inline(__always)
  private func parse(
    _ fields: FieldColumn, _ firstRow: Int, _ read: (UnsafeBufferPointer<UInt8>) -> Int64?
  ) {
    let output = values.reserve(fields.rowCount)
    withUnsafeMutablePointer(to: &nullRows) { nullRows in
      fields.forEach { row, bytes, count in
        let field = UnsafeBufferPointer(start: bytes, count: count)
        if let value = read(field) {
          output[row] = value
        } else {
          output[row] = 0
          addMisfit(row: firstRow + row, field)
        }
      } null: { row in
        output[row] = 0
        nullRows.pointee.append(Int32(truncatingIfNeeded: firstRow &+ row))
      }
    }
    values.count += fields.rowCount
  }

  /// Events come in time order: most timestamps repeat the text before them.
  private func parseTimestamps(_ fields: FieldColumn, _ firstRow: Int) {
    var lastText: UnsafePointer<UInt8>?
    var lastCount = 0
    var lastValue: Int64 = 0
    parse(fields, firstRow) { field in
      guard let bytes = field.baseAddress else { return nil }
      if let lastText, lastCount == field.count,
        HashMixing.equal(lastText, bytes, count: lastCount)
      {
        return lastValue
      }
      guard let value = TextReading.timestampOrDate(field) else { return nil }
      lastText = bytes
      lastCount = field.count
      lastValue = value
      return value
    }
  }

  override func parseValues(_ vector: Vector) {
    let output = values.reserve(vector.count)
    if vector.layout == .flat && vector.type.physical != .bool && !vector.mayHaveNulls {
      output.update(from: vector.pointer(Int64.self), count: vector.count)
    } else {
      for row in 0..<vector.count {
        output[row] = vector.isNull(row) ? 0 : vector.word(at: vector.position(of: row))
      }
    }
    values.count += vector.count
  }

  override func fillNulls(_ count: Int, firstRow: Int) {
    values.reserve(count).update(repeating: 0, count: count)
    values.count += count
    addNullRows(firstRow..<firstRow + count)
  }

  override func remove(rows: [Int]) {
    Self.compact(values.start, count: values.count, without: rows)
    values.count -= rows.count
    super.remove(rows: rows)
  }

  override var integerDigits: Int {
    var largest: UInt64 = 0
    for row in 0..<values.count { largest = max(largest, values[row].magnitude) }
    if case .decimal(_, let scale) = type { largest /= UInt64(powersOfTen64[scale]) }
    return largest == 0 ? 0 : String(largest).utf8.count
  }
}
