/// What stands above a chart: its title and, below, what it counts.
struct Heading {
  var title: String
  var subtitle = ""

  /// Draws it at the top of `frame` and returns the frame below.
  func draw(on drawing: inout Drawing, in frame: Rectangle) -> Rectangle {
    let titleStyle = drawing.isPanel ? TextStyle.panelTitle : .title
    let subtitleStyle = drawing.isPanel ? TextStyle.panelSubtitle : .subtitle
    var y = frame.minY
    let measure = drawing.measure
    func write(_ text: String, _ style: TextStyle, lines: Int) {
      let text = TextCleaning.cleaned(text)
      for line in measure.wrapped(text, to: frame.width, lines: lines, style) {
        drawing.text(line, at: Point(frame.minX, y), .topLeading, style)
        y += style.lineHeight
      }
    }
    write(title, titleStyle, lines: 2)
    if !title.isEmpty, !subtitle.isEmpty { y += 1 }
    write(subtitle, subtitleStyle, lines: 3)
    if y > frame.minY { y += drawing.isPanel ? 5 : 9 }
    return frame.inset(top: y - frame.minY)
  }
}
