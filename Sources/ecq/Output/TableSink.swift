import ColStore
import Query

/// Boxes for people: names, types under them, rows, and the counts below.
///
/// On a terminal the rows in the middle are left out beyond ``FormatSettings/rowsShownMax``, and
/// columns that do not fit, with the counts of both. What is too long for the screen goes to a pager
/// with all its columns, where there is one. Elsewhere everything is written.
final class TableSink: ResultSink {
  private let stream: OutputStream
  private let terminal: Terminal
  private let settings: FormatSettings
  private var schema: [Field] = []
  private var head = CellGrid(columnCount: 0)
  /// The last batches' rows, as many as may be shown.
  private var tail: [Batch] = []
  private var rowCount = 0
  /// Whether the result is what EXPLAIN answers.
  private var isPlan = false
  /// Rows that a pager is given.
  static let rowsPagedMax = 10_000
  /// Lines around the rows: rules, names, types, counts.
  private static let linesAround = 6

  init(to stream: OutputStream, terminal: Terminal, settings: FormatSettings = FormatSettings()) {
    self.stream = stream
    self.terminal = terminal
    self.settings = settings
  }

  private var rowsShownMax: Int { max(1, settings.rowsShownMax) }

  /// Rows from the top that may be needed.
  private var headRowsMax: Int {
    guard terminal.isOutputTerminal else { return .max }
    return stream.pageHeight == nil ? rowsShownMax : max(rowsShownMax, Self.rowsPagedMax)
  }

  /// Rows from the end that are shown where the middle is left out.
  private var tailRows: Int { rowsShownMax / 2 }

  func begin(schema: [Field]) throws {
    self.schema = schema
    head = CellGrid(columnCount: schema.count, null: settings.null)
    tail = []
    rowCount = 0
    isPlan = schema.map(\.name) == ["explain_key", "explain_value"]
  }

  func consume(_ batch: Batch) throws {
    if isPlan { return try writePlan(batch) }
    let taken = min(batch.rowCount, headRowsMax - head.rowCount)
    if taken > 0 { head.append(batch, rows: 0..<taken) }
    rowCount += batch.rowCount
    guard terminal.isOutputTerminal, batch.rowCount > 0 else { return }
    tail.append(batch)
    while let first = tail.first,
      tail.reduce(0, { $0 + $1.rowCount }) - first.rowCount >= tailRows
    {
      tail.removeFirst()
    }
  }

  /// Plans are texts of several lines, which a box would not let one read.
  private func writePlan(_ batch: Batch) throws {
    for row in 0..<batch.rowCount {
      let text = TextBuffer()
      text.append(batch.columns[1], row: row)
      for line in text.string.split(separator: "\n", omittingEmptySubsequences: false) {
        stream.buffer.append(DisplayStyle().escaped(String(line)) + "\n")
      }
    }
  }

  func end() throws {
    if isPlan { return try stream.flush() }
    let isPaged = stream.pageHeight.map { shownLines > $0 } ?? false
    let rowsMax = isPaged ? headRowsMax : terminal.isOutputTerminal ? rowsShownMax : .max
    let isCut = rowCount > rowsMax
    var table = TableLayout(
      schema: schema, head: head, headRows: isCut ? rowsMax - tailRows : head.rowCount,
      tail: isCut ? lastRows() : CellGrid(columnCount: schema.count, null: settings.null),
      widthMax: terminal.isOutputTerminal && !isPaged ? widthMax : nil,
      usesColor: terminal.usesColor)
    table.write(to: stream.buffer, rowCount: rowCount)
    try stream.flush()
  }

  private var widthMax: Int { settings.widthMax ?? terminal.width }

  /// Lines of the table as it is shown without a pager.
  private var shownLines: Int {
    min(rowCount, rowsShownMax) + (rowCount > rowsShownMax ? 1 : 0) + Self.linesAround
  }

  private func lastRows() -> CellGrid {
    var last = CellGrid(columnCount: schema.count, null: settings.null)
    var skipped = tail.reduce(0) { $0 + $1.rowCount } - tailRows
    for batch in tail {
      let from = min(max(skipped, 0), batch.rowCount)
      last.append(batch, rows: from..<batch.rowCount)
      skipped -= batch.rowCount
    }
    return last
  }
}
