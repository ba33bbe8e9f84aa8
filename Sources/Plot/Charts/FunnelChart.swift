/// How many units come to each step, with the share that goes on and how long it takes.
public struct FunnelChart: Chart {
  public struct Step: Sendable {
    public var name: String
    public var units: Double
    /// From the step before; nil: not known.
    public var medianSeconds: Double?

    public init(name: String, units: Double, medianSeconds: Double? = nil) {
      self.name = name
      self.units = units
      self.medianSeconds = medianSeconds
    }
  }

  public var title: String
  public var subtitle: String
  public var steps: [Step]
  /// What goes through: `sessions`.
  public var unitName: String

  public init(title: String, subtitle: String = "", steps: [Step], unitName: String) {
    self.title = title
    self.subtitle = subtitle
    self.steps = steps
    self.unitName = unitName
  }

  public var naturalSize: Size {
    Size(width: 900, height: 150 + 78 * Double(min(max(steps.count, 2), 16)))
  }

  private struct Column {
    var title: String
    var texts: [String]
  }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let body = Heading(title: title, subtitle: subtitle).draw(on: &drawing, in: frame)
    let shown = Array(steps.prefix(max(1, Int((body.height - 24) / 34))))
    guard let first = shown.first, first.units.isUsable, body.height > 60 else {
      drawing.textIfFree("no data", at: body.center, .center, .subtitle)
      return
    }
    let measure = drawing.measure
    let columns = columns(shown, measure)
    let widths = columns.map { column in
      measure.width(widest: [column.title] + column.texts, .value) + 18
    }
    let names = shown.enumerated().map {
      "\($0.offset + 1)  \(TextCleaning.cleaned($0.element.name))"
    }
    let nameWidth = min(measure.width(widest: names, .name), body.width * 0.28)
    let right = widths.reduce(0, +)
    let area = body.inset(left: nameWidth + 14, top: 24, right: right + 8)
    drawTable(columns, widths, on: &drawing, area, rows: shown.count)
    let height = area.height / Double(shown.count)
    let largest = shown.map(\.units).usableRange?.upperBound ?? 0
    func bar(_ index: Int) -> Rectangle {
      let units = shown[index].units.isUsable ? max(0, shown[index].units) : 0
      let width = largest > 0 ? max(area.width * units / largest, 2) : 2
      return Rectangle(
        x: area.midX - width / 2, y: area.minY + Double(index) * height + height * 0.2,
        width: width, height: height * 0.6)
    }
    for index in shown.indices {
      let own = bar(index)
      if index > 0 {
        let above = bar(index - 1)
        drawing.fill(
          Path(polygon: [
            Point(above.minX, above.maxY), Point(above.maxX, above.maxY),
            Point(own.maxX, own.minY), Point(own.minX, own.minY),
          ]), Palette.blue.tint(0.18))
      }
      let fade = Double(index) / Double(max(shown.count, 2))
      drawing.fill(own, Palette.blue.mixed(with: Palette.sky, fade))
      let text = measure.wrapped(names[index], to: nameWidth, lines: 2, .name)
      var y = own.midY - Double(text.count - 1) / 2 * TextStyle.name.lineHeight
      for line in text {
        drawing.text(line, at: Point(body.minX, y), .leading, .name)
        y += TextStyle.name.lineHeight
      }
    }
  }

  private func columns(_ shown: [Step], _ measure: TextMeasure) -> [Column] {
    func rates(_ base: (Int) -> Double) -> [String] {
      shown.indices.map { index in
        let whole = base(index)
        return whole > 0 ? NumberFormat.percent(1).text(shown[index].units / whole) : "–"
      }
    }
    var columns = [
      Column(
        title: measure.shortened(TextCleaning.cleaned(unitName), to: 110, .tick),
        texts: shown.map { NumberFormat.count.text($0.units) }),
      Column(title: "of the step before", texts: rates { $0 == 0 ? 0 : shown[$0 - 1].units }),
      Column(title: "of the first", texts: rates { _ in shown[0].units }),
    ]
    if shown.contains(where: { $0.medianSeconds != nil }) {
      columns.append(
        Column(
          title: "median time",
          texts: shown.map { $0.medianSeconds.map(DurationText.text) ?? "–" }))
    }
    return columns
  }

  private func drawTable(
    _ columns: [Column], _ widths: [Double], on drawing: inout Drawing, _ area: Rectangle,
    rows: Int
  ) {
    let height = area.height / Double(rows)
    var x = area.maxX + 8
    for (column, width) in zip(columns, widths) {
      x += width
      drawing.textIfFree(column.title, at: Point(x, area.minY - 24), .topTrailing, .tick)
      for (row, text) in column.texts.enumerated() {
        drawing.text(
          text, at: Point(x, area.minY + (Double(row) + 0.5) * height), .trailing, .value)
      }
    }
  }
}
