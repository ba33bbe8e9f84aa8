import Analytics
import Plot

/// The table and the picture of segments of users by behaviour.
enum SegmentPictures {
  static func write(
    _ reporter: AnalysisReporter, _ arguments: FunctionArguments, _ report: AnalysisReport
  ) throws {
    var arguments = arguments
    arguments.set("output", "segments")
    let table = try reporter.table(
      SegmentsFunction(report: report), arguments, "segments", title: "users by segment")
    try reporter.picture(chart(table), "segments", title: "segments of users")
  }

  static func chart(_ table: ResultTable) -> any Chart {
    let names = table.names("segment")
    func panel(
      _ title: String, _ subtitle: String, _ column: String, _ format: NumberFormat,
      _ color: Color, share: String? = nil
    ) -> Dashboard.Panel {
      let shares = share.map { table.counts($0).map { NumberFormat.percent(1).text($0) } }
      let bars = zip(names, table.counts(column)).enumerated().map { row, pair in
        BarChart.Bar(name: pair.0, value: pair.1, note: shares?[row] ?? "", color: color)
      }
      return Dashboard.Panel(
        BarChart(title: title, subtitle: subtitle, bars: bars, format: format))
    }
    let users = NumberFormat.count.text(table.counts("users").reduce(0, +))
    return Dashboard(
      title: "Segments of users by behaviour", subtitle: "n = \(users) users", columns: 2,
      panels: [
        panel(
          "Users", "with their share of all", "users", .count, Palette.blue, share: "share"),
        panel("Views", "mean of a user", "mean_views", .decimal(1), Palette.sky),
        panel("Carts", "mean of a user", "mean_carts", .decimal(2), Palette.orange),
        panel(
          "Spending", "mean of a user", "mean_total_spend", .compact, Palette.vermilion),
      ], panelSize: Size(width: 520, height: 230))
  }
}
