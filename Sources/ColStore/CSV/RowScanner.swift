import Glibc

/// Cuts text with quotes into rows and fields, one row at a time, as RFC 4180 says.
///
/// A quote opens a quoted field only at the field's start; inside, two quotes stand for one and
/// newlines are text. The quote that closes a field must stand before a delimiter or a line end.
struct RowScanner {
  let text: UnsafePointer<UInt8>
  let count: Int
  let delimiter: UInt8
  /// Where the next row starts.
  private(set) var offset = 0
  /// Newlines before `offset`.
  private(set) var line = 0

  init(text: UnsafePointer<UInt8>, count: Int, delimiter: UInt8) {
    self.text = text
    self.count = count
    self.delimiter = delimiter
  }

  enum Flaw: Sendable {
    case quoteInUnquotedField
    case textAfterClosingQuote
    case quotedFieldNotClosed

    var reason: String {
      switch self {
      case .quoteInUnquotedField: "bad quoting: a quote inside an unquoted field"
      case .textAfterClosingQuote: "bad quoting: text after the closing quote"
      case .quotedFieldNotClosed: "bad quoting: a quoted field is not closed"
      }
    }
  }

  /// One row: where it lies, its first line, its number of fields, and its first flaw.
  struct Row {
    let start: Int
    /// Where the row's text ends, its line end left out.
    let end: Int
    let line: Int
    let fieldCount: Int
    let flaw: Flaw?
    /// Whether a newline, not the end of the text, ended the row.
    let isTerminated: Bool

    /// Whether the line has no characters at all.
    var isBlank: Bool { start == end }
  }

  /// Scans the next row and hands each field's bytes, without quotes and with doubled quotes
  /// halved, to `field`; nil at the end of the text.
  ///
  /// `field` gets runs of bytes and whether the field was quoted; a field's last run has `isLast`.
  mutating func nextRow(
    _ field: (_ run: UnsafeBufferPointer<UInt8>, _ isQuoted: Bool, _ isLast: Bool) -> Void
  ) -> Row? {
    guard offset < count else { return nil }
    let start = offset
    let firstLine = line
    var fields = 0
    var flaw: Flaw?
    var at = offset
    while true {
      // Here a field starts.
      fields += 1
      if at < count && text[at] == CSVDialect.quote {
        at = scanQuoted(from: at + 1, flaw: &flaw, field)
      } else {
        at = scanUnquoted(from: at, flaw: &flaw, field)
      }
      if at < count && text[at] == delimiter {
        at += 1
        continue
      }
      break
    }
    let isTerminated = at < count
    var end = at
    if isTerminated {
      line += 1
      if end > start && text[end - 1] == CSVDialect.carriageReturn { end -= 1 }
    }
    offset = isTerminated ? at + 1 : at
    return Row(
      start: start, end: end, line: firstLine, fieldCount: fields, flaw: flaw,
      isTerminated: isTerminated)
  }

  /// Returns where the field's delimiter or newline, or the text's end, is.
  private func scanUnquoted(
    from start: Int, flaw: inout Flaw?,
    _ field: (UnsafeBufferPointer<UInt8>, Bool, Bool) -> Void
  ) -> Int {
    var at = start
    while at < count, text[at] != delimiter, text[at] != CSVDialect.newline {
      if text[at] == CSVDialect.quote && flaw == nil { flaw = .quoteInUnquotedField }
      at += 1
    }
    var end = at
    if at < count, text[at] == CSVDialect.newline, end > start,
      text[end - 1] == CSVDialect.carriageReturn
    {
      end -= 1
    }
    field(UnsafeBufferPointer(start: text + start, count: end - start), false, true)
    return at
  }

  private mutating func scanQuoted(
    from start: Int, flaw: inout Flaw?,
    _ field: (UnsafeBufferPointer<UInt8>, Bool, Bool) -> Void
  ) -> Int {
    var runStart = start
    while true {
      guard let found = memchr(text + runStart, Int32(CSVDialect.quote), count - runStart) else {
        countLines(from: runStart, to: count)
        field(UnsafeBufferPointer(start: text + runStart, count: count - runStart), true, true)
        flaw = flaw ?? .quotedFieldNotClosed
        return count
      }
      let quote = UnsafePointer<UInt8>(found.assumingMemoryBound(to: UInt8.self)) - text
      countLines(from: runStart, to: quote)
      if quote + 1 < count && text[quote + 1] == CSVDialect.quote {
        // The first quote of a pair belongs to the text.
        field(
          UnsafeBufferPointer(start: text + runStart, count: quote + 1 - runStart), true, false)
        runStart = quote + 2
        continue
      }
      field(UnsafeBufferPointer(start: text + runStart, count: quote - runStart), true, true)
      return skipToSeparator(from: quote + 1, flaw: &flaw)
    }
  }

  /// After a closing quote only a delimiter, a line end or the end may follow.
  private func skipToSeparator(from start: Int, flaw: inout Flaw?) -> Int {
    var at = start
    if at + 1 < count, text[at] == CSVDialect.carriageReturn, text[at + 1] == CSVDialect.newline {
      return at + 1
    }
    while at < count, text[at] != delimiter, text[at] != CSVDialect.newline {
      flaw = flaw ?? .textAfterClosingQuote
      at += 1
    }
    return at
  }

  private mutating func countLines(from start: Int, to end: Int) {
    var at = start
    while at < end, let found = memchr(text + at, Int32(CSVDialect.newline), end - at) {
      line += 1
      at = UnsafePointer<UInt8>(found.assumingMemoryBound(to: UInt8.self)) - text + 1
    }
  }
}
