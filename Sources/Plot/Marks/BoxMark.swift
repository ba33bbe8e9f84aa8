/// A box with a line in it and whiskers, in a row.
struct BoxMark: Mark {
  var row: Double
  /// Low, lower quartile, median, upper quartile, high.
  var values: [Double]
  var color: Color

  func draw(on drawing: inout Drawing, in plane: Plane) {
    let places = values.compactMap { plane.x($0) }
    guard places.count == 5, let top = plane.y(row - 0.28), let bottom = plane.y(row + 0.28),
      let middle = plane.y(row)
    else { return }
    let edge = Stroke(color: color, width: 1.4)
    let cap = (bottom - top) / 4
    for (outer, inner) in [(places[0], places[1]), (places[4], places[3])] {
      drawing.line(from: Point(outer, middle), to: Point(inner, middle), edge)
      drawing.line(from: Point(outer, middle - cap), to: Point(outer, middle + cap), edge)
    }
    let box = Rectangle(from: Point(places[1], top), to: Point(places[3], bottom))
    drawing.fill(box, color.tint(0.3))
    drawing.stroke(Path(box), edge)
    drawing.line(
      from: Point(places[2], top), to: Point(places[2], bottom), Stroke(color: color, width: 3))
  }
}
