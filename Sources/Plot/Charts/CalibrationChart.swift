/// Whether probabilities come true: what was predicted against what happened, and how many rows
/// each point stands for.
public struct CalibrationChart: Chart {
  public struct Bin: Sendable {
    public var meanPredicted: Double
    public var observedRate: Double
    public var count: Int

    public init(meanPredicted: Double, observedRate: Double, count: Int) {
      self.meanPredicted = meanPredicted
      self.observedRate = observedRate
      self.count = count
    }
  }

  public struct Model: Sendable {
    public var name: String
    public var bins: [Bin]

    public init(name: String, bins: [Bin]) {
      self.name = name
      self.bins = bins
    }
  }

  public var title: String
  public var subtitle: String
  public var models: [Model]

  public init(title: String, subtitle: String = "", models: [Model]) {
    self.title = title
    self.subtitle = subtitle
    self.models = models
  }

  public var naturalSize: Size { Size(width: 760, height: 760) }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let body = Heading(title: title, subtitle: subtitle).draw(on: &drawing, in: frame)
    let split = body.height * 0.7
    let upper = Rectangle(x: body.minX, y: body.minY, width: body.width, height: split)
    let lower = Rectangle(
      x: body.minX, y: body.minY + split + 10, width: body.width,
      height: body.height - split - 10)
    // Both planes begin at the same place.
    let labelWidth = 46.0
    func axis(_ title: String) -> Axis {
      Axis(scale: .linear(0...1), title: title, format: .percent(0))
    }
    var rates = Panel(
      heading: Heading(title: ""), x: axis(""), y: axis("observed share of positives"))
    rates.labelWidthMin = labelWidth
    rates.legend.entries = models.indices.map {
      Legend.Entry(
        name: "\(models[$0].name) (n = \(NumberFormat.count.text(Double(total(models[$0])))))",
        color: Palette.category($0), sample: .line)
    }
    rates.legend.entries.append(
      Legend.Entry(name: "perfect", color: Theme.axis, sample: .line, dashes: [5, 4]))
    var counts = Panel(
      heading: Heading(title: ""), x: axis("predicted probability"),
      y: ValueAxis("rows per bin", isLogarithmic: true).axis(
        over: models.flatMap(\.bins).map { Double($0.count) }.filter { $0 > 0 }.usableRange))
    counts.labelWidthMin = labelWidth
    if case .logarithmic(let domain) = counts.y.scale {
      let low = max(0.5, power(10, logarithm10(domain.lowerBound).rounded(.down)) / 2)
      counts.y.scale = .logarithmic(low...domain.upperBound * 1.3)
    }
    if models.contains(where: { !$0.bins.isEmpty }) {
      rates.marks = [
        LineMark(
          points: [Point(0, 0), Point(1, 1)],
          stroke: Stroke(color: Theme.axis, width: 1.2, dashes: [5, 4]))
      ]
      for (number, model) in models.enumerated() {
        let color = Palette.category(number)
        let points = sorted(model).map { Point($0.meanPredicted, $0.observedRate) }
        rates.marks.append(LineMark(points: points, stroke: Stroke(color: color, width: 2)))
        rates.marks.append(PointMark(points: points, radius: 4, color: color, hasHalo: true))
        let sizes = sorted(model).map { Point($0.meanPredicted, Double($0.count)) }
        counts.marks.append(
          LineMark(points: sizes, stroke: Stroke(color: color.opacity(0.6), width: 1.2)))
        counts.marks.append(PointMark(points: sizes, radius: 3.5, color: color))
      }
    }
    rates.draw(on: &drawing, in: upper)
    counts.draw(on: &drawing, in: lower)
  }

  private func sorted(_ model: Model) -> [Bin] {
    model.bins.filter { $0.count > 0 }.sorted { $0.meanPredicted < $1.meanPredicted }
  }

  private func total(_ model: Model) -> Int {
    model.bins.reduce(0) { $0 &+ $1.count }
  }
}
