/// ROC and precision–recall curves of models, side by side.
public struct ClassifierCurvesChart: Chart {
  public struct Model: Sendable {
    public var name: String
    /// x: false positive rate, y: true positive rate.
    public var roc: [Point]
    /// x: recall, y: precision.
    public var precisionRecall: [Point]
    public var auc: Double
    public var averagePrecision: Double

    public init(
      name: String, roc: [Point], precisionRecall: [Point], auc: Double, averagePrecision: Double
    ) {
      self.name = name
      self.roc = roc
      self.precisionRecall = precisionRecall
      self.auc = auc
      self.averagePrecision = averagePrecision
    }
  }

  public var title: String
  public var subtitle: String
  /// The best first.
  public var models: [Model]
  /// The share of positives.
  public var baseRate: Double

  public init(title: String, subtitle: String = "", models: [Model], baseRate: Double) {
    self.title = title
    self.subtitle = subtitle
    self.models = models
    self.baseRate = baseRate
  }

  public var naturalSize: Size { Size(width: 1060, height: 620) }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let body = Heading(title: title, subtitle: subtitle).draw(on: &drawing, in: frame)
    let wasPanel = drawing.isPanel
    drawing.isPanel = true
    defer { drawing.isPanel = wasPanel }
    let gap = 34.0
    let width = (body.width - gap) / 2
    let left = Rectangle(x: body.minX, y: body.minY, width: width, height: body.height)
    let right = Rectangle(
      x: body.minX + width + gap, y: body.minY, width: width, height: body.height)
    panel(
      "ROC", "area under the curve (AUC) in the legend", x: "false positive rate",
      y: "true positive rate",
      models.map { ($0.roc, "AUC " + NumberText.fixed($0.auc, 4)) },
      reference: LineMark(
        points: [Point(0, 0), Point(1, 1)],
        stroke: Stroke(color: Theme.axis, width: 1.2, dashes: [5, 4]))
    ).draw(on: &drawing, in: left)
    panel(
      "Precision and recall", "average precision (AP) in the legend", x: "recall",
      y: "precision",
      models.map { ($0.precisionRecall, "AP " + NumberText.fixed($0.averagePrecision, 4)) },
      reference: RuleMark(
        value: baseRate, direction: .horizontal,
        label: "share of positives \(NumberFormat.percent(2).text(baseRate))",
        isLabelLeading: true)
    ).draw(on: &drawing, in: right)
  }

  private func panel(
    _ title: String, _ subtitle: String, x: String, y: String,
    _ curves: [(points: [Point], score: String)], reference: any Mark
  ) -> Panel {
    func axis(_ title: String) -> Axis {
      Axis(scale: .linear(0...1), title: title, format: .decimal(1))
    }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle), x: axis(x), y: axis(y))
    panel.aspectMax = 1.25
    panel.legend.entries = zip(models, curves).enumerated().map { number, pair in
      Legend.Entry(
        name: "\(pair.0.name)  \(pair.1.score)", color: Palette.category(number), sample: .line,
        dashes: dashes(number))
    }
    guard curves.contains(where: { !$0.points.isEmpty }) else { return panel }
    // The best lies on top.
    panel.marks = [reference]
    for (number, curve) in curves.enumerated().reversed() {
      panel.marks.append(
        LineMark(
          points: curve.points,
          stroke: Stroke(color: Palette.category(number), width: 2, dashes: dashes(number))))
    }
    return panel
  }

  private func dashes(_ number: Int) -> [Double] {
    number < Palette.categories.count ? [] : [6, 4]
  }
}
