/// Fields of a grid of categories, with texts in them.
///
/// All texts are of one size: the largest at which each fits its field. Where none is small enough,
/// there are no texts, rather than some.
struct CellsMark: Mark {
  struct Cell {
    var column: Int
    var row: Int
    var color: Color
    /// One below the other; the first is bold where there are several.
    var lines: [String] = []
    var isHatched = false
  }

  var cells: [Cell]
  private static let sizes = [11.0, 10, 9, 8]

  init(_ cells: [Cell]) { self.cells = cells }

  func draw(on drawing: inout Drawing, in plane: Plane) {
    let fields = cells.map { field(of: $0, in: plane) }
    for (cell, field) in zip(cells, fields) {
      guard let field else { continue }
      drawing.fill(field, cell.color)
      if cell.isHatched {
        drawing.stroke(
          .hatching(field, distance: 6), Stroke(color: Theme.hatching.opacity(0.8), width: 0.8))
      }
    }
    // Fewer lines before no texts at all.
    for count in stride(from: cells.map(\.lines.count).max() ?? 0, to: 0, by: -1) {
      for size in CellsMark.sizes {
        let isFit = zip(cells, fields).allSatisfy { cell, field in
          fits(cell, field, size, lines: count, drawing.measure)
        }
        guard isFit else { continue }
        for (cell, field) in zip(cells, fields) {
          if let field { write(cell, field, size, lines: count, on: &drawing) }
        }
        return
      }
    }
  }

  private func field(of cell: Cell, in plane: Plane) -> Rectangle? {
    let (column, row) = (Double(cell.column), Double(cell.row))
    guard let start = plane.point(column - 0.5, row - 0.5),
      let end = plane.point(column + 0.5, row + 0.5)
    else { return nil }
    let whole = Rectangle(from: start, to: end)
    return whole.inset(by: min(0.75, whole.width / 10, whole.height / 10))
  }

  private func style(_ cell: Cell, _ size: Double, line: Int) -> TextStyle {
    TextStyle(
      size: size, isBold: line == 0 && cell.lines.count > 1, color: cell.color.readableText)
  }

  private func fits(
    _ cell: Cell, _ field: Rectangle?, _ size: Double, lines count: Int, _ measure: TextMeasure
  ) -> Bool {
    guard let field else { return true }
    let lines = cell.lines.prefix(count)
    let height = style(cell, size, line: 0).lineHeight * Double(lines.count)
    return height <= field.height + 2
      && lines.enumerated().allSatisfy { number, line in
        measure.width(TextCleaning.cleaned(line), style(cell, size, line: number))
          <= field.width - 3
      }
  }

  private func write(
    _ cell: Cell, _ field: Rectangle, _ size: Double, lines count: Int, on drawing: inout Drawing
  ) {
    let lines = cell.lines.prefix(count)
    let height = style(cell, size, line: 0).lineHeight
    var y = field.midY - Double(lines.count - 1) / 2 * height
    for (number, line) in lines.enumerated() {
      drawing.text(
        line, at: Point(field.midX, y), .center, style(cell, size, line: number))
      y += height
    }
  }
}
