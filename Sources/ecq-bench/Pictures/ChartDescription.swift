import Plot

/// A chart of the benchmarks as the scripts describe it.
struct ChartDescription: Decodable {
  enum Kind: String, Decodable {
    /// How many times as fast ecq is, a bar a step.
    case ratios
    /// How cost grows with the rows, a panel a measure and a line an engine.
    case growth
  }

  struct Bar: Decodable {
    let name: String
    let value: Double
    let note: String
  }

  struct Line: Decodable {
    let name: String
    /// Pairs of rows and cost.
    let points: [[Double]]
  }

  struct Panel: Decodable {
    enum Format: String, Decodable {
      case duration
      case compact
    }

    let title: String
    let unit: String
    let format: Format
    let lines: [Line]
  }

  let kind: Kind
  let title: String
  let subtitle: String
  let bars: [Bar]?
  let panels: [Panel]?

  var chart: any Chart {
    switch kind {
    case .ratios: ratios
    case .growth: growth
    }
  }

  private var ratios: any Chart {
    let bars = (bars ?? []).map {
      BarChart.Bar(
        name: $0.name, value: $0.value, note: "(\($0.note))",
        color: $0.value < 1 ? Palette.vermilion : Palette.blue)
    }
    return BarChart(
      title: title, subtitle: subtitle, bars: bars, format: .compact,
      valueTitle: "best peer ÷ ecq, logarithmic", isLogarithmic: true, limit: bars.count)
  }

  private var growth: any Chart {
    Dashboard(
      title: title, subtitle: subtitle, columns: 2,
      panels: (panels ?? []).map { panel in
        Dashboard.Panel(
          LineChart(
            title: panel.title,
            x: .values(ValueAxis("rows", format: .compact, isLogarithmic: true)),
            y: ValueAxis(panel.unit, format: panel.format.number, isLogarithmic: true),
            lines: panel.lines.map { line in
              LineChart.Line(
                name: line.name, points: line.points.map { Point(x: $0[0], y: $0[1]) },
                hasDots: true)
            }))
      })
  }
}

extension ChartDescription.Panel.Format {
  fileprivate var number: NumberFormat {
    switch self {
    case .duration: .duration
    case .compact: .compact
    }
  }
}
