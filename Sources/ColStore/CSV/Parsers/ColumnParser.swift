/// Parses one column of one chunk, piece by piece, and holds the chunk's values.
///
/// Rows are numbered within the chunk. A row's value is NULL where its field is empty and not
/// quoted; a field that is no value of the column's type is a misfit.
class ColumnParser: @unchecked Sendable {
  let type: DataType
  /// Rows so far.
  private(set) var rowCount = 0
  /// Rows whose value is NULL, ascending.
  var nullRows = GrowableArray<Int32>()
  /// Rows whose field does not fit the type, ascending; their values are as if NULL.
  private(set) var misfitRows: [Int] = []
  /// What the misfits are.
  private(set) var misfits = TypeProfile()

  init(type: DataType) { self.type = type }

  /// Forgets the values, and goes on with another chunk.
  func startChunk() {
    rowCount = 0
    nullRows.count = 0
    misfitRows = []
    misfits = TypeProfile()
  }

  /// Counts rows that were added in another way than by ``parse(_:field:)``.
  final func addRows(_ count: Int) { rowCount += count }

  /// Adds the rows of a piece, taking field number `field` of each.
  final func parse(_ fields: FieldIndex, field: Int) {
    parseFields(FieldColumn(fields, field: field), firstRow: rowCount)
    rowCount += fields.rowCount
  }

  /// Adds `count` NULLs, for a file without the column.
  final func addNulls(_ count: Int) {
    fillNulls(count, firstRow: rowCount)
    rowCount += count
  }

  /// Adds the rows of a vector whose type is the column's.
  final func parse(_ vector: Vector) {
    if let valid = vector.validity, vector.layout == .flat {
      for row in 0..<vector.count where valid[row] == 0 {
        nullRows.append(Int32(truncatingIfNeeded: rowCount + row))
      }
    } else if vector.mayHaveNulls {
      for row in 0..<vector.count where vector.isNull(row) {
        nullRows.append(Int32(truncatingIfNeeded: rowCount + row))
      }
    }
    parseValues(vector)
    rowCount += vector.count
  }

  /// The rows from `first` on whose value is NULL.
  final func nullRows(from first: Int) -> [Int] {
    var start = nullRows.count
    while start > 0 && nullRows[start - 1] >= first { start -= 1 }
    return (start..<nullRows.count).map { Int(nullRows[$0]) }
  }

  func parseFields(_ fields: FieldColumn, firstRow: Int) {}
  func parseValues(_ vector: Vector) {}
  func fillNulls(_ count: Int, firstRow: Int) {}

  /// Called once when all pieces are in.
  func finish() {}

  /// Leaves out `rows`, ascending.
  func remove(rows: [Int]) {
    var next = 0
    var kept = GrowableArray<Int32>(capacity: nullRows.count)
    for index in 0..<nullRows.count {
      let row = Int(nullRows[index])
      while next < rows.count && rows[next] < row { next += 1 }
      if next < rows.count && rows[next] == row { continue }
      kept.append(Int32(row - next))
    }
    nullRows = kept
    rowCount -= rows.count
  }

  /// The most digits before the point among the values, for widening to DECIMAL.
  var integerDigits: Int { 0 }

  final func addMisfit(row: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    misfitRows.append(row)
    misfits.formUnion(TypeProfile(of: bytes))
  }

  /// Notes that all rows of `rows` are NULL.
  final func addNullRows(_ rows: Range<Int>) {
    for row in rows { nullRows.append(Int32(row)) }
  }

  /// Moves the elements of rows that stay to the front.
  static func compact<Element>(
    _ values: UnsafeMutablePointer<Element>, count: Int, without rows: [Int]
  ) {
    var next = 0
    var target = 0
    for row in 0..<count {
      if next < rows.count && rows[next] == row {
        next += 1
        continue
      }
      values[target] = values[row]
      target += 1
    }
  }
}

/// The fields of one column in an indexed piece.
struct FieldColumn {
  let rowCount: Int
  private let text: UnsafePointer<UInt8>
  private let ends: UnsafePointer<UInt32>
  private let stride: Int
  private let field: Int
  private let trims: Bool
  private let quoted: UnsafePointer<UInt8>?

  init(_ index: FieldIndex, field: Int) {
    self.field = field
    quoted = index.quotedFields
    rowCount = index.rowCount
    text = index.text
    ends = index.fieldEnds
    stride = index.columnCount
    trims = index.trimsCarriageReturn && field == index.columnCount - 1
  }

  /// Calls `value` for each row with a field, `null` for each row without.
  @inline(__always)
  func forEach(
    value: (_ row: Int, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Void,
    null: (_ row: Int) -> Void
  ) {
    var at = field
    var row = 0
    while row < rowCount {
      // The end before the very first field is -1, so this wraps to 0.
      let start = Int(ends[at &- 1] &+ 1)
      let bytes = text + start
      var count = Int(ends[at]) &- start
      if trims && count > 0 && bytes[count &- 1] == CSVDialect.carriageReturn { count &-= 1 }
      if count == 0 && (quoted == nil || quoted.unsafelyUnwrapped[at] == 0) {
        null(row)
      } else {
        value(row, bytes, count)
      }
      at &+= stride
      row &+= 1
    }
  }
}
