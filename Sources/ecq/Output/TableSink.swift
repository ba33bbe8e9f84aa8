import ColStore
import Query

/// Boxes for people: names, types under them, rows, and the counts below.
///
/// On a terminal the rows in the middle are left out beyond ``rowsShownMax``, and columns that do
/// not fit, with the counts of both; elsewhere everything is written.
final class TableSink: ResultSink {
  private let stream: OutputStream
  private let terminal: Terminal
  private var schema: [Field] = []
  private var head = CellGrid(columnCount: 0)
  /// The last batches' rows, as many as may be shown.
  private var tail: [Batch] = []
  private var rowCount = 0
  static let rowsShownMax = 40

  init(to stream: OutputStream, terminal: Terminal) {
    self.stream = stream
    self.terminal = terminal
  }

  private var headRowsMax: Int { terminal.isOutputTerminal ? Self.rowsShownMax : Int.max }
  private static var tailRows: Int { rowsShownMax / 2 }

  func begin(schema: [Field]) throws {
    self.schema = schema
    head = CellGrid(columnCount: schema.count)
    tail = []
    rowCount = 0
  }

  func consume(_ batch: Batch) throws {
    let taken = min(batch.rowCount, headRowsMax - head.rowCount)
    if taken > 0 { head.append(batch, rows: 0..<taken) }
    rowCount += batch.rowCount
    guard terminal.isOutputTerminal, batch.rowCount > 0 else { return }
    tail.append(batch)
    while let first = tail.first,
      tail.reduce(0, { $0 + $1.rowCount }) - first.rowCount >= Self.tailRows
    {
      tail.removeFirst()
    }
  }

  func end() throws {
    let isCut = rowCount > headRowsMax
    var last = CellGrid(columnCount: schema.count)
    if isCut {
      var skipped = tail.reduce(0) { $0 + $1.rowCount } - Self.tailRows
      for batch in tail {
        let from = min(max(skipped, 0), batch.rowCount)
        last.append(batch, rows: from..<batch.rowCount)
        skipped -= batch.rowCount
      }
    }
    var table = TableLayout(
      schema: schema, head: head, headRows: isCut ? Self.tailRows : head.rowCount, tail: last,
      widthMax: terminal.isOutputTerminal ? terminal.width : nil, usesColor: terminal.usesColor)
    table.write(to: stream.buffer, rowCount: rowCount)
    try stream.flush()
  }
}
