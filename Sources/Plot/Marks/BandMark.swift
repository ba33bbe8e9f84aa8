/// The area between two lines over the same x: an interval, or what lies under a curve.
struct BandMark: Mark {
  struct Slice {
    var x: Double
    var low: Double
    var high: Double
  }

  var slices: [Slice]
  var color: Color

  func draw(on drawing: inout Drawing, in plane: Plane) {
    var upper: [Point] = []
    var lower: [Point] = []
    for slice in slices {
      if let high = plane.point(slice.x, slice.high), let low = plane.point(slice.x, slice.low) {
        upper.append(high)
        lower.append(low)
      } else {
        fill(upper, lower, on: &drawing)
        (upper, lower) = ([], [])
      }
    }
    fill(upper, lower, on: &drawing)
  }

  private func fill(_ upper: [Point], _ lower: [Point], on drawing: inout Drawing) {
    guard upper.count > 1 else { return }
    let edge = LineMark.thinned(upper) + LineMark.thinned(lower).reversed()
    drawing.fill(Path(polygon: edge), color)
  }
}
