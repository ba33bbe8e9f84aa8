import Analytics
import Plot

/// The table and the picture of a funnel, or of one for each value of a column.
enum FunnelPictures {
  /// What `--by` calls its units, in the plural.
  static func units(by column: String?) -> String {
    switch column?.lowercased() {
    case nil, "user_session": "sessions"
    case "user_id": "users"
    case let column?: "\(column) units"
    }
  }

  static func write(
    _ reporter: AnalysisReporter, _ arguments: FunctionArguments, by unit: String?,
    window: String?, order: String?, breakdown: String?, _ report: AnalysisReport
  ) throws {
    let table = try reporter.table(
      FunnelFunction(report: report), arguments, "funnel", title: "how many come to each step")
    let units = units(by: unit)
    let total = zip(table.counts("step"), table.counts("units")).reduce(0) { sum, row in
      row.0 == 1 ? sum + row.1 : sum
    }
    var details = "n = \(NumberFormat.count.text(total)) \(units)"
    if let window { details += " · within \(window) of the first step" }
    if let order { details += " · order: \(order)" }
    try reporter.picture(
      chart(table, breakdown: breakdown, unit: units, details: details), "funnel",
      title: "the funnel")
  }

  /// - Parameters:
  ///   - breakdown: The column whose values have funnels of their own.
  ///   - unit: What goes through.
  ///   - details: The window and order, for the subtitle.
  static func chart(
    _ table: ResultTable, breakdown: String?, unit: String, details: String
  ) -> any Chart {
    let units = table.counts("units")
    let names = table.names("name")
    guard let breakdown, let column = table.fields.first?.name else {
      let steps = zip(zip(names, units), table.numbers("median_seconds")).map { pair, seconds in
        FunnelChart.Step(name: pair.0, units: pair.1, medianSeconds: seconds)
      }
      return FunnelChart(
        title: "How far \(unit) go", subtitle: details, steps: steps, unitName: unit)
    }
    var steps: [String] = []
    var groups: [FunnelComparisonChart.Group] = []
    for ((group, step), (name, count)) in zip(
      zip(table.names(column), table.counts("step")), zip(names, units))
    {
      if step == 1 { groups.append(FunnelComparisonChart.Group(name: group, units: [])) }
      guard !groups.isEmpty else { continue }
      groups[groups.count - 1].units.append(count)
      if groups.count == 1 { steps.append(name) }
    }
    groups.sort { ($0.units.first ?? 0) > ($1.units.first ?? 0) }
    return FunnelComparisonChart(
      title: "How far \(unit) go, by \(breakdown)",
      subtitle: details + " · in brackets: \(unit) at step 1", steps: steps, groups: groups,
      unitName: unit)
  }
}
