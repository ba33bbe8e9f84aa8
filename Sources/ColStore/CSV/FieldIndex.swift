import CKernels
import Glibc

/// Where the fields of some rows lie: `rowCount` rows of `columnCount` fields each, field f ending
/// (exclusively) at `ends[f]` and starting one byte after field f - 1 ends.
///
/// Text without quotes is indexed where it lies. Text with quotes, and text with malformed rows,
/// is first copied field by field, unquoted and with malformed rows left out, so that whoever
/// reads fields sees one form.
final class FieldIndex {
  let columnCount: Int
  private(set) var rowCount = 0
  private(set) var text: UnsafePointer<UInt8>
  /// Newlines of the piece, to be added to the lines before the next piece.
  private(set) var lineCount = 0
  /// Whether the last field of each row may end in a carriage return that is not part of it.
  private(set) var trimsCarriageReturn = false
  /// Rows that could not be cut into fields.
  private(set) var malformed: [MalformedRow] = []

  private var ends = GrowableArray<UInt32>()
  private var copy = GrowableArray<UInt8>()
  /// For copied text: 1 where a field was quoted, which tells `""` from an empty field.
  private var quoted = GrowableArray<UInt8>()
  private var isCopied = false
  /// For copied text: each row's line in the piece; else rows are lines.
  private var rowLines = GrowableArray<Int32>()
  /// For copied text: where each row lay in the source, as pairs of start and end.
  private var rowBounds = GrowableArray<Int32>()
  private var source: UnsafePointer<UInt8>?

  init(columnCount: Int) {
    self.columnCount = columnCount
    text = UnsafePointer(copy.start)
  }

  /// The ends of the fields; index -1 is valid and precedes the first field.
  var fieldEnds: UnsafePointer<UInt32> { UnsafePointer(ends.start + 1) }

  /// A byte a field, 1 where it was quoted; nil where none was.
  var quotedFields: UnsafePointer<UInt8>? { isCopied ? UnsafePointer(quoted.start) : nil }

  /// The line of a row, counted from 0 at the piece's start.
  func line(ofRow row: Int) -> Int { isCopied ? Int(rowLines[row]) : row }

  /// The row's text as it stood in the file, without its line end; while the source is there.
  func rawText(ofRow row: Int) -> [UInt8] {
    if isCopied, let source {
      let start = Int(rowBounds[2 * row])
      return Array(
        UnsafeBufferPointer(start: source + start, count: Int(rowBounds[2 * row + 1]) - start))
    }
    let start = Int(fieldEnds[row * columnCount - 1] &+ 1)
    var end = Int(fieldEnds[(row + 1) * columnCount - 1])
    if end > start && text[end - 1] == CSVDialect.carriageReturn { end -= 1 }
    return Array(UnsafeBufferPointer(start: text + start, count: end - start))
  }

  /// Indexes whole rows: `count` bytes of `text`, which is readable 64 bytes further.
  func index(
    _ text: UnsafePointer<UInt8>, count: Int, delimiter: UInt8, hasQuotes: Bool
  ) {
    malformed.removeAll(keepingCapacity: true)
    if hasQuotes || !indexInPlace(text, count: count, delimiter: delimiter) {
      copyRows(text, count: count, delimiter: delimiter)
    }
  }

  /// The fast way; false where some line has another number of fields.
  private func indexInPlace(
    _ text: UnsafePointer<UInt8>, count: Int, delimiter: UInt8
  ) -> Bool {
    ends.count = 0
    let slots = ends.reserve(count + 128)
    slots[0] = UInt32.max
    var found = ecq_index_separators(text, count, delimiter, slots + 1)
    if count > 0 && text[count - 1] != CSVDialect.newline {
      // The file's last line has no line end.
      slots[1 + found.count] = UInt32(count)
      found.count += 1
      found.newlines += 1
    }
    guard found.count == found.newlines * columnCount else { return false }
    var last = columnCount
    for _ in 0..<found.newlines {
      let end = Int(slots[last])
      if end < count && text[end] != CSVDialect.newline { return false }
      last += columnCount
    }
    // As many newlines as rows, and each at a row's end: no newline is left for other places.
    self.text = text
    isCopied = false
    rowCount = found.newlines
    lineCount = found.newlines
    trimsCarriageReturn = true
    return true
  }

  private func copyRows(_ source: UnsafePointer<UInt8>, count: Int, delimiter: UInt8) {
    ends.count = 0
    ends.append(UInt32.max)
    copy.count = 0
    quoted.count = 0
    rowLines.count = 0
    rowBounds.count = 0
    self.source = source
    rowCount = 0
    isCopied = true
    trimsCarriageReturn = false
    copy.reserve(count + 128)
    var scanner = RowScanner(text: source, count: count, delimiter: delimiter)
    while true {
      let copied = copy.count
      let fields = quoted.count
      let row = scanner.nextRow { run, isQuoted, isLast in
        let target = copy.reserve(run.count + 1)
        if let start = run.baseAddress { memcpy(target, start, run.count) }
        copy.count += run.count
        guard isLast else { return }
        ends.append(UInt32(copy.count))
        copy.append(delimiter)
        quoted.append(isQuoted ? 1 : 0)
      }
      guard let row else { break }
      if row.flaw == nil && row.fieldCount == columnCount {
        rowLines.append(Int32(row.line))
        rowBounds.append(Int32(row.start))
        rowBounds.append(Int32(row.end))
        rowCount += 1
        continue
      }
      copy.count = copied
      ends.count = fields + 1
      quoted.count = fields
      // A line without characters between rows of several columns holds nothing.
      if row.isBlank && row.flaw == nil { continue }
      let reason =
        row.flaw?.reason ?? "expected \(columnCount) fields, found \(row.fieldCount)"
      malformed.append(
        MalformedRow(
          line: row.line, column: nil, reason: reason,
          raw: Array(UnsafeBufferPointer(start: source + row.start, count: row.end - row.start))))
    }
    // Fields may be read in whole words past their end.
    copy.reserve(64)
    text = UnsafePointer(copy.start)
    lineCount = scanner.line
  }
}

/// A row that is not stored, and why.
struct MalformedRow: Sendable {
  /// The row's first line: counted from 0 within a piece, then a chunk, and at last from 1 in its
  /// file.
  var line: Int
  /// The column whose value is at fault, where it is one column's.
  let column: String?
  let reason: String
  let raw: [UInt8]
}
