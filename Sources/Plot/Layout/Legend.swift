/// Names beside what they look like, in rows above a plane.
struct Legend {
  enum Sample {
    case box
    case line
    case dot
    case hatching
  }

  struct Entry {
    var name: String
    var color: Color
    var sample: Sample
    var dashes: [Double] = []
  }

  var entries: [Entry] = []
  static let rowsMax = 4

  /// Draws it at the top of `frame` and returns the frame below.
  func draw(on drawing: inout Drawing, in frame: Rectangle) -> Rectangle {
    let style = TextStyle.name
    let rowHeight = 17.0
    guard !entries.isEmpty, frame.width > 60, frame.height > 3 * rowHeight else { return frame }
    var x = frame.minX
    var y = frame.minY + rowHeight / 2
    var row = 1
    for (number, entry) in entries.enumerated() {
      let name = drawing.measure.shortened(
        TextCleaning.cleaned(entry.name), to: min(frame.width - 30, 340), style)
      let width = 22 + drawing.measure.width(name, style) + 16
      if x > frame.minX, x + width - 16 > frame.maxX {
        row += 1
        (x, y) = (frame.minX, y + rowHeight)
      }
      let isLastRow = row == Legend.rowsMax || y + 3 * rowHeight > frame.maxY
      let left = entries.count - number
      if isLastRow, left > 1, x + width + 70 > frame.maxX {
        drawing.text("+ \(left) more", at: Point(x, y), .leading, style)
        break
      }
      draw(entry, at: Point(x, y), on: &drawing)
      drawing.text(name, at: Point(x + 22, y), .leading, style)
      x += width
    }
    return frame.inset(top: y + rowHeight / 2 + 5 - frame.minY)
  }

  private func draw(_ entry: Entry, at point: Point, on drawing: inout Drawing) {
    let box = Rectangle(x: point.x + 1, y: point.y - 5.5, width: 16, height: 11)
    switch entry.sample {
    case .box: drawing.fill(box, entry.color)
    case .hatching:
      drawing.fill(box, entry.color)
      drawing.stroke(.hatching(box, distance: 4), Stroke(color: Theme.hatching, width: 0.8))
    case .line:
      drawing.line(
        from: Point(point.x, point.y), to: Point(point.x + 18, point.y),
        Stroke(color: entry.color, width: 2.4, dashes: entry.dashes))
    case .dot: drawing.fill(Path(circle: Point(point.x + 9, point.y), radius: 4.5), entry.color)
    }
  }
}
