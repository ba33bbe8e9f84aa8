import Glibc

/// Many points as small fields: coloured by the group that most of a field's points are of, and the
/// stronger the more points it has.
///
/// A single group's fields go from yellow to violet instead.
struct DensityMark: Mark {
  var groups: [(points: [Point], color: Color)]
  private let side = 3.0

  init(groups: [(points: [Point], color: Color)]) { self.groups = groups }

  func draw(on drawing: inout Drawing, in plane: Plane) {
    let columns = max(1, Int(plane.frame.width / side))
    let rows = max(1, Int(plane.frame.height / side))
    let fields = columns * rows
    var counts = [Int32](repeating: 0, count: fields)
    var most = [Int32](repeating: 0, count: fields)
    var winner = [Int](repeating: 0, count: fields)
    for (number, group) in groups.enumerated() {
      var own = [Int32](repeating: 0, count: fields)
      for point in group.points {
        guard let place = plane.point(point.x, point.y), plane.contains(place) else { continue }
        let column = min(max(Int((place.x - plane.frame.minX) / side), 0), columns - 1)
        let row = min(max(Int((place.y - plane.frame.minY) / side), 0), rows - 1)
        own[row * columns + column] &+= 1
      }
      for field in 0..<fields where own[field] > 0 {
        counts[field] &+= own[field]
        if own[field] > most[field] { (most[field], winner[field]) = (own[field], number) }
      }
    }
    let highest = log1p(Double(counts.max() ?? 1))
    for field in 0..<fields where counts[field] > 0 {
      let strength = highest > 0 ? log1p(Double(counts[field])) / highest : 1
      let color =
        groups.count == 1
        ? ColorScale.viridis.color(0.1 + 0.9 * strength)
        : groups[winner[field]].color.tint(0.35 + 0.65 * strength)
      drawing.fill(
        Rectangle(
          x: plane.frame.minX + Double(field % columns) * side,
          y: plane.frame.minY + Double(field / columns) * side, width: side, height: side), color)
    }
  }
}
