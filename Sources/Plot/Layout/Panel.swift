/// A plane with its axes, marks, legend and heading.
struct Panel {
  var heading: Heading
  var x: Axis
  var y: Axis
  var legend = Legend()
  var marks: [any Mark] = []
  /// Said where there is nothing to show.
  var emptyText = "no data"
  /// Room right of the plane, for texts that belong to marks.
  var rightMargin = 0.0
  /// Room left of the plane, between it and the labels.
  var leftMargin = 0.0
  /// Room for the labels of the vertical axis at least, so that planes below each other align.
  var labelWidthMin = 0.0
  /// Rows of categories are no higher, however much room there is.
  private static let rowHeightMax = 64.0
  /// The plane is no wider for each of its height.
  var aspectMax: Double?

  /// Draws the panel and returns where its plane came to lie.
  @discardableResult
  func draw(on drawing: inout Drawing, in frame: Rectangle) -> Plane {
    var body = heading.draw(on: &drawing, in: frame)
    body = legend.draw(on: &drawing, in: body)
    let style = TextStyle.axisTitle
    if !y.title.isEmpty {
      let title = drawing.measure.shortened(
        TextCleaning.cleaned(y.title), to: body.width, style)
      drawing.text(title, at: Point(body.minX, body.minY), .topLeading, style)
      body = body.inset(top: style.lineHeight + 3)
    }
    let plane = layOut(body, drawing.measure)
    guard plane.frame.width > 20, plane.frame.height > 15 else { return plane }
    if marks.isEmpty {
      drawing.textIfFree(emptyText, at: plane.frame.center, .center, .subtitle)
      return plane
    }
    drawAxes(on: &drawing, plane, body)
    drawing.clipped(to: plane.frame.inset(by: -4)) { drawing in
      for mark in marks where !(mark is TextMark) { mark.draw(on: &drawing, in: plane) }
    }
    for mark in marks where mark is TextMark { mark.draw(on: &drawing, in: plane) }
    return plane
  }

  private var titleHeight: Double { x.title.isEmpty ? 0 : TextStyle.axisTitle.lineHeight + 3 }
  private static let tickGap = 6.0

  private func layOut(_ body: Rectangle, _ measure: TextMeasure) -> Plane {
    var bottom = 0.0
    var frame = body
    // The width of the one's labels decides the height of the other's: three times are enough.
    for _ in 0..<3 {
      let top = y.isHidden || y.scale.isBand ? 0 : TextStyle.tick.height / 2
      let height = body.height - bottom - top
      let labels = VerticalLabels(y, height: height, widthMax: body.width * 0.36, measure)
      let width = max(labels.width, labelWidthMin)
      let left = width + (width > 0 ? Panel.tickGap : 0) + leftMargin
      frame = body.inset(left: left, top: top, right: max(rightMargin, 6), bottom: bottom)
      if let aspectMax, frame.width > aspectMax * frame.height {
        frame.width = aspectMax * frame.height
      }
      let below = HorizontalLabels(
        x, span: frame.minX...max(frame.maxX, frame.minX), limits: body.minX...body.maxX, measure)
      bottom = below.height + (below.height > 0 ? Panel.tickGap : 0) + titleHeight
    }
    frame.height = max(0, body.maxY - bottom - frame.minY)
    if case .band(let rows) = y.scale, !x.scale.isBand {
      frame.height = min(frame.height, Double(max(rows, 1)) * Panel.rowHeightMax)
    }
    return Plane(frame: frame, x: x.scale, y: y.scale)
  }

  private func drawAxes(on drawing: inout Drawing, _ plane: Plane, _ body: Rectangle) {
    let frame = plane.frame
    let below = HorizontalLabels(
      x, span: frame.minX...frame.maxX, limits: body.minX...body.maxX, drawing.measure)
    let beside = VerticalLabels(
      y, height: frame.height, widthMax: body.width * 0.36, drawing.measure)
    let grid = Stroke(color: Theme.grid, width: 1)
    if x.hasGrid, !x.scale.isBand {
      for label in below.labels {
        guard let at = plane.x(label.value) else { continue }
        drawing.line(from: Point(at, frame.minY), to: Point(at, frame.maxY), grid)
      }
    }
    if y.hasGrid, !y.scale.isBand {
      for label in beside.labels {
        guard let at = plane.y(label.value) else { continue }
        drawing.line(from: Point(frame.minX, at), to: Point(frame.maxX, at), grid)
      }
    }
    if !x.isHidden, !y.scale.isBand {
      drawing.line(
        from: Point(frame.minX, frame.maxY), to: Point(frame.maxX, frame.maxY),
        Stroke(color: Theme.axis))
    }
    below.draw(on: &drawing, below: frame.maxY + Panel.tickGap)
    beside.draw(on: &drawing, leftOf: frame.minX - Panel.tickGap - leftMargin, in: plane)
    if !x.title.isEmpty {
      let style = TextStyle.axisTitle
      let title = drawing.measure.shortened(
        TextCleaning.cleaned(x.title), to: body.width, style)
      let half = drawing.measure.width(title, style) / 2
      let middle = min(max(frame.midX, body.minX + half), body.maxX - half)
      let labels = below.height > 0 ? below.height + Panel.tickGap : 0
      drawing.text(title, at: Point(middle, frame.maxY + labels + 5), .top, style)
    }
  }
}
