@testable import Plot

/// A chart of every kind, small.
enum SampleCharts {
  struct Sample {
    var name: String
    var chart: any Chart
    var size = Size(width: 460, height: 300)

    var picture: Picture { chart.picture(size: size, source: "ecq · events") }
  }

  static var all: [Sample] {
    [
      Sample(name: "bars", chart: bars), Sample(name: "ratio_bars", chart: ratioBars),
      Sample(name: "grouped_bars", chart: grouped(.bars)),
      Sample(name: "dots", chart: grouped(.dots)), Sample(name: "lines", chart: lines),
      Sample(name: "histogram", chart: histogram), Sample(name: "heat_map", chart: heatMap),
      Sample(name: "confusion_matrix", chart: confusion),
      Sample(name: "scatter", chart: scatter(60)),
      Sample(name: "density", chart: scatter(2000)),
      Sample(name: "curves", chart: curves, size: Size(width: 640, height: 380)),
      Sample(name: "calibration", chart: calibration, size: Size(width: 460, height: 460)),
      Sample(name: "lorenz", chart: lorenz, size: Size(width: 420, height: 400)),
      Sample(name: "funnel", chart: funnel, size: Size(width: 560, height: 260)),
      Sample(name: "funnel_comparison", chart: funnelComparison),
      Sample(name: "flow", chart: flow), Sample(name: "boxes", chart: boxes),
      Sample(name: "intervals", chart: intervals),
      Sample(
        name: "dashboard",
        chart: Dashboard(
          title: "Four at once", subtitle: "n = 1,234", columns: 2,
          panels: [
            Dashboard.Panel(bars), Dashboard.Panel(boxes), Dashboard.Panel(lines, columns: 2),
          ]), size: Size(width: 760, height: 520)),
      Sample(name: "empty", chart: BarChart(title: "Nothing to show", bars: [])),
    ]
  }

  private static var bars: BarChart {
    BarChart(
      title: "Bars", subtitle: "n = 1,234 events",
      bars: [
        BarChart.Bar(name: "electronics.smartphone", value: 812_345, note: "66 %"),
        BarChart.Bar(name: "computers.notebook", value: 212_345, note: "17 %"),
        BarChart.Bar(name: "(none)", value: 12_345, note: "1 %", color: Palette.grey),
        BarChart.Bar(name: "below zero", value: -50_000),
      ], valueTitle: "revenue")
  }

  private static var ratioBars: BarChart {
    BarChart(
      title: "Ratios", subtitle: "as many times as fast",
      bars: [
        BarChart.Bar(name: "twice", value: 2), BarChart.Bar(name: "a thousand", value: 1000),
        BarChart.Bar(name: "half", value: 0.5, color: Palette.vermilion),
        BarChart.Bar(name: "not at all", value: 0),
      ], format: .compact, valueTitle: "ratio, logarithmic", isLogarithmic: true)
  }

  private static func grouped(_ style: GroupedBarChart.Style) -> GroupedBarChart {
    GroupedBarChart(
      title: "Groups", subtitle: "two values each",
      groups: ["XGBoost", "LightGBM", "LogisticRegression"],
      series: [
        GroupedBarChart.Series(name: "published", values: [0.9695, 0.969, 0.9357]),
        GroupedBarChart.Series(name: "ours", values: [0.9702, nil, 0.9401]),
      ], format: .decimal(4), valueTitle: "weighted F1", style: style)
  }

  private static var lines: LineChart {
    let start = 1_569_888_000.0
    func line(_ name: String, _ base: Double, isDashed: Bool = false) -> LineChart.Line {
      let values = (0..<30).map { day in base * (1 + 0.2 * Double((day * 7) % 11) / 11) }
      let points = values.enumerated().map {
        Point(x: start + Double($0.offset) * 86_400, y: $0.offset == 12 ? .nan : $0.element)
      }
      return LineChart.Line(
        name: name, points: points,
        band: isDashed ? [] : values.map { (low: $0 * 0.9, high: $0 * 1.1) }, isDashed: isDashed)
    }
    return LineChart(
      title: "Lines", subtitle: "a day without a value", x: .time("day (UTC)"),
      y: ValueAxis("events a day"), lines: [line("view", 1e6), line("cart", 4e5, isDashed: true)],
      references: [LineChart.Reference(7e5, name: "goal")])
  }

  private static var histogram: HistogramChart {
    HistogramChart(
      title: "Histogram", subtitle: "n = 60", edges: [1, 2, 4, 8, 16, 32, 64],
      counts: [3, 9, 20, 17, 8, 3], x: ValueAxis("price", isLogarithmic: true),
      y: ValueAxis("events"), markers: [LineChart.Reference(7, name: "median 7", isVertical: true)])
  }

  private static var heatMap: HeatMapChart {
    func cell(_ row: Int, _ column: Int) -> HeatMapChart.Cell {
      if row + column > 3 { return HeatMapChart.Cell(nil) }
      return HeatMapChart.Cell(0.2 / Double(row + column + 1), isIncomplete: row + column == 3)
    }
    return HeatMapChart(
      title: "Heat map", subtitle: "the last is not known",
      rows: ["2019-09-30", "2019-10-07", "2019-10-14"], columns: ["0", "1", "2", "3"],
      cells: (0..<3).map { row in (0..<4).map { cell(row, $0) } }, format: .percent(1),
      rowTitle: "week", columnTitle: "weeks later", valueTitle: "share",
      columnsAreSequence: true, incompleteName: "not over")
  }

  private static var confusion: ConfusionMatrixChart {
    ConfusionMatrixChart(
      title: "Confusion", subtitle: "n = 1,100", classes: ["not abandoned", "abandoned"],
      counts: [[900, 100], [20, 80]])
  }

  private static func scatter(_ count: Int) -> ScatterChart {
    var random = Random(seed: 7)
    func cloud(_ x: Double, _ y: Double) -> [Point] {
      (0..<count).map { _ in
        Point(
          x: x + random.unit() + random.unit() + random.unit(),
          y: y + random.unit() + random.unit() + random.unit())
      }
    }
    return ScatterChart(
      title: "Scatter", subtitle: "n = \(2 * count)",
      groups: [
        ScatterChart.Group(name: "first", points: cloud(0, 0)),
        ScatterChart.Group(name: "second", points: cloud(2, 1)),
      ], x: ValueAxis("x", format: .decimal(1), includesZero: false),
      y: ValueAxis("y", format: .decimal(1), includesZero: false), namesGroups: true)
  }

  private static var curves: ClassifierCurvesChart {
    func model(_ name: String, _ steepness: Double) -> ClassifierCurvesChart.Model {
      let steps = (0...100).map { Double($0) / 100 }
      return ClassifierCurvesChart.Model(
        name: name, roc: steps.map { Point(x: $0, y: power($0, 1 / steepness)) },
        precisionRecall: steps.map { Point(x: $0, y: 1 - 0.94 * power($0, steepness)) },
        auc: steepness / (1 + steepness), averagePrecision: 1 - 0.94 / (steepness + 1))
    }
    return ClassifierCurvesChart(
      title: "Curves", subtitle: "n = 1,000", models: [model("XGBoost", 12), model("Logistic", 4)],
      baseRate: 0.06)
  }

  private static var calibration: CalibrationChart {
    let bins = (0..<5).map { bin in
      CalibrationChart.Bin(
        meanPredicted: (Double(bin) + 0.5) / 5, observedRate: (Double(bin) + 0.3) / 5,
        count: 10_000 / ((bin + 1) * (bin + 1) * (bin + 1)))
    }
    return CalibrationChart(
      title: "Calibration", subtitle: "five bins",
      models: [CalibrationChart.Model(name: "XGBoost", bins: bins)])
  }

  private static var lorenz: LorenzChart {
    LorenzChart(
      title: "Lorenz curve", subtitle: "n = 100",
      points: LorenzChart.points(of: (1...100).map { Double($0 * $0) }),
      xTitle: "share of buyers", yTitle: "share of revenue")
  }

  private static var funnel: FunnelChart {
    FunnelChart(
      title: "Funnel", subtitle: "n = 42,604",
      steps: [
        FunnelChart.Step(name: "view", units: 42_604),
        FunnelChart.Step(name: "cart", units: 4321, medianSeconds: 21),
        FunnelChart.Step(name: "purchase", units: 1794, medianSeconds: 80),
      ], unitName: "sessions")
  }

  private static var funnelComparison: FunnelComparisonChart {
    FunnelComparisonChart(
      title: "Funnels", steps: ["view", "cart", "purchase"],
      groups: [
        FunnelComparisonChart.Group(name: "samsung", units: [12_000, 2500, 1150]),
        FunnelComparisonChart.Group(name: "apple", units: [9500, 1790, 810]),
      ], unitName: "sessions")
  }

  private static var flow: FlowChart {
    let names = ["view", "cart", "END"]
    let links: [(from: Int, to: Int, value: Double)] = [
      (0, 3, 600), (0, 4, 100), (0, 5, 250), (1, 4, 20), (1, 5, 30), (3, 6, 300), (3, 8, 300),
      (4, 7, 60), (4, 8, 60),
    ]
    return FlowChart(
      title: "Flow", subtitle: "n = 1,000",
      nodes: (0..<3).flatMap { stage in names.map { FlowChart.Node(name: $0, stage: stage) } },
      links: links.map { FlowChart.Link(from: $0.from, to: $0.to, value: $0.value) },
      stageTitles: ["event 1", "event 2", "event 3"])
  }

  private static var boxes: BoxChart {
    BoxChart(
      title: "Boxes", subtitle: "5, 25, 50, 75, 95 %",
      boxes: [
        BoxChart.Box(
          name: "Quick", low: 1, lowerQuartile: 4, median: 10, upperQuartile: 40, high: 300,
          count: 12_345),
        BoxChart.Box(
          name: "Patient", low: 60, lowerQuartile: 300, median: 900, upperQuartile: 2000,
          high: 9000, count: 678, color: Palette.vermilion),
      ], x: ValueAxis("duration", format: .duration, isLogarithmic: true))
  }

  private static var intervals: IntervalChart {
    IntervalChart(
      title: "Odds ratios", subtitle: "95 % intervals",
      estimates: [
        IntervalChart.Estimate(name: "num_carts", value: 6.1, low: 5.5, high: 6.8),
        IntervalChart.Estimate(name: "weekend_share", value: 1, low: 0.9, high: 1.1),
        IntervalChart.Estimate(name: "mean_view_price", value: 0.6, low: 0.5, high: 0.7),
      ], x: ValueAxis("odds ratio", format: .decimal(2), isLogarithmic: true), reference: 1)
  }
}
