import Glibc

/// Many points as small fields: coloured by the group that most of a field's points are of, and the
/// stronger the more points it has.
///
/// A single group's fields go from yellow to violet instead.
struct DensityMark: Mark {
  var groups: [(points: [Point], color: Color)]
  private let side = 3.0
  private static let levels = 12

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
    // Fields of one colour are one shape, and those beside each other one rectangle.
    var paths = [Path](repeating: Path(), count: groups.count * DensityMark.levels)
    let (left, top) = (plane.frame.minX.rounded(), plane.frame.minY.rounded())
    func key(_ field: Int) -> Int? {
      guard counts[field] > 0 else { return nil }
      let strength = highest > 0 ? log1p(Double(counts[field])) / highest : 1
      let level = min(Int(strength * Double(DensityMark.levels)), DensityMark.levels - 1)
      return winner[field] * DensityMark.levels + level
    }
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let start = column
        let level = key(row * columns + start)
        repeat { column += 1 } while column < columns && key(row * columns + column) == level
        guard let level else { continue }
        paths[level].segments +=
          Path(
            Rectangle(
              x: left + Double(start) * side, y: top + Double(row) * side,
              width: Double(column - start) * side, height: side)
          ).segments
      }
    }
    for (number, path) in paths.enumerated() where !path.segments.isEmpty {
      drawing.fill(path, color(number))
    }
  }

  private func color(_ key: Int) -> Color {
    let (group, level) = key.quotientAndRemainder(dividingBy: DensityMark.levels)
    let strength = (Double(level) + 0.5) / Double(DensityMark.levels)
    return groups.count == 1
      ? ColorScale.viridis.color(0.05 + 0.95 * strength)
      : groups[group].color.tint(0.35 + 0.65 * strength)
  }
}
