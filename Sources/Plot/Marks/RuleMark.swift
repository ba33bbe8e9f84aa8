/// A line across the plane at a value: a reference, with its name.
struct RuleMark: Mark {
  enum Direction {
    case horizontal
    case vertical
  }

  var value: Double
  var direction: Direction
  var stroke = Stroke(color: Theme.axis, width: 1.2, dashes: [5, 4])
  var label = ""
  /// Whether the name of a horizontal line stands at its left end.
  var isLabelLeading = false

  func draw(on drawing: inout Drawing, in plane: Plane) {
    let frame = plane.frame
    switch direction {
    case .horizontal:
      guard let y = plane.y(value), plane.contains(Point(frame.minX, y)) else { return }
      drawing.line(from: Point(frame.minX, y), to: Point(frame.maxX, y), stroke)
      guard !label.isEmpty else { return }
      for anchor in [TextAnchor.Across.bottom, .top] {
        let place = Point(
          isLabelLeading ? frame.minX + 6 : frame.maxX - 6, y + (anchor == .bottom ? -4 : 4))
        let anchor = TextAnchor(along: isLabelLeading ? 0 : 1, across: anchor)
        if drawing.plate(label, at: place, anchor, .small, inside: frame) { break }
      }
    case .vertical:
      guard let x = plane.x(value), plane.contains(Point(x, frame.minY)) else { return }
      drawing.line(from: Point(x, frame.minY), to: Point(x, frame.maxY), stroke)
      var tries: [(TextAnchor, Point)] = []
      for line in 0..<6 where !label.isEmpty {
        let y = frame.minY + 3 + Double(line) * 14
        tries.append((.topLeading, Point(x + 6, y)))
        tries.append((.topTrailing, Point(x - 6, y)))
      }
      for (anchor, place) in tries {
        if drawing.plate(label, at: place, anchor, .small, inside: frame) { break }
      }
    }
  }
}
