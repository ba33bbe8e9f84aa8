/// Rectangles between values: bars, columns, the bins of a histogram.
struct BarMark: Mark {
  struct Bar {
    var x: (from: Double, to: Double)
    var y: (from: Double, to: Double)
    var color: Color
  }

  var bars: [Bar]
  /// White between bars that touch, in points.
  var gap = 0.0

  func draw(on drawing: inout Drawing, in plane: Plane) {
    for bar in bars {
      guard let start = plane.point(bar.x.from, bar.y.from),
        let end = plane.point(bar.x.to, bar.y.to)
      else { continue }
      var rectangle = Rectangle(from: start, to: end)
      if gap > 0, rectangle.width > 3 * gap {
        rectangle = rectangle.inset(left: gap / 2, right: gap / 2)
      }
      // A small value is still to be seen.
      if bar.x.from != bar.x.to, bar.y.from != bar.y.to {
        rectangle.width = max(rectangle.width, 1)
        if rectangle.height < 1 {
          rectangle.y -= 1 - rectangle.height
          rectangle.height = 1
        }
      }
      drawing.fill(rectangle, bar.color)
    }
  }
}
