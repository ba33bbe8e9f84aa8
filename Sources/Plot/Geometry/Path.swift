/// Lines and curves, open or closed.
struct Path: Sendable {
  enum Segment: Sendable {
    case move(Point)
    case line(Point)
    /// A cubic Bézier curve to the third point.
    case curve(Point, Point, Point)
    case close
  }

  var segments: [Segment] = []

  init() {}

  init(_ rectangle: Rectangle) {
    segments = [
      .move(Point(rectangle.minX, rectangle.minY)), .line(Point(rectangle.maxX, rectangle.minY)),
      .line(Point(rectangle.maxX, rectangle.maxY)), .line(Point(rectangle.minX, rectangle.maxY)),
      .close,
    ]
  }

  init(polygon points: [Point]) {
    self.init(line: points)
    if !points.isEmpty { segments.append(.close) }
  }

  init(line points: [Point]) {
    for (number, point) in points.enumerated() {
      segments.append(number == 0 ? .move(point) : .line(point))
    }
  }

  init(from start: Point, to end: Point) { segments = [.move(start), .line(end)] }

  /// A circle of four Bézier curves, off by less than a thousandth of its radius.
  init(circle center: Point, radius: Double) {
    let (x, y, r, k) = (center.x, center.y, radius, radius * 0.5523)
    segments = [
      .move(Point(x + r, y)),
      .curve(Point(x + r, y + k), Point(x + k, y + r), Point(x, y + r)),
      .curve(Point(x - k, y + r), Point(x - r, y + k), Point(x - r, y)),
      .curve(Point(x - r, y - k), Point(x - k, y - r), Point(x, y - r)),
      .curve(Point(x + k, y - r), Point(x + r, y - k), Point(x + r, y)),
      .close,
    ]
  }

  /// Parallel strokes from lower left to upper right that fill the rectangle.
  static func hatching(_ rectangle: Rectangle, distance: Double) -> Path {
    var path = Path()
    guard !rectangle.isEmpty, distance > 0 else { return path }
    var offset = (rectangle.minX + rectangle.minY) / distance
    offset = offset.rounded(.up) * distance
    // The points of a stroke have x + y = offset.
    while offset < rectangle.maxX + rectangle.maxY {
      let left = max(rectangle.minX, offset - rectangle.maxY)
      let right = min(rectangle.maxX, offset - rectangle.minY)
      path.segments.append(.move(Point(left, offset - left)))
      path.segments.append(.line(Point(right, offset - right)))
      offset += distance
    }
    return path
  }
}
