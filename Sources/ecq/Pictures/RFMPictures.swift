import Analytics
import Plot

/// The tables and pictures of the RFM analysis.
enum RFMPictures {
  /// Writes the segments, the grid of scores and the Lorenz curve of revenue.
  static func write(
    _ reporter: AnalysisReporter, asOf: String?, _ report: AnalysisReport
  ) throws {
    var arguments = FunctionArguments()
    arguments.set("as_of", asOf)
    arguments.set("output", "segments")
    let segments = try reporter.table(
      RFMFunction(report: report), arguments, "rfm_segments", title: "buyers by segment")
    guard reporter.folder != nil else { return }
    try reporter.picture(chart(segments: segments), "rfm_segments", title: "segments of buyers")
    let day = asOf.map { ", as_of := \(SQLQuoting.literal($0))" } ?? ""
    let buyers = "rfm(ev\(day))"
    let scores = try reporter.table(
      sql: """
        SELECT r, f, any_value(segment) AS segment, count(*) AS buyers,
          sum(count(*)) OVER () AS of_buyers, count(*) / sum(count(*)) OVER () AS share,
          avg(monetary) AS mean_monetary, sum(monetary) AS revenue
        FROM \(buyers) GROUP BY r, f ORDER BY r DESC, f
        """, "rfm_scores", title: "buyers by recency and frequency", isPrinted: false)
    try reporter.picture(chart(scores: scores), "rfm_scores", title: "recency and frequency scores")
    let lorenz = try reporter.table(
      sql: """
        SELECT part, buyers, revenue, of_buyers, of_revenue,
          sum(buyers) OVER (ORDER BY part) / of_buyers AS cumulative_buyers,
          sum(revenue) OVER (ORDER BY part) / of_revenue AS cumulative_revenue,
          1 - sum(below) OVER () AS gini
        FROM (SELECT (place - 1) * 200 // of_buyers + 1 AS part, count(*) AS buyers,
            sum(monetary) AS revenue, max(of_buyers) AS of_buyers,
            nullif(max(of_revenue), 0) AS of_revenue,
            sum(monetary * (2 * (of_buyers - place) + 1))
              / (nullif(max(of_revenue), 0) * CAST(max(of_buyers) AS DOUBLE)) AS below
          FROM (SELECT monetary, row_number() OVER (ORDER BY monetary) AS place,
              count(*) OVER () AS of_buyers, sum(monetary) OVER () AS of_revenue FROM \(buyers))
          GROUP BY part)
        ORDER BY part
        """, "rfm_lorenz", title: "how revenue is shared among buyers", isPrinted: false)
    try reporter.picture(chart(lorenz: lorenz), "rfm_lorenz", title: "Lorenz curve of revenue")
  }

  private static func buyers(_ table: ResultTable, _ column: String) -> String {
    NumberFormat.count.text(table.counts(column).reduce(0, +))
  }

  static func chart(segments table: ResultTable) -> any Chart {
    let names = table.names("segment")
    func bars(_ value: String, _ share: String, _ color: Color) -> [BarChart.Bar] {
      zip(names, zip(table.counts(value), table.counts(share))).map { name, pair in
        BarChart.Bar(
          name: name, value: pair.0, note: NumberFormat.percent(1).text(pair.1), color: color)
      }
    }
    func means(_ value: String, _ color: Color) -> [BarChart.Bar] {
      zip(names, table.counts(value)).map { BarChart.Bar(name: $0, value: $1, color: color) }
    }
    return Dashboard(
      title: "Buyers by recency, frequency and money",
      subtitle: "n = \(buyers(table, "users")) buyers", columns: 2,
      panels: [
        Dashboard.Panel(
          BarChart(
            title: "Buyers", subtitle: "with their share of all",
            bars: bars("users", "share", Palette.blue), valueTitle: "buyers")),
        Dashboard.Panel(
          BarChart(
            title: "Revenue", subtitle: "with its share of all",
            bars: bars("revenue", "revenue_share", Palette.vermilion), format: .compact,
            valueTitle: "revenue")),
        Dashboard.Panel(
          BarChart(
            title: "Recency", subtitle: "mean days since the last purchase",
            bars: means("mean_recency", Palette.sky), format: .decimal(1), valueTitle: "days")),
        Dashboard.Panel(
          BarChart(
            title: "Frequency", subtitle: "mean purchases of a buyer",
            bars: means("mean_frequency", Palette.green), format: .decimal(2),
            valueTitle: "purchases")),
      ], panelSize: Size(width: 520, height: 350))
  }

  static func chart(scores table: ResultTable) -> any Chart {
    var cells = (0..<5).map { _ in (0..<5).map { _ in HeatMapChart.Cell(nil) } }
    let places = zip(table.counts("r"), table.counts("f"))
    let contents = zip(table.counts("buyers"), table.names("segment"))
    for ((r, f), (count, segment)) in zip(places, contents) {
      let (row, column) = (5 - Int(r), Int(f) - 1)
      guard cells.indices.contains(row), cells[row].indices.contains(column) else { continue }
      cells[row][column] = HeatMapChart.Cell(
        count, lines: [NumberFormat.count.text(count), segment])
    }
    return HeatMapChart(
      title: "Recency and frequency scores",
      subtitle: "n = \(buyers(table, "buyers")) buyers; 5 is the most recent and the most frequent",
      rows: (1...5).reversed().map { "R\($0)" }, columns: (1...5).map { "F\($0)" }, cells: cells,
      format: .compact, rowTitle: "recency score", columnTitle: "frequency score",
      valueTitle: "buyers"
    ).sized(width: 860, height: 460)
  }

  static func chart(lorenz table: ResultTable) -> any Chart {
    let points = zip(table.counts("cumulative_buyers"), table.counts("cumulative_revenue")).map {
      Point(x: $0, y: $1)
    }
    return LorenzChart(
      title: "How revenue is shared among buyers",
      subtitle: "n = \(buyers(table, "buyers")) buyers",
      points: table.rowCount > 0 ? [Point(x: 0, y: 0)] + points : [],
      xTitle: "share of buyers, those who spend least first", yTitle: "share of revenue",
      gini: table.numbers("gini").first ?? nil)
  }
}
