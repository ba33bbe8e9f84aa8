import ML
import Plot

/// The dashboard of a clustering.
struct ClusterPictures {
  private let outcome: ClusterOutcome
  private let names: [String]
  private let profiles: [ClusterNaming.Profile]

  init(_ outcome: ClusterOutcome) {
    self.outcome = outcome
    names = outcome.statistics.naming.names
    profiles = outcome.statistics.profiles
  }

  var dashboard: Dashboard {
    let rows = profiles.reduce(0) { $0 + $1.rowCount }
    var panels = [Dashboard.Panel(sizes), Dashboard.Panel(rates)]
    panels.append(Dashboard.Panel(profile, columns: 2))
    let statistics = outcome.statistics
    if let prices = statistics.prices {
      panels.append(
        Dashboard.Panel(boxes("Prices", prices, ValueAxis("mean price of a row", format: .compact)))
      )
    }
    if let durations = statistics.durations {
      panels.append(
        Dashboard.Panel(
          boxes(
            "Durations", durations.map { spread in spread.map { $0.map { max($0, 1) } } },
            ValueAxis("duration (0 shown as 1 s)", format: .duration, isLogarithmic: true))))
    }
    panels.append(Dashboard.Panel(projection, columns: 2, rows: 1))
    return Dashboard(
      title: "\(profiles.count) clusters",
      subtitle: "n = \(counted(rows, "row")), k-means on "
        + "\(counted(outcome.model.features.count, "feature")); simplified silhouette "
        + "\(fixed(outcome.training.quality.simplifiedSilhouette, 3))",
      columns: 2, panels: panels, panelSize: Size(width: 640, height: 400))
  }

  private var sizes: BarChart {
    let total = Double(max(1, profiles.reduce(0) { $0 + $1.rowCount }))
    return BarChart(
      title: "Sizes", subtitle: "rows, with their share of all",
      bars: profiles.enumerated().map { cluster, profile in
        BarChart.Bar(
          name: names[cluster], value: Double(profile.rowCount),
          note: NumberFormat.percent(1).text(Double(profile.rowCount) / total),
          color: Palette.category(cluster))
      })
  }

  private var rates: GroupedBarChart {
    let measures: [(String, (ClusterNaming.Profile) -> Double?, Color)] = [
      ("abandon a cart", { $0.abandonment }, Palette.vermilion),
      ("buy", { $0.purchase }, Palette.green), ("came back", { $0.returning }, Palette.sky),
    ]
    let series = measures.compactMap { name, measure, color -> GroupedBarChart.Series? in
      let values = profiles.map(measure)
      guard values.contains(where: { $0 != nil }) else { return nil }
      return GroupedBarChart.Series(name: name, values: values, color: color)
    }
    return GroupedBarChart(
      title: "Abandonment, purchases, return", subtitle: "share of the cluster's rows",
      groups: names, series: series, format: .percent(1))
  }

  /// Means in the scale of the clustering: how far from the median, in interquartile ranges.
  private var profile: HeatMapChart {
    let model = outcome.model
    return HeatMapChart(
      title: "Profiles",
      subtitle: "centres; colours: distance from the median in interquartile ranges",
      rows: names, columns: model.features.map(\.name),
      cells: model.clusters.map { cluster in
        zip(model.features, cluster.center).map { feature, coordinate in
          HeatMapChart.Cell(
            coordinate, lines: [NumberFormat.compact.text(feature.value(at: coordinate))])
        }
      }, format: .decimal(1), coloring: .diverging(middle: 0), bounds: -3...3)
  }

  private func boxes(_ title: String, _ spreads: [[Double]?], _ axis: ValueAxis) -> BoxChart {
    BoxChart(
      title: title, subtitle: "5 %, 25 %, 50 %, 75 % and 95 % of the cluster's rows",
      boxes: spreads.enumerated().compactMap { cluster, values in
        guard let values else { return nil }
        return BoxChart.Box(
          name: names[cluster], low: values[0], lowerQuartile: values[1], median: values[2],
          upperQuartile: values[3], high: values[4], count: profiles[cluster].rowCount,
          color: Palette.category(cluster))
      }, x: axis)
  }

  /// Of each axis, this share of the rows lies outside the picture, so that the rest can be seen.
  private static let outside = 0.01

  private var projection: ScatterChart {
    let found = outcome.projection
    let (left, right) = Self.middle(of: found.points.map(\.x))
    let (bottom, top) = Self.middle(of: found.points.map(\.y))
    let shown = found.points.filter {
      (left...right).contains($0.x) && (bottom...top).contains($0.y)
    }
    func axis(_ number: Int, _ share: Double) -> ValueAxis {
      ValueAxis(
        "principal axis \(number) (\(NumberFormat.percent(0).text(share)) of the variance)",
        format: .decimal(1), includesZero: false)
    }
    return ScatterChart(
      title: "In two dimensions",
      subtitle: "n = \(counted(shown.count, "row")), evenly spaced over all; "
        + "\(counted(found.points.count - shown.count, "row")) far out are not shown",
      groups: names.enumerated().map { cluster, name in
        ScatterChart.Group(
          name: name,
          points: shown.filter { $0.cluster == cluster }.map { Point(x: $0.x, y: $0.y) },
          color: Palette.category(cluster))
      }, x: axis(1, found.varianceShares.x), y: axis(2, found.varianceShares.y))
  }

  /// Where all but the outermost values lie.
  private static func middle(of values: [Double]) -> (low: Double, high: Double) {
    let sorted = values.sorted()
    guard let last = sorted.indices.last else { return (0, 0) }
    let cut = Int(Double(last) * outside / 2)
    return (sorted[cut], sorted[last - cut])
  }
}
