@testable import Plot

/// Charts of every kind with data that nobody would wish for.
struct RandomCharts {
  private var random: Random

  init(seed: UInt64) { random = Random(seed: seed) }

  private static let letters = Array("abcdefgh_. -/WWWiiiÄß漢字<&>\"'\u{1F600}\n\t\u{0}")

  private mutating func name() -> String {
    let kinds = [0, 3, 8, 20, 60, 500]
    let count = random.below(kinds[random.below(kinds.count)] + 1)
    return String(
      (0..<count).map { _ in RandomCharts.letters[random.below(RandomCharts.letters.count)] })
  }

  private mutating func number() -> Double {
    switch random.below(14) {
    case 0: .nan
    case 1: .infinity
    case 2: 0
    case 3: -random.unit() * 100
    case 4: power(10, random.unit() * 200 - 100)
    case 5: 1e308
    default: random.unit() * power(10, Double(random.below(8)))
    }
  }

  private mutating func some<Element>(_ make: (inout RandomCharts) -> Element) -> [Element] {
    let sizes = [0, 1, 2, 5, 12, 40, 300]
    return (0..<sizes[random.below(sizes.count)]).map { _ in make(&self) }
  }

  private mutating func points() -> [Point] { some { Point(x: $0.number(), y: $0.number()) } }

  private mutating func format() -> NumberFormat {
    let formats: [NumberFormat] = [
      .count, .compact, .decimal(2), .percent(1), .duration, .plain,
    ]
    return formats[random.below(formats.count)]
  }

  private mutating func axis() -> ValueAxis {
    ValueAxis(
      name(), format: format(), isLogarithmic: random.below(2) == 0,
      domain: random.below(4) == 0 ? 0...1 : nil, includesZero: random.below(2) == 0)
  }

  static let kinds = 16

  /// A chart of the kind's number.
  mutating func chart(_ kind: Int) -> any Chart {
    switch kind {
    case 0:
      return BarChart(
        title: name(), subtitle: name(),
        bars: some { BarChart.Bar(name: $0.name(), value: $0.number(), note: $0.name()) },
        format: format(), valueTitle: name(), isLogarithmic: random.below(2) == 0)
    case 1:
      return GroupedBarChart(
        title: name(), subtitle: name(), groups: some { $0.name() },
        series: some { charts in
          GroupedBarChart.Series(name: charts.name(), values: charts.some { $0.number() })
        }, format: format(), valueTitle: name(), style: random.below(2) == 0 ? .bars : .dots)
    case 2: return lineChart()
    case 3:
      var edges = some { $0.number() }
      if random.below(2) == 0 { edges.sort { $0 < $1 } }
      return HistogramChart(
        title: name(), edges: edges, counts: some { $0.number() }, x: axis(), y: axis(),
        markers: some { LineChart.Reference($0.number(), name: $0.name(), isVertical: true) })
    case 4: return heatMap()
    case 5:
      return ConfusionMatrixChart(
        title: name(), subtitle: name(), classes: some { $0.name() },
        counts: some { charts in charts.some { $0.random.below(1_000_000) } })
    case 6:
      return ScatterChart(
        title: name(), groups: some { ScatterChart.Group(name: $0.name(), points: $0.points()) },
        x: axis(), y: axis(), namesGroups: true)
    case 7:
      return ClassifierCurvesChart(
        title: name(), subtitle: name(),
        models: some { charts in
          ClassifierCurvesChart.Model(
            name: charts.name(), roc: charts.points(), precisionRecall: charts.points(),
            auc: charts.number(), averagePrecision: charts.number())
        }, baseRate: number())
    case 8:
      return CalibrationChart(
        title: name(),
        models: some { charts in
          CalibrationChart.Model(
            name: charts.name(),
            bins: charts.some {
              CalibrationChart.Bin(
                meanPredicted: $0.number(), observedRate: $0.number(),
                count: $0.random.below(1000) - 10)
            })
        })
    case 9:
      return LorenzChart(
        title: name(), subtitle: name(), points: points(), xTitle: name(), yTitle: name())
    case 10:
      return FunnelChart(
        title: name(), subtitle: name(),
        steps: some {
          FunnelChart.Step(name: $0.name(), units: $0.number(), medianSeconds: $0.number())
        }, unitName: name())
    case 11:
      return FunnelComparisonChart(
        title: name(), steps: some { $0.name() },
        groups: some { charts in
          FunnelComparisonChart.Group(name: charts.name(), units: charts.some { $0.number() })
        }, unitName: name())
    case 12:
      return FlowChart(
        title: name(), nodes: some { FlowChart.Node(name: $0.name(), stage: $0.random.below(6)) },
        links: some {
          FlowChart.Link(
            from: $0.random.below(50) - 1, to: $0.random.below(50), value: $0.number())
        }, stageTitles: some { $0.name() })
    case 13:
      return BoxChart(
        title: name(),
        boxes: some {
          BoxChart.Box(
            name: $0.name(), low: $0.number(), lowerQuartile: $0.number(), median: $0.number(),
            upperQuartile: $0.number(), high: $0.number(), count: $0.random.below(1000))
        }, x: axis())
    case 14:
      return IntervalChart(
        title: name(),
        estimates: some {
          IntervalChart.Estimate(
            name: $0.name(), value: $0.number(), low: $0.number(), high: $0.number())
        }, x: axis(), reference: random.below(2) == 0 ? nil : 1)
    default:
      return Dashboard(
        title: name(), subtitle: name(), columns: random.below(4) - 1,
        panels: (0..<random.below(5)).map { _ in
          Dashboard.Panel(
            chart(random.below(15)), columns: random.below(4), rows: random.below(3))
        }, panelSize: Size(width: 380, height: 260))
    }
  }

  private mutating func lineChart() -> any Chart {
    let horizontals: [LineChart.Horizontal] = [
      .time(name()), .values(axis()), .categories(name(), some { $0.name() }),
    ]
    return LineChart(
      title: name(), subtitle: name(), x: horizontals[random.below(3)], y: axis(),
      lines: some { charts in
        LineChart.Line(
          name: charts.name(), points: charts.points(),
          band: charts.some { ($0.number(), $0.number()) }, isDashed: charts.random.below(2) == 0,
          hasDots: charts.random.below(2) == 0)
      }, references: some { LineChart.Reference($0.number(), name: $0.name()) })
  }

  private mutating func heatMap() -> any Chart {
    HeatMapChart(
      title: name(), subtitle: name(), rows: some { $0.name() }, columns: some { $0.name() },
      cells: some { charts in
        charts.some {
          HeatMapChart.Cell(
            $0.random.below(5) == 0 ? nil : $0.number(),
            lines: $0.random.below(3) == 0 ? [$0.name(), $0.name()] : nil,
            isIncomplete: $0.random.below(6) == 0)
        }
      }, format: format(),
      coloring: random.below(2) == 0 ? .sequential(fromZero: true) : .diverging(middle: 0),
      rowTitle: name(), columnTitle: name(), valueTitle: name(),
      columnsAreSequence: random.below(2) == 0, incompleteName: name())
  }

  mutating func size() -> Size? {
    switch random.below(4) {
    case 0: Size(width: 120 + Double(random.below(300)), height: 80 + Double(random.below(300)))
    case 1: Size(width: 700, height: 300)
    default: nil
    }
  }
}
