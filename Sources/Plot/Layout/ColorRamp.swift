/// What the colours of a heat map stand for: a strip of them with the values at its ends.
struct ColorRamp {
  var scale: ColorScale
  var domain: ClosedRange<Double>
  var format: NumberFormat
  var title: String
  /// What hatched cells are.
  var incompleteName = ""

  /// Draws it at the top of `frame` and returns the frame below.
  func draw(on drawing: inout Drawing, in frame: Rectangle) -> Rectangle {
    guard frame.width > 200, frame.height > 60 else { return frame }
    let style = TextStyle.tick
    let height = 11.0
    let y = frame.minY + height / 2 + 1
    var x = frame.minX
    func write(_ text: String, on drawing: inout Drawing) {
      let text = drawing.measure.shortened(
        TextCleaning.cleaned(text), to: max(0, frame.maxX - x), style)
      drawing.text(text, at: Point(x, y), .leading, style)
      x += drawing.measure.width(text, style) + 7
    }
    if !title.isEmpty { write(title + ":", on: &drawing) }
    write(format.text(domain.lowerBound), on: &drawing)
    // Whole points, so that no seams are seen.
    let parts = frame.maxX - x > 220 ? 42 : 14
    x = x.rounded()
    for part in 0..<parts {
      drawing.fill(
        Rectangle(
          x: x + Double(part) * 3, y: (y - height / 2).rounded(), width: 3, height: height),
        scale.color(Double(part) / Double(parts - 1)))
    }
    x += Double(parts) * 3 + 7
    write(format.text(domain.upperBound), on: &drawing)
    if !incompleteName.isEmpty, frame.maxX - x > 120 {
      x += 12
      let box = Rectangle(x: x, y: y - height / 2, width: 16, height: height)
      drawing.fill(box, Theme.missing)
      drawing.stroke(.hatching(box, distance: 4), Stroke(color: Theme.hatching, width: 0.8))
      x += 21
      write(incompleteName, on: &drawing)
    }
    return frame.inset(top: height + 11)
  }
}
