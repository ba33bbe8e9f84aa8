/// Points by two values, coloured by group; where they are too many to be told apart, small fields
/// are coloured by what most of their points are, the more the denser.
public struct ScatterChart: Chart {
  public struct Group: Sendable {
    public var name: String
    public var points: [Point]
    public var color: Color?

    public init(name: String, points: [Point], color: Color? = nil) {
      self.name = name
      self.points = points
      self.color = color
    }
  }

  public var title: String
  public var subtitle: String
  public var groups: [Group]
  public var x: ValueAxis
  public var y: ValueAxis
  /// Whether groups are named at their middles, beside the legend.
  public var namesGroups: Bool

  public init(
    title: String, subtitle: String = "", groups: [Group],
    x: ValueAxis = ValueAxis(includesZero: false), y: ValueAxis = ValueAxis(includesZero: false),
    namesGroups: Bool = false
  ) {
    self.title = title
    self.subtitle = subtitle
    self.groups = groups
    self.x = x
    self.y = y
    self.namesGroups = namesGroups
  }

  /// More points are drawn as fields.
  static let pointsMax = 1500

  public var naturalSize: Size { Size(width: 900, height: 640) }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    let points = groups.flatMap(\.points).filter { $0.x.isUsable && $0.y.isUsable }
    var panel = Panel(
      heading: Heading(title: title, subtitle: subtitle),
      x: axis(x, over: points.map(\.x)), y: axis(y, over: points.map(\.y)))
    if groups.count > 1 || !(groups.first?.name ?? "").isEmpty {
      panel.legend.entries = groups.indices.map {
        Legend.Entry(name: groups[$0].name, color: color($0), sample: .dot)
      }
    }
    guard !points.isEmpty else {
      panel.draw(on: &drawing, in: frame)
      return
    }
    if points.count > ScatterChart.pointsMax {
      panel.marks = [
        DensityMark(groups: groups.enumerated().map { ($0.element.points, color($0.offset)) })
      ]
    } else {
      panel.marks = groups.indices.map {
        PointMark(points: groups[$0].points, radius: 3.2, color: color($0).opacity(0.7))
      }
    }
    if namesGroups { panel.marks += names() }
    panel.draw(on: &drawing, in: frame)
  }

  /// The axis with a little room at both ends of the values.
  private func axis(_ axis: ValueAxis, over values: [Double]) -> Axis {
    let values = axis.isLogarithmic ? values.filter { $0 > 0 } : values
    guard let range = values.usableRange, range.lowerBound < range.upperBound,
      !axis.isLogarithmic, axis.domain == nil
    else { return axis.axis(over: values.usableRange) }
    let margin = (range.upperBound - range.lowerBound) * 0.03
    return axis.axis(
      over: (range.lowerBound - margin)...(range.upperBound + margin), isTight: !axis.includesZero)
  }

  private func color(_ number: Int) -> Color { groups[number].color ?? Palette.category(number) }

  /// Each group's name at the medians of its points.
  private func names() -> [any Mark] {
    groups.indices.compactMap { number in
      let points = groups[number].points.filter { $0.x.isUsable && $0.y.isUsable }
      guard !points.isEmpty else { return nil }
      let middle = points.count / 2
      return PlateMark(
        x: points.map(\.x).sorted()[middle], y: points.map(\.y).sorted()[middle],
        text: groups[number].name, color: color(number))
    }
  }
}
