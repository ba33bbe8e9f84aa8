/// Dots at values.
struct PointMark: Mark {
  var points: [Point]
  var radius: Double
  var color: Color
  /// A ring of white around each, so that dots on dots can be told apart.
  var hasHalo = false

  func draw(on drawing: inout Drawing, in plane: Plane) {
    for point in points {
      guard let place = plane.point(point.x, point.y), plane.contains(place) else { continue }
      if hasHalo { drawing.fill(Path(circle: place, radius: radius + 1), Theme.background) }
      drawing.fill(Path(circle: place, radius: radius), color)
    }
  }
}
