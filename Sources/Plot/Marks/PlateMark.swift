/// A text on a pale plate with an edge, moved up or down where another is in its way.
struct PlateMark: Mark {
  var x: Double
  var y: Double
  var text: String
  var color: Color

  func draw(on drawing: inout Drawing, in plane: Plane) {
    guard let place = plane.point(x, y) else { return }
    let style = TextStyle.small.color(Theme.text).bold()
    let text = drawing.measure.shortened(
      TextCleaning.cleaned(text), to: min(180, plane.frame.width / 2), style)
    let width = drawing.measure.width(text, style) + 8
    let height = style.height + 5
    guard !text.isEmpty, width < plane.frame.width else { return }
    let left = min(max(place.x - width / 2, plane.frame.minX), plane.frame.maxX - width)
    for step in 0..<12 {
      let shift = Double((step + 1) / 2) * (height + 2) * (step % 2 == 0 ? 1 : -1)
      let plate = Rectangle(
        x: left, y: place.y - height / 2 + shift, width: width, height: height)
      guard plane.frame.contains(plate), drawing.isFree(plate) else { continue }
      drawing.fill(plate, Theme.background.opacity(0.85))
      drawing.stroke(Path(plate), Stroke(color: color, width: 1.2))
      drawing.text(text, at: plate.center, .center, style)
      return
    }
  }
}
