/// Distributions by group: the box holds the middle half, its line is the median, the whiskers reach
/// to the outer quantiles.
public struct BoxChart: Chart {
  public struct Box: Sendable {
    public var name: String
    public var low: Double
    public var lowerQuartile: Double
    public var median: Double
    public var upperQuartile: Double
    public var high: Double
    public var count: Int
    public var color: Color?

    public init(
      name: String, low: Double, lowerQuartile: Double, median: Double, upperQuartile: Double,
      high: Double, count: Int, color: Color? = nil
    ) {
      self.name = name
      self.low = low
      self.lowerQuartile = lowerQuartile
      self.median = median
      self.upperQuartile = upperQuartile
      self.high = high
      self.count = count
      self.color = color
    }

    var values: [Double] { [low, lowerQuartile, median, upperQuartile, high] }
  }

  public var title: String
  public var subtitle: String
  /// From the top.
  public var boxes: [Box]
  public var x: ValueAxis
  public var limit: Int

  public init(
    title: String, subtitle: String = "", boxes: [Box], x: ValueAxis, limit: Int = 30
  ) {
    self.title = title
    self.subtitle = subtitle
    self.boxes = boxes
    self.x = x
    self.limit = limit
  }

  public var naturalSize: Size {
    Size(width: 900, height: 150 + 36 * Double(min(max(boxes.count, 3), max(limit, 1))))
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let room = max(1, Int((frame.height - 80) / 15))
    let shown = Array(boxes.prefix(min(max(limit, 1), room)))
    var values = shown.flatMap(\.values)
    if x.isLogarithmic { values = values.filter { $0 > 0 } }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle), x: x.axis(over: values.usableRange),
      y: Axis(scale: .band(shown.count), names: shown.map(\.name)))
    if shown.count < boxes.count { panel.x.title += " (and \(boxes.count - shown.count) more)" }
    guard values.usableRange != nil else {
      panel.draw(on: &drawing, in: frame)
      return
    }
    var floor = -Double.infinity
    if case .logarithmic(let domain) = panel.x.scale { floor = domain.lowerBound }
    let labels = shown.map { "n = \(NumberFormat.compact.text(Double($0.count)))" }
    panel.rightMargin = drawing.measure.width(widest: labels, .small) + 12
    for (index, box) in shown.enumerated() {
      panel.marks.append(
        BoxMark(
          row: Double(index), values: box.values.map { max($0, floor) },
          color: box.color ?? Palette.blue))
    }
    let plane = panel.draw(on: &drawing, in: frame)
    for (index, label) in labels.enumerated() {
      guard let y = plane.y(Double(index)) else { continue }
      drawing.textIfFree(label, at: Point(plane.frame.maxX + 8, y), .leading, .small)
    }
  }
}
