import ColStore
import Query

/// A table of boxes, laid out: which columns are shown, how wide each is, and its lines.
struct TableLayout {
  private let schema: [Field]
  private let head: CellGrid
  private let headRows: Int
  /// Rows shown below a gap; none where nothing is left out.
  private let tail: CellGrid
  private let usesColor: Bool
  private let names: [String]
  private let types: [String]
  private var widths: [Int]
  /// Columns from left to right; nil stands for those left out.
  private var shown: [Int?]

  private static let gap = "…"
  private static let columnWidthMin = 12

  init(
    schema: [Field], head: CellGrid, headRows: Int, tail: CellGrid, widthMax: Int?,
    usesColor: Bool
  ) {
    self.schema = schema
    self.head = head
    self.headRows = headRows
    self.tail = tail
    self.usesColor = usesColor
    names = schema.map { DisplayStyle().escaped($0.name) }
    types = schema.map { $0.type.description.lowercased() }
    widths = schema.indices.map { [names, types] column in
      max(displayWidth(names[column]), displayWidth(types[column]))
    }
    shown = schema.indices.map { $0 }
    for (grid, rows) in [(head, headRows), (tail, tail.rowCount)] {
      for row in 0..<rows {
        for column in schema.indices {
          widths[column] = max(widths[column], grid.width(row: row, column: column))
        }
      }
    }
    if let widthMax { fit(into: widthMax) }
  }

  /// Narrows the widest columns first; where that is not enough, leaves out those in the middle.
  private mutating func fit(into widthMax: Int) {
    var excess = totalWidth - widthMax
    while excess > 0, let widest = widths.max(), widest > Self.columnWidthMin {
      let second = max(widths.filter { $0 < widest }.max() ?? 0, Self.columnWidthMin)
      let ties = widths.filter { $0 == widest }.count
      let step = min(widest - second, (excess + ties - 1) / ties)
      for column in widths.indices where widths[column] == widest { widths[column] -= step }
      excess = totalWidth - widthMax
    }
    while totalWidth > widthMax, shown.compactMap({ $0 }).count > 1 {
      if let gap = shown.firstIndex(of: nil) {
        let left = gap
        let right = shown.count - gap - 1
        shown.remove(at: left >= right ? gap - 1 : gap + 1)
      } else {
        shown[shown.count / 2] = nil
      }
    }
  }

  private func width(_ column: Int?) -> Int { column.map { widths[$0] } ?? 1 }

  private var totalWidth: Int { shown.reduce(1) { $0 + width($1) + 3 } }

  mutating func write(to buffer: TextBuffer, rowCount: Int) {
    guard !schema.isEmpty else { return }
    rule(buffer, "┌", "┬", "┐")
    line(buffer) { column in (names[column], .bold, false) }
    line(buffer) { column in (types[column], .dim, false) }
    rule(buffer, "├", "┼", "┤")
    rows(buffer, of: head, count: headRows)
    if tail.rowCount > 0 {
      line(buffer) { _ in ("·", .dim, false) }
      rows(buffer, of: tail, count: tail.rowCount)
    }
    rule(buffer, "└", "┴", "┘")
    buffer.append(footer(rowCount: rowCount) + "\n")
  }

  private func footer(rowCount: Int) -> String {
    var text = counted(rowCount, "row")
    if tail.rowCount > 0 { text += " (\(headRows + tail.rowCount) shown)" }
    text += ", " + counted(schema.count, "column")
    let hidden = schema.count - shown.compactMap { $0 }.count
    if hidden > 0 { text += " (\(hidden) hidden)" }
    return text
  }

  private enum Emphasis: String {
    case none = ""
    case bold = "\u{1b}[1m"
    case dim = "\u{1b}[2m"
  }

  private func rule(_ buffer: TextBuffer, _ left: String, _ middle: String, _ right: String) {
    let bars = shown.map { String(repeating: "─", count: width($0) + 2) }
    buffer.append(left + bars.joined(separator: middle) + right + "\n")
  }

  private func line(
    _ buffer: TextBuffer, _ cell: (Int) -> (text: String, emphasis: Emphasis, right: Bool)
  ) {
    for column in shown {
      buffer.append("│ ")
      let (text, emphasis, right) = column.map(cell) ?? (Self.gap, .dim, false)
      put(buffer, text, textWidth: displayWidth(text), width(column), emphasis, right)
      buffer.append(" ")
    }
    buffer.append("│\n")
  }

  private func rows(_ buffer: TextBuffer, of grid: CellGrid, count: Int) {
    for row in 0..<count {
      for column in shown {
        buffer.append("│ ")
        if let column {
          let cell = grid.cell(row: row, column: column)
          let textWidth = grid.width(row: row, column: column)
          let emphasis = grid.isNull(row: row, column: column) ? Emphasis.dim : .none
          let right = schema[column].type.isNumeric
          if emphasis == .none && textWidth <= widths[column] {
            let padding = widths[column] - textWidth
            if right { pad(buffer, padding) }
            buffer.append(cell)
            if !right { pad(buffer, padding) }
          } else {
            put(buffer, cell.string, textWidth: textWidth, widths[column], emphasis, right)
          }
        } else {
          put(buffer, Self.gap, textWidth: 1, 1, .dim, false)
        }
        buffer.append(" ")
      }
      buffer.append("│\n")
    }
  }

  private func put(
    _ buffer: TextBuffer, _ text: String, textWidth: Int, _ width: Int, _ emphasis: Emphasis,
    _ right: Bool
  ) {
    var (text, textWidth) = (text, textWidth)
    if textWidth > width { (text, textWidth) = cut(text, to: width) }
    if right { pad(buffer, width - textWidth) }
    let isColored = usesColor && emphasis != .none
    if isColored { buffer.append(emphasis.rawValue) }
    buffer.append(text)
    if isColored { buffer.append("\u{1b}[0m") }
    if !right { pad(buffer, width - textWidth) }
  }

  /// The start of a text that is too wide, with an ellipsis, and its width.
  private func cut(_ text: String, to width: Int) -> (String, Int) {
    var kept = ""
    var used = 1
    for character in text {
      let characterWidth = displayWidth(character)
      if used + characterWidth > width { break }
      kept.append(character)
      used += characterWidth
    }
    return (kept + Self.gap, used)
  }

  private func pad(_ buffer: TextBuffer, _ count: Int) {
    guard count > 0 else { return }
    buffer.reserve(count).update(repeating: UInt8(ascii: " "), count: count)
    buffer.commit(count)
  }
}
