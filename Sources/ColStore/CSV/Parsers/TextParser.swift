import Glibc

/// VARCHAR columns with too many distinct texts for a dictionary; also columns whose type is not
/// known yet, in which every value is a misfit.
final class TextParser: ColumnParser, @unchecked Sendable {
  /// Row r's bytes are `bytes[offsets[r] ..< offsets[r + 1]]`.
  private(set) var offsets = GrowableArray<Int>(capacity: 1 << 12)
  private(set) var bytes = GrowableArray<UInt8>(capacity: 1 << 12)

  override init(type: DataType) {
    super.init(type: type)
    offsets.append(0)
  }

  func view(_ row: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes.start + offsets[row], count: offsets[row + 1] - offsets[row])
  }

  override func parseFields(_ fields: FieldColumn, firstRow: Int) {
    let isUnknown = type == .null
    fields.forEach { row, start, count in
      let field = UnsafeBufferPointer(start: start, count: count)
      if isUnknown || !isValidUTF8(field) {
        addMisfit(row: firstRow + row, field)
      } else {
        memcpy(bytes.reserve(count), start, count)
        bytes.count += count
      }
      offsets.append(bytes.count)
    } null: { row in
      nullRows.append(Int32(truncatingIfNeeded: firstRow &+ row))
      offsets.append(bytes.count)
    }
  }

  override func parseValues(_ vector: Vector) {
    let views = vector.pointer(StringView.self)
    for row in 0..<vector.count {
      if !vector.isNull(row) {
        let view = views[vector.position(of: row)]
        memcpy(bytes.reserve(view.count), view.start, view.count)
        bytes.count += view.count
      }
      offsets.append(bytes.count)
    }
  }

  override func fillNulls(_ count: Int, firstRow: Int) {
    for row in firstRow..<firstRow + count {
      offsets.append(bytes.count)
      nullRows.append(Int32(row))
    }
  }

  override func remove(rows: [Int]) {
    var kept = GrowableArray<Int>(capacity: offsets.count)
    kept.append(0)
    var target = 0
    var next = 0
    for row in 0..<offsets.count - 1 {
      if next < rows.count && rows[next] == row {
        next += 1
        continue
      }
      let count = offsets[row + 1] - offsets[row]
      memmove(bytes.start + target, bytes.start + offsets[row], count)
      target += count
      kept.append(target)
    }
    bytes.count = target
    offsets = kept
    super.remove(rows: rows)
  }
}

/// Whether the bytes are well-formed UTF-8.
func isValidUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  var at = 0
  while at < bytes.count && bytes[at] < 0x80 { at += 1 }
  return at == bytes.count || String(validating: bytes, as: UTF8.self) != nil
}
