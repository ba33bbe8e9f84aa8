/// Several values for each of some groups, beside each other: as bars from zero, or as dots where
/// values are near to each other.
public struct GroupedBarChart: Chart {
  public enum Style: Sendable {
    case bars
    case dots
  }

  public struct Series: Sendable {
    public var name: String
    /// One a group; nil where there is none.
    public var values: [Double?]
    public var color: Color?

    public init(name: String, values: [Double?], color: Color? = nil) {
      self.name = name
      self.values = values
      self.color = color
    }
  }

  public var title: String
  public var subtitle: String
  /// From the top.
  public var groups: [String]
  public var series: [Series]
  public var format: NumberFormat
  public var valueTitle: String
  public var style: Style
  public var limit: Int

  public init(
    title: String, subtitle: String = "", groups: [String], series: [Series],
    format: NumberFormat = .count, valueTitle: String = "", style: Style = .bars, limit: Int = 20
  ) {
    self.title = title
    self.subtitle = subtitle
    self.groups = groups
    self.series = series
    self.format = format
    self.valueTitle = valueTitle
    self.style = style
    self.limit = limit
  }

  public var naturalSize: Size {
    let groups = Double(min(max(groups.count, 2), max(limit, 1)))
    let row = style == .dots ? 38 : Double(max(series.count, 1)) * 15 + 12
    return Size(width: 900, height: min(160 + groups * row, 1600))
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let rowMin = style == .dots ? 20 : Double(max(series.count, 1)) * 4 + 4
    let room = max(1, Int((frame.height - 90) / rowMin))
    let count = min(groups.count, max(limit, 1), room)
    let values = series.map { series in
      (0..<count).map { $0 < series.values.count ? series.values[$0] ?? .nan : .nan }
    }
    var range = values.joined().usableRange
    if style == .dots, let known = range {
      // Room for the labels beside the outermost dots.
      let texts = [known.lowerBound, known.upperBound].map(format.text)
      let label = drawing.measure.width(widest: texts, .small) + 14
      let share = label / max(frame.width * 0.7 - 2 * label, label)
      let margin = (known.upperBound - known.lowerBound) * share
      range = (known.lowerBound - margin)...(known.upperBound + margin)
    }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle),
      x: Axis(
        scale: .nice(range, includesZero: style == .bars, ticks: 6), title: valueTitle,
        format: format),
      y: Axis(scale: .band(count), names: Array(groups.prefix(count))))
    if count < groups.count {
      panel.x.title += " (and \(NumberFormat.count.text(Double(groups.count - count))) more)"
    }
    panel.legend.entries = series.enumerated().map { number, series in
      Legend.Entry(
        name: series.name, color: color(number), sample: style == .bars ? .box : .dot)
    }
    guard count > 0, range != nil else {
      panel.draw(on: &drawing, in: frame)
      return
    }
    switch style {
    case .bars: panel.marks = bars(values, &panel, drawing.measure)
    case .dots: panel.marks = dots(values, count)
    }
    panel.draw(on: &drawing, in: frame)
  }

  private func color(_ number: Int) -> Color { series[number].color ?? Palette.category(number) }

  private func bars(_ values: [[Double]], _ panel: inout Panel, _ measure: TextMeasure)
    -> [any Mark]
  {
    var bars: [BarMark.Bar] = []
    var texts: [TextMark] = []
    let thickness = 0.8 / Double(max(series.count, 1))
    let style = TextStyle.small.color(Theme.text)
    for (number, column) in values.enumerated() {
      for (index, value) in column.enumerated() where value.isUsable {
        let top = Double(index) - 0.4 + Double(number) * thickness
        bars.append(
          BarMark.Bar(
            x: (0, value), y: (top + thickness * 0.06, top + thickness * 0.94),
            color: color(number)))
        texts.append(
          TextMark(
            x: value, y: top + thickness / 2, text: format.text(value),
            anchor: value < 0 ? .trailing : .leading, style: style,
            offset: Point(value < 0 ? -4 : 4, 0), mayLeave: true))
      }
    }
    panel.rightMargin = measure.width(widest: texts.map(\.text), style) + 8
    let hasNegative = values.joined().contains { $0 < 0 }
    panel.leftMargin = hasNegative ? panel.rightMargin : 0
    return [
      BarMark(bars: bars),
      RuleMark(value: 0, direction: .vertical, stroke: Stroke(color: Theme.axis)),
    ] + texts
  }

  private func dots(_ values: [[Double]], _ count: Int) -> [any Mark] {
    var marks: [any Mark] = []
    for index in 0..<count {
      guard let range = values.map({ $0[index] }).usableRange else { continue }
      marks.append(
        LineMark(
          points: [Point(range.lowerBound, Double(index)), Point(range.upperBound, Double(index))],
          stroke: Stroke(color: Theme.axis.opacity(0.6), width: 2)))
    }
    for (number, column) in values.enumerated() {
      marks.append(
        PointMark(
          points: column.enumerated().map { Point($0.element, Double($0.offset)) }, radius: 5.5,
          color: color(number), hasHalo: true))
    }
    for index in 0..<count {
      // The outermost first: their labels lie outside, the others' above.
      let order = values.indices.filter { values[$0][index].isUsable }
        .sorted { values[$0][index] < values[$1][index] }
      for (rank, number) in order.enumerated() {
        let value = values[number][index]
        let isLast = rank == order.count - 1
        let (anchor, offset): (TextAnchor, Point) =
          isLast
          ? (.leading, Point(9, 0))
          : rank == 0 ? (.trailing, Point(-9, 0)) : (.bottom, Point(0, -8))
        marks.append(
          TextMark(
            x: value, y: Double(index), text: format.text(value), anchor: anchor,
            style: TextStyle.small.color(Theme.text), offset: offset, mayLeave: false))
      }
    }
    return marks
  }
}
