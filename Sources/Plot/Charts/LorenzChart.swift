/// How unequally something is shared out: the share that the lowest part of the owners holds.
public struct LorenzChart: Chart {
  public var title: String
  public var subtitle: String
  /// x: share of owners, the poorest first; y: what they hold of the whole.
  public var points: [Point]
  public var xTitle: String
  public var yTitle: String
  /// Where it is known better than from the points.
  public var gini: Double?

  public init(
    title: String, subtitle: String = "", points: [Point], xTitle: String, yTitle: String,
    gini: Double? = nil
  ) {
    self.title = title
    self.subtitle = subtitle
    self.points = points
    self.xTitle = xTitle
    self.yTitle = yTitle
    self.gini = gini
  }

  /// The curve of what each owner holds, in any order.
  ///
  /// - Parameter pointsMax: About so many points are kept.
  public static func points(of values: [Double], atMost pointsMax: Int = 400) -> [Point] {
    let sorted = values.filter { $0.isUsable && $0 >= 0 }.sorted()
    let total = sorted.reduce(0, +)
    guard total > 0 else { return [] }
    let every = max(1, sorted.count / max(pointsMax, 1))
    var points = [Point(0, 0)]
    var sum = 0.0
    for (index, value) in sorted.enumerated() {
      sum += value
      if (index + 1) % every == 0 || index == sorted.count - 1 {
        points.append(Point(Double(index + 1) / Double(sorted.count), sum / total))
      }
    }
    return points
  }

  /// Twice the area between the curve and the diagonal: 0 if all hold the same, near 1 if one holds
  /// all.
  public static func gini(_ points: [Point]) -> Double {
    var area = 0.0
    for (start, end) in zip(points, points.dropFirst()) {
      area += (end.x - start.x) * (start.y + end.y) / 2
    }
    return points.count < 2 ? .nan : 1 - 2 * area
  }

  public var naturalSize: Size { Size(width: 680, height: 700) }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let gini = gini ?? LorenzChart.gini(points)
    var text = subtitle
    if gini.isFinite {
      text += (text.isEmpty ? "" : " · ") + "Gini coefficient \(NumberText.fixed(gini, 3))"
    }
    func axis(_ title: String) -> Axis {
      Axis(scale: .linear(0...1), title: title, format: .percent(0))
    }
    var panel = Panel(
      heading: Heading(title: title, subtitle: text), x: axis(xTitle), y: axis(yTitle))
    panel.aspectMax = 1.2
    panel.legend.entries = [
      Legend.Entry(name: "as it is", color: Palette.blue, sample: .line),
      Legend.Entry(name: "all alike", color: Theme.axis, sample: .line, dashes: [5, 4]),
    ]
    if points.count > 1 {
      let top = LorenzChart.height(of: points, at: 0.9)
      panel.marks = [
        BandMark(
          slices: points.map { BandMark.Slice(x: $0.x, low: $0.y, high: $0.x) },
          color: Palette.blue.opacity(0.12)),
        LineMark(
          points: [Point(0, 0), Point(1, 1)],
          stroke: Stroke(color: Theme.axis, width: 1.2, dashes: [5, 4])),
        LineMark(points: points, stroke: Stroke(color: Palette.blue, width: 2.4)),
        PointMark(
          points: [Point(0.9, top)], radius: 4.5, color: Palette.vermilion, hasHalo: true),
        TextMark(
          x: 0.9, y: top,
          text: "the top 10 % hold \(NumberFormat.percent(0).text(1 - top))", anchor: .trailing,
          style: TextStyle.value.bold(), offset: Point(-10, -4)),
      ]
    }
    panel.draw(on: &drawing, in: frame)
  }

  /// The curve's height at `x`, between points on a straight line.
  private static func height(of points: [Point], at x: Double) -> Double {
    for (start, end) in zip(points, points.dropFirst()) where end.x >= x {
      let width = end.x - start.x
      return width > 0 ? start.y + (end.y - start.y) * (x - start.x) / width : end.y
    }
    return points.last?.y ?? .nan
  }
}
