/// Lines over time, over numbers or over categories, with bands of uncertainty where there are any.
public struct LineChart: Chart {
  public enum Horizontal: Sendable {
    /// Seconds since 1970, UTC.
    case time(String)
    case values(ValueAxis)
    /// Points have the category's number as x.
    case categories(String, [String])
  }

  public struct Line: Sendable {
    public var name: String
    /// A point without a finite y breaks the line.
    public var points: [Point]
    /// Low and high at each point.
    public var band: [(low: Double, high: Double)]
    public var color: Color?
    public var isDashed: Bool
    public var hasDots: Bool

    public init(
      name: String, points: [Point], band: [(low: Double, high: Double)] = [],
      color: Color? = nil, isDashed: Bool = false, hasDots: Bool = false
    ) {
      self.name = name
      self.points = points
      self.band = band
      self.color = color
      self.isDashed = isDashed
      self.hasDots = hasDots
    }
  }

  /// A value to compare with, and its name.
  public struct Reference: Sendable {
    public var value: Double
    public var name: String
    public var isVertical: Bool

    public init(_ value: Double, name: String, isVertical: Bool = false) {
      self.value = value
      self.name = name
      self.isVertical = isVertical
    }
  }

  public var title: String
  public var subtitle: String
  public var x: Horizontal
  public var y: ValueAxis
  public var lines: [Line]
  public var references: [Reference]
  /// Room for the labels of the vertical axis at least, so that charts below each other align.
  public var labelWidth = 0.0

  public init(
    title: String, subtitle: String = "", x: Horizontal, y: ValueAxis, lines: [Line],
    references: [Reference] = []
  ) {
    self.title = title
    self.subtitle = subtitle
    self.x = x
    self.y = y
    self.lines = lines
    self.references = references
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let points = lines.flatMap { $0.points }.filter { $0.x.isUsable && $0.y.isUsable }
    let extremes = lines.flatMap { $0.band.flatMap { [$0.low, $0.high] } }
    var values = points.map(\.y) + extremes
    values += references.filter { !$0.isVertical }.map(\.value)
    let range = y.isLogarithmic ? values.filter { $0 > 0 }.usableRange : values.usableRange
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle), x: horizontal(points.map(\.x)),
      y: y.axis(over: range))
    panel.labelWidthMin = labelWidth
    if lines.count > 1 || !(lines.first?.name ?? "").isEmpty {
      panel.legend.entries = lines.enumerated().map { number, line in
        Legend.Entry(
          name: line.name, color: color(number), sample: .line, dashes: dashes(number))
      }
    }
    if !points.isEmpty { panel.marks = marks() }
    panel.draw(on: &drawing, in: frame)
  }

  private func horizontal(_ values: [Double]) -> Axis {
    switch x {
    case .categories(let title, let names):
      return Axis(
        scale: .band(names.count), title: title, names: names, isSequence: true)
    case .values(let axis): return axis.axis(over: values.usableRange, isTight: true)
    case .time(let title):
      guard var range = values.usableRange else {
        return Axis(scale: .time(0...86_400), title: title)
      }
      if range.lowerBound == range.upperBound {
        range = (range.lowerBound - 43_200)...(range.upperBound + 43_200)
      }
      return Axis(scale: .time(range), title: title)
    }
  }

  private func color(_ number: Int) -> Color { lines[number].color ?? Palette.category(number) }

  private func dashes(_ number: Int) -> [Double] {
    // Where colours repeat, dashes tell the lines apart.
    if lines[number].isDashed { return [6, 4] }
    let round = number / Palette.categories.count
    return lines[number].color != nil || round == 0 ? [] : round == 1 ? [6, 4] : [2, 3]
  }

  private func marks() -> [any Mark] {
    var marks: [any Mark] = []
    for (number, line) in lines.enumerated() where !line.band.isEmpty {
      marks.append(
        BandMark(
          slices: zip(line.points, line.band).map {
            BandMark.Slice(x: $0.x, low: $1.low, high: $1.high)
          }, color: color(number).opacity(0.2)))
    }
    marks += references.map {
      RuleMark(
        value: $0.value, direction: $0.isVertical ? .vertical : .horizontal, label: $0.name)
    }
    for (number, line) in lines.enumerated() {
      marks.append(
        LineMark(
          points: line.points,
          stroke: Stroke(color: color(number), width: 2, dashes: dashes(number))))
      if line.hasDots {
        marks.append(
          PointMark(points: line.points, radius: 3.2, color: color(number), hasHalo: true))
      }
    }
    return marks
  }
}
