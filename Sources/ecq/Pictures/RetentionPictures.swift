import Analytics
import Plot

/// The table and the pictures of retention: cohorts by periods, and a curve a cohort.
enum RetentionPictures {
  struct Words {
    var start: String
    var returning: String
    /// `day` or `week`.
    var unit: String
    var isRolling: Bool

    var subtitle: String {
      "share of those with a first \(start) in a \(unit) who have a \(returning) "
        + (isRolling ? "k or more \(unit)s later" : "k \(unit)s later")
    }
  }

  static func write(
    _ reporter: AnalysisReporter, _ arguments: FunctionArguments, _ words: Words,
    _ report: AnalysisReport
  ) throws {
    let table = try reporter.table(
      RetentionFunction(report: report), arguments, "retention", title: "who comes back")
    try reporter.picture(heatMap(table, words), "retention", title: "retention by cohort")
    try reporter.picture(curves(table, words), "retention_curves", title: "retention curves")
  }

  private struct Cohort {
    var name: String
    var users: Double
    var cells: [HeatMapChart.Cell] = []
    var rates: [Point] = []
  }

  private static func cohorts(_ table: ResultTable) -> [Cohort] {
    var cohorts: [Cohort] = []
    let names = table.names("cohort")
    let (users, periods) = (table.counts("users"), table.counts("period"))
    let (returned, complete) = (table.counts("returned"), table.flags("complete"))
    for row in table.rows {
      if cohorts.last?.name != names[row] {
        cohorts.append(Cohort(name: names[row], users: users[row]))
      }
      let last = cohorts.count - 1
      let share = users[row] > 0 ? returned[row] / users[row] : nil
      // A period that is not over, and in which nobody can have returned yet, says nothing.
      let isKnown = complete[row] || returned[row] > 0
      cohorts[last].cells.append(
        HeatMapChart.Cell(isKnown ? share : nil, isIncomplete: !complete[row] && isKnown))
      cohorts[last].rates.append(
        Point(x: periods[row], y: complete[row] ? share ?? .nan : .nan))
    }
    return cohorts
  }

  private static func total(_ cohorts: [Cohort]) -> String {
    "n = \(NumberFormat.count.text(cohorts.reduce(0) { $0 + $1.users })) users"
  }

  static func heatMap(_ table: ResultTable, _ words: Words) -> any Chart {
    let cohorts = cohorts(table)
    // Periods that lie in the future for all cohorts are left out.
    let periods = cohorts.map { ($0.cells.lastIndex { $0.value != nil } ?? -1) + 1 }.max() ?? 0
    return HeatMapChart(
      title: "Retention by cohort", subtitle: "\(words.subtitle) · \(total(cohorts))",
      rows: cohorts.map { "\($0.name)  (n = \(NumberFormat.count.text($0.users)))" },
      columns: (0..<periods).map { "\($0)" },
      cells: cohorts.map { Array($0.cells.prefix(periods)) },
      format: .percent(1),
      rowTitle: "\(words.unit) of the first \(words.start)", columnTitle: "\(words.unit)s later",
      valueTitle: "share that returns", columnsAreSequence: true,
      incompleteName: "the \(words.unit) is not over")
  }

  static func curves(_ table: ResultTable, _ words: Words) -> any Chart {
    let cohorts = cohorts(table)
    let periods =
      cohorts.map { ($0.rates.lastIndex { $0.y.isFinite } ?? -1) + 1 }.max() ?? 0
    // All that are complete in a period together, weighted by their users.
    let mean = (0..<periods).map { period in
      var (returned, users) = (0.0, 0.0)
      for cohort in cohorts where period < cohort.rates.count {
        let rate = cohort.rates[period].y
        if rate.isFinite {
          (returned, users) = (returned + rate * cohort.users, users + cohort.users)
        }
      }
      return Point(x: Double(period), y: users > 0 ? returned / users : .nan)
    }
    let shown = cohorts.filter { $0.rates.contains { $0.y.isFinite } }.prefix(8)
    var lines = shown.enumerated().map { number, cohort in
      LineChart.Line(
        name: cohort.name, points: cohort.rates,
        color: ColorScale.sequential.color(
          1 - 0.65 * Double(number) / Double(max(shown.count - 1, 1))),
        hasDots: true)
    }
    lines.append(
      LineChart.Line(name: "all", points: mean, color: Palette.vermilion, isDashed: true))
    let more = cohorts.count > shown.count ? " · the first \(shown.count) cohorts" : ""
    return LineChart(
      title: "Retention curves", subtitle: "\(words.subtitle) · \(total(cohorts))\(more)",
      x: .categories("\(words.unit)s later", (0..<periods).map { "\($0)" }),
      y: ValueAxis("share that returns", format: .percent(1)), lines: lines)
  }
}
