/// A line through points; it is broken where a value is missing.
struct LineMark: Mark {
  var points: [Point]
  var stroke: Stroke

  func draw(on drawing: inout Drawing, in plane: Plane) {
    var path = Path()
    var run: [Point] = []
    func finish(_ run: [Point], _ path: inout Path, _ drawing: inout Drawing) {
      if run.count == 1 {
        drawing.fill(Path(circle: run[0], radius: stroke.width), stroke.color)
      } else {
        path.segments += Path(line: LineMark.thinned(run)).segments
      }
    }
    for point in points {
      if let place = plane.point(point.x, point.y) {
        run.append(place)
      } else if !run.isEmpty {
        finish(run, &path, &drawing)
        run = []
      }
    }
    if !run.isEmpty { finish(run, &path, &drawing) }
    if !path.segments.isEmpty { drawing.stroke(path, stroke) }
  }

  /// Of the points that follow each other in one column of pixels, the first, the extremes and the
  /// last.
  static func thinned(_ points: [Point]) -> [Point] {
    guard points.count > 2000 else { return points }
    var kept: [Point] = []
    var index = 0
    while index < points.count {
      let column = (points[index].x * 2).rounded()
      var end = index
      var (low, high) = (index, index)
      while end < points.count, (points[end].x * 2).rounded() == column {
        if points[end].y < points[low].y { low = end }
        if points[end].y > points[high].y { high = end }
        end += 1
      }
      var last = -1
      for at in [index, min(low, high), max(low, high), end - 1] where at != last {
        kept.append(points[at])
        last = at
      }
      index = end
    }
    return kept
  }
}
