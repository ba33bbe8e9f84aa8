/// How often values fall between edges that are given.
public struct HistogramChart: Chart {
  public var title: String
  public var subtitle: String
  /// One more than there are counts, ascending.
  public var edges: [Double]
  public var counts: [Double]
  public var x: ValueAxis
  public var y: ValueAxis
  /// Values to point out: a median, a mean.
  public var markers: [LineChart.Reference]
  public var color: Color
  /// Room for the labels of the vertical axis at least, so that charts below each other align.
  public var labelWidth = 0.0

  public init(
    title: String, subtitle: String = "", edges: [Double], counts: [Double], x: ValueAxis,
    y: ValueAxis = ValueAxis(), markers: [LineChart.Reference] = [], color: Color = Palette.blue
  ) {
    self.title = title
    self.subtitle = subtitle
    self.edges = edges
    self.counts = counts
    self.x = x
    self.y = y
    self.markers = markers
    self.color = color
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    var bins = zip(zip(edges, edges.dropFirst()), counts).map {
      (low: $0.0, high: $0.1, count: $1)
    }
    bins = bins.filter { $0.low.isUsable && $0.high.isUsable && $0.low < $0.high }
    if x.isLogarithmic { bins = bins.filter { $0.low > 0 } }
    let range = (bins.map(\.low) + bins.map(\.high)).usableRange
    let heights = y.isLogarithmic ? bins.map(\.count).filter { $0 > 0 } : bins.map(\.count)
    var vertical = y.axis(over: heights.usableRange)
    var base = 0.0
    if case .logarithmic(let domain) = vertical.scale {
      // Bars of the least count are seen as well.
      base = domain.lowerBound / 2
      vertical.scale = .logarithmic(base...domain.upperBound * 1.1)
    }
    if case .linear(let domain) = vertical.scale, !markers.isEmpty {
      // Room for the markers' names.
      vertical.scale = .linear(domain.lowerBound...domain.upperBound * 1.1)
    }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle), x: x.axis(over: range, isTight: true),
      y: vertical)
    panel.labelWidthMin = labelWidth
    panel.x.hasGrid = false
    if !bins.isEmpty {
      let bars = bins.map { bin in
        BarMark.Bar(
          x: (bin.low, bin.high), y: (base, bin.count > 0 || !y.isLogarithmic ? bin.count : base),
          color: color)
      }
      panel.marks = [BarMark(bars: bars, gap: 1)]
      panel.marks += markers.map {
        RuleMark(
          value: $0.value, direction: .vertical,
          stroke: Stroke(color: Palette.vermilion, width: 1.6, dashes: [5, 3]), label: $0.name)
      }
    }
    panel.draw(on: &drawing, in: frame)
  }
}
