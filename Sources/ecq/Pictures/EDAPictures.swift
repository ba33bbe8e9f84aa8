import Analytics
import Plot

/// The pictures of the exploratory analysis's tables.
enum EDAPictures {
  /// Writes each table, and its picture.
  static func write(_ reporter: AnalysisReporter, _ tables: [EDATable]) throws {
    for table in tables {
      let result = try reporter.table(sql: table.sql, "eda_\(table.name)", title: table.title)
      if reporter.folder != nil, let chart = chart(of: result, table.name) {
        try reporter.picture(chart, "eda_\(table.name)", title: table.title)
      }
    }
  }

  /// The chart of a table; nil where it has none.
  static func chart(of table: ResultTable, _ name: String) -> (any Chart)? {
    switch name {
    case "event_mix": mix(table)
    case "hours": hours(table)
    case "weekdays": weekdays(table)
    case "hours_by_weekday": hoursByWeekday(table)
    case "days": days(table)
    case "categories": demand(table, "category_code", "category", "categories")
    case "brands": demand(table, "brand", "brand", "brands")
    case "prices": prices(table)
    case "session_events": sessionEvents(table)
    case "session_seconds": sessionSeconds(table)
    case "nulls": nulls(table)
    default: nil
    }
  }

  /// The types of events that the tables count, in the order of their columns.
  static let kinds: [(column: String, name: String, color: Color)] = [
    ("views", "view", Palette.blue), ("carts", "cart", Palette.orange),
    ("removes", "remove_from_cart", Palette.purple), ("purchases", "purchase", Palette.green),
  ]

  /// Those that occur.
  private static func kindsFound(
    in table: ResultTable
  ) -> [(name: String, color: Color, counts: [Double], total: Double)] {
    kinds.compactMap { kind in
      let counts = table.counts(kind.column)
      let total = counts.reduce(0, +)
      return total > 0 ? (kind.name, kind.color, counts, total) : nil
    }
  }

  static func color(ofEvent name: String) -> Color? { kinds.first { $0.name == name }?.color }

  private static func mix(_ table: ResultTable) -> any Chart {
    let names = table.names("event_type")
    let shares = table.counts("share")
    let bars = zip(zip(names, table.counts("events")), shares).map { pair, share in
      BarChart.Bar(
        name: pair.0, value: pair.1, note: percent(share), color: color(ofEvent: pair.0))
    }
    return BarChart(
      title: "What happens", subtitle: "events by type · n = \(number(table, "events")) events",
      bars: bars, valueTitle: "events")
  }

  private static func hours(_ table: ResultTable) -> any Chart {
    let hours = table.counts("hour")
    let lines = kindsFound(in: table).map { kind in
      LineChart.Line(
        name: "\(kind.name) (n = \(NumberFormat.count.text(kind.total)))",
        points: zip(hours, kind.counts).map { Point(x: $0, y: $1 / kind.total) },
        color: kind.color, hasDots: true)
    }
    return LineChart(
      title: "When it happens: hours of the day", subtitle: "each type's events by hour (UTC)",
      x: .categories("hour of the day (UTC)", (0..<24).map { "\($0)" }),
      y: ValueAxis("share of the type's events", format: .percent(0)), lines: lines)
  }

  static let weekdayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  private static func weekdays(_ table: ResultTable) -> any Chart {
    let days = table.counts("weekday").map { Int($0) - 1 }
    let series = kindsFound(in: table).map { kind in
      var values = [Double?](repeating: nil, count: 7)
      for (day, count) in zip(days, kind.counts) where values.indices.contains(day) {
        values[day] = count / kind.total
      }
      return GroupedBarChart.Series(
        name: "\(kind.name) (n = \(NumberFormat.count.text(kind.total)))", values: values,
        color: kind.color)
    }
    return GroupedBarChart(
      title: "When it happens: weekdays", subtitle: "each type's events by weekday (UTC)",
      groups: weekdayNames, series: series, format: .percent(1),
      valueTitle: "share of the type's events")
  }

  private static func hoursByWeekday(_ table: ResultTable) -> any Chart {
    var cells = (0..<7).map { _ in (0..<24).map { _ in HeatMapChart.Cell(0) } }
    let places = zip(table.counts("weekday"), table.counts("hour"))
    for ((weekday, hour), events) in zip(places, table.counts("events")) {
      let (row, column) = (Int(weekday) - 1, Int(hour))
      if cells.indices.contains(row), cells[row].indices.contains(column) {
        cells[row][column] = HeatMapChart.Cell(events)
      }
    }
    return HeatMapChart(
      title: "When it happens: weekdays and hours",
      subtitle: "n = \(number(table, "events")) events (UTC)", rows: weekdayNames,
      columns: (0..<24).map { "\($0)" }, cells: cells, format: .compact,
      columnTitle: "hour of the day (UTC)", valueTitle: "events", columnsAreSequence: true)
  }

  private static func days(_ table: ResultTable) -> any Chart {
    let days = table.counts("day")
    func line(_ title: String, _ values: [Double], _ color: Color, _ total: String) -> any Chart {
      var chart = LineChart(
        title: title, subtitle: total, x: .time(""), y: ValueAxis(),
        lines: [
          LineChart.Line(
            name: "", points: zip(days, values).map { Point(x: $0, y: $1) }, color: color)
        ])
      chart.labelWidth = 36
      return chart
    }
    var panels = kindsFound(in: table).map { kind in
      Dashboard.Panel(
        line(
          kind.name, kind.counts, kind.color,
          "n = \(NumberFormat.count.text(kind.total)) events"))
    }
    let revenue = table.counts("revenue")
    let sum = revenue.reduce(0, +)
    if sum > 0 {
      panels.append(
        Dashboard.Panel(
          line(
            "revenue", revenue, Palette.vermilion,
            "sum of purchases: \(NumberFormat.compact.text(sum))")))
    }
    return Dashboard(
      title: "The trend, day by day",
      subtitle:
        "\(NumberFormat.count.text(Double(table.rowCount))) days (UTC) · each panel has its own scale",
      columns: 1, panels: panels, panelSize: Size(width: 920, height: 190))
  }

  private static func demand(
    _ table: ResultTable, _ column: String, _ noun: String, _ nouns: String
  ) -> any Chart {
    let names = table.names(column)
    let views = table.counts("views")
    let purchases = table.counts("purchases")
    let revenue = table.counts("revenue")
    let shares = table.counts("revenue_share")
    let cumulative = table.counts("cumulative_share")
    let byRevenue = zip(zip(names, revenue), shares).prefix(15).map { pair, share in
      BarChart.Bar(name: pair.0, value: pair.1, note: percent(share), color: Palette.vermilion)
    }
    let order = views.indices.sorted { views[$0] != views[$1] ? views[$0] > views[$1] : $0 < $1 }
    let byViews = order.prefix(15).map { index in
      let bought = views[index] > 0 ? purchases[index] / views[index] : 0
      return BarChart.Bar(
        name: names[index], value: views[index], note: "bought \(percent(bought))",
        color: Palette.blue)
    }
    let head = cumulative.firstIndex { $0 >= 0.8 }.map { $0 + 1 }
    var subtitle = "\(NumberFormat.count.text(Double(table.rowCount))) \(nouns)"
    if let head, revenue.contains(where: { $0 > 0 }) {
      subtitle += " · \(head) of them bring 80 % of the revenue"
    }
    let points = cumulative.enumerated().map { Point(x: Double($0.offset + 1), y: $0.element) }
    return Dashboard(
      title: "Demand by \(noun)", subtitle: subtitle, columns: 2,
      panels: [
        Dashboard.Panel(
          BarChart(
            title: "Revenue", subtitle: "the first 15, with their share of all", bars: byRevenue,
            format: .compact, valueTitle: "revenue")),
        Dashboard.Panel(
          BarChart(
            title: "Views", subtitle: "the first 15, with purchases for each view", bars: byViews,
            format: .compact, valueTitle: "views")),
        Dashboard.Panel(
          LineChart(
            title: "Head and tail", subtitle: "\(nouns) by revenue, the largest first",
            x: .values(
              ValueAxis("number of \(nouns)", isLogarithmic: true, includesZero: false)),
            y: ValueAxis("cumulative share of revenue", format: .percent(0), domain: 0...1),
            lines: [LineChart.Line(name: "", points: points, color: Palette.vermilion)],
            references: [LineChart.Reference(0.8, name: "80 %")]), columns: 2),
      ], panelSize: Size(width: 560, height: 400))
  }

  private static func prices(_ table: ResultTable) -> any Chart {
    let starts = table.counts("from_price")
    let events = table.counts("events")
    let total = events.reduce(0, +)
    let zeros = zip(starts, events).filter { $0.0 <= 0 }.reduce(0) { $0 + $1.1 }
    var subtitle = "n = \(NumberFormat.count.text(total)) events, in steps that double"
    if zeros > 0 { subtitle += " · \(NumberFormat.count.text(zeros)) with price 0 are not shown" }
    let (edges, counts) = doubling(starts, events)
    return HistogramChart(
      title: "Prices of events", subtitle: subtitle, edges: edges, counts: counts,
      x: ValueAxis("price", isLogarithmic: true), y: ValueAxis("events"))
  }

  /// Edges and counts of bins that double, with 0 for those that are missing.
  private static func doubling(
    _ starts: [Double], _ counts: [Double]
  ) -> (edges: [Double], counts: [Double]) {
    let bins = zip(starts, counts).filter { $0.0 > 0 }.sorted { $0.0 < $1.0 }
    guard let first = bins.first, let last = bins.last else { return ([], []) }
    var edges = [first.0]
    var filled: [Double] = []
    while let start = edges.last, start <= last.0 * 1.5, edges.count < 2000 {
      filled.append(bins.first { ($0.0 / start - 1).magnitude < 0.01 }?.1 ?? 0)
      edges.append(start * 2)
    }
    return (edges, filled)
  }

  private static func sessionEvents(_ table: ResultTable) -> any Chart {
    sessions(
      table, "from_events", title: "How many events sessions have",
      axis: ValueAxis("events of a session", isLogarithmic: true))
  }

  private static func sessionSeconds(_ table: ResultTable) -> any Chart {
    sessions(
      table, "from_seconds", title: "How long sessions last",
      axis: ValueAxis("from the first event to the last", format: .duration, isLogarithmic: true))
  }

  private static func sessions(
    _ table: ResultTable, _ column: String, title: String, axis: ValueAxis
  ) -> any Chart {
    let starts = table.counts(column)
    let sessions = table.counts("sessions")
    let total = sessions.reduce(0, +)
    let (edges, counts) = doubling(starts, sessions)
    let purchased = table.counts("purchased")
    let rates = starts.indices.filter { starts[$0] > 0 && sessions[$0] > 0 }.map { bin in
      // The middle of the bin, on the logarithmic axis.
      Point(x: starts[bin] * 1.414, y: purchased[bin] / sessions[bin])
    }
    let zeros = zip(starts, sessions).filter { $0.0 <= 0 }.reduce(0) { $0 + $1.1 }
    var subtitle = "n = \(NumberFormat.count.text(total)) sessions, in steps that double"
    if zeros > 0, total > 0 {
      subtitle += " · \(percent(zeros / total)) last 0 s and are not shown"
    }
    var rateAxis = axis
    if let first = edges.first, let last = edges.last { rateAxis.domain = first...last }
    var histogram = HistogramChart(
      title: "Sessions", edges: edges, counts: counts, x: axis, y: ValueAxis("sessions"))
    histogram.labelWidth = 36
    var line = LineChart(
      title: "Of which with a purchase", x: .values(rateAxis),
      y: ValueAxis("share of the bin's sessions", format: .percent(0)),
      lines: [LineChart.Line(name: "", points: rates, color: Palette.green, hasDots: true)])
    line.labelWidth = 36
    return Dashboard(
      title: title, subtitle: subtitle, columns: 1,
      panels: [Dashboard.Panel(histogram), Dashboard.Panel(line)],
      panelSize: Size(width: 920, height: 270))
  }

  private static func nulls(_ table: ResultTable) -> any Chart {
    let bars = zip(
      table.names("column_name"), zip(table.counts("null_rate"), table.counts("nulls"))
    )
    .map { name, values in
      BarChart.Bar(
        name: name, value: values.0, note: NumberFormat.count.text(values.1),
        color: Palette.grey)
    }
    return BarChart(
      title: "Missing values",
      subtitle: "share and number of rows without a value · n = "
        + "\(NumberFormat.count.text(table.counts("rows").first ?? 0)) rows",
      bars: bars, format: .percent(1), valueTitle: "share of rows")
  }

  private static func percent(_ share: Double) -> String { NumberFormat.percent(1).text(share) }

  private static func number(_ table: ResultTable, _ column: String) -> String {
    NumberFormat.count.text(table.counts(column).reduce(0, +))
  }
}
