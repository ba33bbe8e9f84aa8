/// A sheet that charts draw on: shapes and texts in the order in which they cover each other.
///
/// It knows where its texts lie, so that no label is put over another.
public struct Drawing {
  enum Shape: Sendable {
    case fill(Path, Color)
    case stroke(Path, Stroke)
    case text(PlacedText)
    /// What follows is drawn inside the rectangle only, up to `unclip`.
    case clip(Rectangle)
    case unclip
  }

  private(set) var shapes: [Shape] = []
  /// Where texts lie.
  private(set) var labels: [Rectangle] = []
  /// How many texts there was no room for although they were wanted: none, unless a picture is far
  /// too small for what it shows.
  private(set) var refusedCount = 0
  /// Texts stay inside.
  private let page: Rectangle
  let measure = TextMeasure()
  /// Whether what is drawn is a panel among others, with smaller headings.
  var isPanel = false

  init(page: Rectangle) { self.page = page }

  mutating func fill(_ path: Path, _ color: Color) { shapes.append(.fill(path, color)) }

  mutating func fill(_ rectangle: Rectangle, _ color: Color) {
    if !rectangle.isEmpty { shapes.append(.fill(Path(rectangle), color)) }
  }

  mutating func stroke(_ path: Path, _ stroke: Stroke) { shapes.append(.stroke(path, stroke)) }

  mutating func line(from start: Point, to end: Point, _ stroke: Stroke) {
    shapes.append(.stroke(Path(from: start, to: end), stroke))
  }

  /// Draws inside `rectangle` only.
  mutating func clipped(to rectangle: Rectangle, _ draw: (inout Drawing) -> Void) {
    shapes.append(.clip(rectangle))
    draw(&self)
    shapes.append(.unclip)
  }

  /// Writes a text at a place that a layout has kept free for it.
  ///
  /// Where the place is not free all the same, the text is left out rather than written over another.
  mutating func text(
    _ text: String, at point: Point, _ anchor: TextAnchor = .leading, _ style: TextStyle,
    isUpright: Bool = false
  ) {
    let placed = place(text, at: point, anchor, style, isUpright: isUpright)
    guard page.contains(placed.box), isFree(placed.box.inset(by: 0.3)) else {
      refusedCount += 1
      return
    }
    write(placed.text, placed.box)
  }

  /// Writes a text where it covers no other, inside `frame`, and says whether it could.
  @discardableResult
  mutating func textIfFree(
    _ text: String, at point: Point, _ anchor: TextAnchor = .leading, _ style: TextStyle,
    inside frame: Rectangle? = nil
  ) -> Bool {
    let placed = place(text, at: point, anchor, style, isUpright: false)
    if let frame, !frame.contains(placed.box) { return false }
    guard page.contains(placed.box), isFree(placed.box) else { return false }
    write(placed.text, placed.box)
    return true
  }

  /// Writes a text on a pale plate, which keeps it readable on bars and lines, where it covers no
  /// other text, and says whether it could.
  mutating func plate(
    _ text: String, at point: Point, _ anchor: TextAnchor, _ style: TextStyle,
    inside frame: Rectangle
  ) -> Bool {
    let placed = place(text, at: point, anchor, style, isUpright: false)
    guard frame.contains(placed.box), page.contains(placed.box), isFree(placed.box) else {
      return false
    }
    fill(
      placed.box.inset(left: -3, top: -2, right: -3, bottom: -2), Theme.background.opacity(0.85))
    write(placed.text, placed.box)
    return true
  }

  /// Whether no text lies in the rectangle.
  func isFree(_ rectangle: Rectangle) -> Bool { !labels.contains { $0.overlaps(rectangle) } }

  private mutating func write(_ text: PlacedText, _ box: Rectangle) {
    guard !text.text.isEmpty else { return }
    shapes.append(.text(text))
    labels.append(box)
  }

  private func place(
    _ text: String, at point: Point, _ anchor: TextAnchor, _ style: TextStyle, isUpright: Bool
  ) -> (text: PlacedText, box: Rectangle) {
    let text = TextCleaning.cleaned(text)
    let width = measure.width(text, style)
    let along = -anchor.along * width
    let across: Double
    switch anchor.across {
    case .top: across = style.ascent
    case .middle: across = style.ascent - style.height / 2
    case .baseline: across = 0
    case .bottom: across = -style.descent
    }
    // A text that stands runs upwards: what is right becomes up, and down becomes right.
    let origin =
      isUpright
      ? Point(point.x + across, point.y - along) : Point(point.x + along, point.y + across)
    let box =
      isUpright
      ? Rectangle(
        x: origin.x - style.ascent, y: origin.y - width, width: style.height, height: width)
      : Rectangle(
        x: origin.x, y: origin.y - style.ascent, width: width, height: style.height)
    return (
      PlacedText(text: text, origin: origin, width: width, style: style, isUpright: isUpright), box
    )
  }
}
