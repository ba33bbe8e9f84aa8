/// A field of a grid of categories, with a text in it.
struct CellMark: Mark {
  var column: Int
  var row: Int
  var color: Color
  /// One line each; what has no room is left out.
  var lines: [String] = []
  var isHatched = false
  var textSize = 11.0

  func draw(on drawing: inout Drawing, in plane: Plane) {
    guard let start = plane.point(Double(column) - 0.5, Double(row) - 0.5),
      let end = plane.point(Double(column) + 0.5, Double(row) + 0.5)
    else { return }
    let cell = Rectangle(from: start, to: end)
    let field = cell.inset(by: min(0.75, cell.width / 10, cell.height / 10))
    drawing.fill(field, color)
    if isHatched {
      drawing.stroke(
        .hatching(field, distance: 6), Stroke(color: Theme.hatching.opacity(0.8), width: 0.8))
    }
    write(on: &drawing, in: field)
  }

  private func write(on drawing: inout Drawing, in field: Rectangle) {
    var style = TextStyle(size: textSize, color: color.readableText)
    guard !lines.isEmpty, field.height >= style.height + 1 else { return }
    let fitting = lines.prefix(max(1, Int((field.height - 1) / style.lineHeight)))
    var y = field.midY - Double(fitting.count - 1) / 2 * style.lineHeight
    for (number, line) in fitting.enumerated() {
      style.isBold = number == 0 && lines.count > 1
      if drawing.measure.width(line, style) <= field.width - 2 {
        drawing.text(line, at: Point(field.midX, y), .center, style)
      }
      y += style.lineHeight
    }
  }
}
