/// Columns of 128-bit values: UUID and DECIMAL(38,0).
final class WideParser: ColumnParser, @unchecked Sendable {
  private(set) var values = GrowableArray<Int128>(capacity: 1 << 12)

  override func startChunk() {
    super.startChunk()
    values.count = 0
  }

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    let output = values.reserve(fields.rowCount)
    let isUUID = type == .uuid
    fields.forEach { row, bytes, count in
      let field = UnsafeBufferPointer(start: bytes, count: count)
      let value =
        isUUID ? TextReading.uuid(field) : TextReading.decimal128(field, scale: type.scale)
      output[row] = value ?? 0
      if value == nil { addMisfit(row: firstRow + row, field) }
    } null: { row in
      output[row] = 0
      nullRows.append(Int32(truncatingIfNeeded: firstRow &+ row))
    }
    values.count += fields.rowCount
  }

  override func parseValues(_ vector: Vector) {
    let output = values.reserve(vector.count)
    let source = vector.pointer(Int128.self)
    vector.forEachPosition { row, position in output[row] = source[position] }
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

  override var integerDigits: Int { type == .uuid ? 0 : 38 }
}

extension DataType {
  /// Digits after the point; 0 for types that have none.
  var scale: Int {
    if case .decimal(_, let scale) = self { return scale }
    return 0
  }
}
