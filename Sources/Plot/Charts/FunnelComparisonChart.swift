/// Funnels of several groups beside each other: which share of a group's units comes to each step.
public struct FunnelComparisonChart: Chart {
  public struct Group: Sendable {
    public var name: String
    /// One a step.
    public var units: [Double]

    public init(name: String, units: [Double]) {
      self.name = name
      self.units = units
    }
  }

  public var title: String
  public var subtitle: String
  public var steps: [String]
  /// The largest first.
  public var groups: [Group]
  public var unitName: String
  public var limit: Int

  public init(
    title: String, subtitle: String = "", steps: [String], groups: [Group], unitName: String,
    limit: Int = 12
  ) {
    self.title = title
    self.subtitle = subtitle
    self.steps = steps
    self.groups = groups
    self.unitName = unitName
    self.limit = limit
  }

  public var naturalSize: Size { bars.naturalSize }

  public func draw(on drawing: inout Drawing, in frame: Rectangle) {
    bars.draw(on: &drawing, in: frame)
  }

  /// The later steps: all units are at the first one.
  private var bars: GroupedBarChart {
    let rates = steps.indices.dropFirst().map { step in
      GroupedBarChart.Series(
        name: steps[step],
        values: groups.map { group in
          guard step < group.units.count, let first = group.units.first, first > 0 else {
            return nil
          }
          return group.units[step] / first
        }, color: Palette.category(step - 1))
    }
    let names = groups.map { group in
      "\(group.name) (\(NumberFormat.compact.text(group.units.first ?? 0)))"
    }
    return GroupedBarChart(
      title: title, subtitle: subtitle, groups: names, series: rates, format: .percent(1),
      valueTitle: "share of the group's \(unitName) at step 1, \(steps.first ?? "")",
      limit: limit)
  }
}
