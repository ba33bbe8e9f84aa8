/// A text beside a value, where it covers no other text.
struct TextMark: Mark {
  var x: Double
  var y: Double
  var text: String
  var anchor = TextAnchor.leading
  var style = TextStyle.value
  /// From the value's place, in points.
  var offset = Point(0, 0)
  /// Whether it may lie outside the plane.
  var mayLeave = false

  func draw(on drawing: inout Drawing, in plane: Plane) {
    guard let place = plane.point(x, y) else { return }
    drawing.textIfFree(
      text, at: Point(place.x + offset.x, place.y + offset.y), anchor, style,
      inside: mayLeave ? nil : plane.frame)
  }
}
