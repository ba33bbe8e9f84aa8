/// Horizontal bars with their values: importances, top brands, sizes of segments.
public struct BarChart: Chart {
  public struct Bar: Sendable {
    public var name: String
    public var value: Double
    /// Behind the value: `n = 1,234`.
    public var note: String
    public var color: Color?

    public init(name: String, value: Double, note: String = "", color: Color? = nil) {
      self.name = name
      self.value = value
      self.note = note
      self.color = color
    }
  }

  public var title: String
  public var subtitle: String
  /// From the top.
  public var bars: [Bar]
  public var format: NumberFormat
  /// What the values are, under the bars.
  public var valueTitle: String
  /// Whether equal ratios are equally long; bars start from 1 then, not from 0.
  public var isLogarithmic: Bool
  /// No more bars are drawn; how many are left out is said.
  public var limit: Int

  public init(
    title: String, subtitle: String = "", bars: [Bar], format: NumberFormat = .count,
    valueTitle: String = "", isLogarithmic: Bool = false, limit: Int = 30
  ) {
    self.title = title
    self.subtitle = subtitle
    self.bars = bars
    self.format = format
    self.valueTitle = valueTitle
    self.isLogarithmic = isLogarithmic
    self.limit = limit
  }

  public var naturalSize: Size {
    Size(width: 900, height: 130 + 25 * Double(min(max(bars.count, 4), max(limit, 1))))
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let room = max(1, Int((frame.height - 70) / 15))
    let shown = Array(bars.prefix(min(max(limit, 1), room)))
    var axisTitle = valueTitle
    if shown.count < bars.count {
      let left = NumberFormat.count.text(Double(bars.count - shown.count))
      axisTitle += axisTitle.isEmpty ? "and \(left) more" : " (and \(left) more)"
    }
    let range = shown.map { length($0) }.usableRange
    let domain = min(range?.lowerBound ?? 0, 0)...max(range?.upperBound ?? 0, 0)
    let hasExtent = domain.upperBound > domain.lowerBound
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle),
      x: .hidden(.linear(hasExtent ? domain : 0...1)),
      y: Axis(scale: .band(shown.count), names: shown.map(\.name)))
    panel.x.title = axisTitle
    let labels = shown.map {
      $0.note.isEmpty ? format.text($0.value) : format.text($0.value) + "  " + $0.note
    }
    let measure = drawing.measure
    func widest(_ isNegative: Bool) -> Double {
      let sided = zip(shown, labels).filter { (length($0.0) < 0) == isNegative }
      return measure.width(widest: sided.map { TextCleaning.cleaned($0.1) }, .value)
    }
    panel.rightMargin = widest(false) + 10
    panel.leftMargin = domain.lowerBound < 0 ? widest(true) + 10 : 0
    panel.marks = marks(shown, labels)
    panel.draw(on: &drawing, in: frame)
  }

  /// How far the bar goes to the right of where bars start.
  private func length(_ bar: Bar) -> Double {
    guard bar.value.isUsable else { return 0 }
    if isLogarithmic { return bar.value > 0 ? logarithm10(bar.value) : 0 }
    return bar.value
  }

  private func marks(_ shown: [Bar], _ labels: [String]) -> [any Mark] {
    guard !shown.isEmpty else { return [] }
    let bars = BarMark(
      bars: shown.enumerated().map { index, bar in
        let middle = Double(index)
        return BarMark.Bar(
          x: (0, length(bar)), y: (middle - 0.36, middle + 0.36), color: bar.color ?? Palette.blue)
      })
    let texts = zip(shown, labels).enumerated().map { index, pair in
      let value = length(pair.0)
      return TextMark(
        x: value, y: Double(index), text: pair.1, anchor: value < 0 ? .trailing : .leading,
        offset: Point(value < 0 ? -6 : 6, 0), mayLeave: true)
    }
    return [bars, RuleMark(value: 0, direction: .vertical, stroke: Stroke(color: Theme.axis))]
      + texts
  }
}
