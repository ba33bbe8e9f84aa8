/// Columns whose values are 64-bit words: BOOLEAN, INTEGER, BIGINT, DECIMAL(≤ 18), DOUBLE (as its
/// bits), TIMESTAMP and DATE.
final class WordParser: ColumnParser, @unchecked Sendable {
  private(set) var values = GrowableArray<Int64>(capacity: 1 << 12)

  override func startChunk() {
    super.startChunk()
    values.count = 0
  }

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    switch type {
    case .bigint: parse(fields, firstRow) { TextReading.integer($0) }
    case .decimal(let precision, let scale):
      parse(fields, firstRow) {
        TextReading.decimal($0, precision: precision, scale: scale)
      }
    case .timestamp: parseTimestamps(fields, firstRow)
    default: parse(fields, firstRow) { Self.word($0, type) }
    }
  }

  /// The word of one text; nil where it is no value of the type.
  static func word(_ bytes: UnsafeBufferPointer<UInt8>, _ type: DataType) -> Int64? {
    switch type {
    case .boolean: return TextReading.boolean(bytes).map { $0 ? 1 : 0 }
    case .integer: return TextReading.integer(bytes).flatMap { Int32(exactly: $0).map(Int64.init) }
    case .bigint: return TextReading.integer(bytes)
    case .decimal(let precision, let scale):
      return TextReading.decimal(bytes, precision: precision, scale: scale)
    case .double: return TextReading.double(bytes).map { Int64(bitPattern: $0.bitPattern) }
    case .date: return TextReading.date(bytes)
    case .timestamp: return TextReading.timestampOrDate(bytes)
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

  /// Events come in time order: most timestamps are in the same minute as the one before, and
  /// differ from it in the seconds alone, if at all.
  private func parseTimestamps(_ fields: FieldColumn, _ firstRow: Int) {
    var last: (text: UnsafePointer<UInt8>, count: Int, minute: Int64)?
    // Where `YYYY-MM-DD HH:MM:` ends, and `SS`.
    let (minuteEnd, secondEnd) = (17, 19)
    parse(fields, firstRow) { field in
      guard let bytes = field.baseAddress else { return nil }
      if let last, last.count == field.count,
        HashMixing.equal(last.text, bytes, count: minuteEnd),
        HashMixing.equal(
          last.text + secondEnd, bytes + secondEnd, count: field.count - secondEnd),
        let seconds = TextReading.fixedDigits(bytes + minuteEnd, 2), seconds < 60
      {
        return last.minute &+ Int64(seconds &* 1_000_000)
      }
      guard let value = TextReading.timestampOrDate(field) else { return nil }
      if field.count >= secondEnd, let seconds = TextReading.fixedDigits(bytes + minuteEnd, 2) {
        last = (bytes, field.count, value &- Int64(seconds &* 1_000_000))
      }
      return value
    }
  }

  override func parseValues(_ vector: Vector) {
    let output = values.reserve(vector.count)
    switch (vector.layout, vector.type.physical) {
    case (.flat, .bool):
      let truths = vector.pointer(UInt8.self)
      for row in 0..<vector.count { output[row] = Int64(truths[row]) }
    case (.flat, _): output.update(from: vector.pointer(Int64.self), count: vector.count)
    default: vector.forEachPosition { row, position in output[row] = vector.word(at: position) }
    }
    for row in nullRows(from: values.count) { output[row - values.count] = 0 }
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
    return Self.integerDigits(ofLargest: largest, type)
  }

  /// The digits before the point of the word that is farthest from 0.
  static func integerDigits(ofLargest word: UInt64, _ type: DataType) -> Int {
    var largest = word
    if case .decimal(_, let scale) = type { largest /= UInt64(powersOfTen64[scale]) }
    return largest == 0 ? 0 : String(largest).utf8.count
  }
}
