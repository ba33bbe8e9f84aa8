/// Estimates with their intervals: coefficients, odds ratios, differences.
public struct IntervalChart: Chart {
  public struct Estimate: Sendable {
    public var name: String
    public var value: Double
    public var low: Double
    public var high: Double

    public init(name: String, value: Double, low: Double, high: Double) {
      self.name = name
      self.value = value
      self.low = low
      self.high = high
    }
  }

  public var title: String
  public var subtitle: String
  /// From the top.
  public var estimates: [Estimate]
  public var x: ValueAxis
  /// No effect: 0 for coefficients, 1 for odds ratios. What lies off it is coloured by its side.
  public var reference: Double?
  public var limit: Int

  public init(
    title: String, subtitle: String = "", estimates: [Estimate], x: ValueAxis,
    reference: Double? = nil, limit: Int = 30
  ) {
    self.title = title
    self.subtitle = subtitle
    self.estimates = estimates
    self.x = x
    self.reference = reference
    self.limit = limit
  }

  public var naturalSize: Size {
    Size(width: 900, height: 150 + 25 * Double(min(max(estimates.count, 3), max(limit, 1))))
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let room = max(1, Int((frame.height - 80) / 15))
    let shown = Array(estimates.prefix(min(max(limit, 1), room)))
    var values = shown.flatMap { [$0.value, $0.low, $0.high] }
    if let reference { values.append(reference) }
    if x.isLogarithmic { values = values.filter { $0 > 0 } }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle), x: x.axis(over: values.usableRange),
      y: Axis(scale: .band(shown.count), names: shown.map(\.name)))
    if shown.count < estimates.count {
      panel.x.title += " (and \(estimates.count - shown.count) more)"
    }
    guard shown.contains(where: { $0.value.isUsable }) else {
      panel.draw(on: &drawing, in: frame)
      return
    }
    let labels = shown.map { estimate in
      "\(x.format.text(estimate.value))  [\(x.format.text(estimate.low)), "
        + "\(x.format.text(estimate.high))]"
    }
    panel.rightMargin = min(
      drawing.measure.width(widest: labels, .small) + 14, frame.width * 0.34)
    if let reference { panel.marks.append(RuleMark(value: reference, direction: .vertical)) }
    for (index, estimate) in shown.enumerated() {
      let row = Double(index)
      panel.marks.append(
        LineMark(
          points: [Point(estimate.low, row), Point(estimate.high, row)],
          stroke: Stroke(color: color(estimate), width: 2)))
      panel.marks.append(
        PointMark(
          points: [Point(estimate.value, row)], radius: 4.5, color: color(estimate),
          hasHalo: true))
    }
    let plane = panel.draw(on: &drawing, in: frame)
    for (index, label) in labels.enumerated() {
      guard let y = plane.y(Double(index)) else { continue }
      let text = drawing.measure.shortened(label, to: panel.rightMargin - 10, .small)
      drawing.textIfFree(text, at: Point(plane.frame.maxX + 10, y), .leading, .small)
    }
  }

  private func color(_ estimate: Estimate) -> Color {
    guard let reference else { return Palette.blue }
    if estimate.low > reference { return Palette.vermilion }
    if estimate.high < reference { return Palette.blue }
    return Palette.grey
  }
}
