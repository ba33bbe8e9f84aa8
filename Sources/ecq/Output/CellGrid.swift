import ColStore
import Query

/// Rendered cells of whole rows, with the columns of a terminal that each takes.
struct CellGrid {
  private let columnCount: Int
  private let text = TextBuffer()
  /// Row by row: where each cell's text ends, how wide it is, and whether it is NULL.
  private var ends: [Int] = []
  private var widths: [Int32] = []
  private var renderers: [CellRenderer<DisplayStyle>]
  private(set) var rowCount = 0
  private let nullWidth: Int
  private static var nullMark: Int32 { -1 }

  init(columnCount: Int, null: NullText? = nil) {
    self.columnCount = columnCount
    nullWidth = null?.width ?? 4
    renderers = (0..<columnCount).map { _ in CellRenderer(style: DisplayStyle(nullText: null)) }
  }

  mutating func append(_ batch: Batch, rows: Range<Int>) {
    let blockRows = max(1, min(256, 65_536 / max(1, columnCount)))
    let cells = Buffer(StringView.self, count: blockRows * columnCount)
    let base = cells.pointer(StringView.self)
    var first = rows.lowerBound
    while first < rows.upperBound {
      let count = min(blockRows, rows.upperBound - first)
      for column in 0..<columnCount {
        renderers[column].render(
          batch.columns[column], from: first, count: count, to: base + column * blockRows)
      }
      for row in 0..<count {
        for column in 0..<columnCount {
          let cell = base[column * blockRows + row]
          text.append(cell)
          ends.append(text.count)
          widths.append(
            batch.columns[column].isNull(first + row) ? Self.nullMark : Int32(width(of: cell)))
        }
      }
      rowCount += count
      first += count
    }
  }

  private func width(of cell: StringView) -> Int {
    for byte in cell.bytes where byte >= 0x80 { return displayWidth(cell.string) }
    return cell.count
  }

  func isNull(row: Int, column: Int) -> Bool { widths[row * columnCount + column] < 0 }

  func width(row: Int, column: Int) -> Int {
    let width = widths[row * columnCount + column]
    return width < 0 ? nullWidth : Int(width)
  }

  func cell(row: Int, column: Int) -> StringView {
    let index = row * columnCount + column
    let start = index == 0 ? 0 : ends[index - 1]
    return StringView(start: UnsafePointer(text.start) + start, count: ends[index] - start)
  }
}
