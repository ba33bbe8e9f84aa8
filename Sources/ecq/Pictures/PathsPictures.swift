import Analytics
import Plot

/// The tables and pictures of what follows what.
enum PathsPictures {
  /// Writes the transitions, or the paths, or both where none is asked for.
  ///
  /// - Parameter kind: `transitions` or `paths`.
  static func write(
    _ reporter: AnalysisReporter, _ arguments: FunctionArguments, kind: String?, by column: String?,
    _ report: AnalysisReport
  ) throws {
    let unit = FunnelPictures.units(by: column)
    if kind?.lowercased() != "paths" {
      let table = try reporter.table(
        PathsFunction(report: report), arguments, "paths_transitions", title: "what follows what")
      try reporter.picture(
        matrix(table, unit: unit), "paths_transitions", title: "what follows what")
      try reporter.picture(
        flow(table, unit: unit), "paths_flow", title: "from one event to the next")
    }
    if kind?.lowercased() != "transitions", reporter.folder != nil || kind != nil {
      var arguments = arguments
      arguments.set("output", "paths")
      if kind == nil { arguments.set("top", pathsMax) }
      let table = try reporter.table(
        PathsFunction(report: kind == nil ? AnalysisReport() : report), arguments, "paths",
        title: "the most frequent paths", isPrinted: kind != nil)
      try reporter.picture(steps(table, unit: unit), "paths", title: "how \(unit) begin")
    }
  }

  /// Paths that are told where they are not asked for.
  private static let pathsMax = 1000

  private struct Moves {
    var from: [String]
    var to: [String]
    var counts: [Double]
    var medians: [Double?]
    var isReduced = false
  }

  private static let statesMax = 12
  private static let other = "(other)"

  /// The transitions, with the states that occur least put together where there are many.
  private static func moves(_ table: ResultTable) -> Moves {
    var moves = Moves(
      from: table.names("from_state"), to: table.names("to_state"),
      counts: table.counts("transitions"), medians: table.numbers("median_seconds"))
    var weights: [String: Double] = [:]
    for (names, counts) in [(moves.from, moves.counts), (moves.to, moves.counts)] {
      for (name, count) in zip(names, counts) where name != "START" && name != "END" {
        weights[name, default: 0] += count
      }
    }
    guard weights.count > statesMax else { return moves }
    let kept = Set(
      weights.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        .prefix(statesMax - 1).map(\.key) + ["START", "END"])
    var sums: [[String]: Double] = [:]
    var order: [[String]] = []
    for (pair, count) in zip(zip(moves.from, moves.to), moves.counts) {
      let key = [pair.0, pair.1].map { kept.contains($0) ? $0 : other }
      if sums[key] == nil { order.append(key) }
      sums[key, default: 0] += count
    }
    moves.from = order.map { $0[0] }
    moves.to = order.map { $0[1] }
    moves.counts = order.map { sums[$0] ?? 0 }
    moves.isReduced = true
    return moves
  }

  /// START first, END last, between them the states with the most transitions first.
  private static func states(_ moves: Moves) -> [String] {
    var weights: [String: Double] = [:]
    for (pair, count) in zip(zip(moves.from, moves.to), moves.counts) {
      weights[pair.0, default: 0] += count
      weights[pair.1, default: 0] += count
    }
    func rank(_ name: String) -> Int {
      switch name {
      case "START": 0
      case other: 2
      case "END": 3
      default: 1
      }
    }
    return weights.keys.sorted { first, second in
      if rank(first) != rank(second) { return rank(first) < rank(second) }
      let (a, b) = (weights[first] ?? 0, weights[second] ?? 0)
      return a != b ? a > b : first < second
    }
  }

  private static func subtitle(_ moves: Moves, unit: String) -> String {
    let total = moves.counts.reduce(0, +)
    let starts = zip(moves.from, moves.counts).filter { $0.0 == "START" }.reduce(0) { $0 + $1.1 }
    return "n = \(NumberFormat.count.text(total)) transitions of "
      + "\(NumberFormat.count.text(starts)) \(unit)"
      + (moves.isReduced ? " · the rarest states together" : "")
  }

  static func matrix(_ table: ResultTable, unit: String) -> any Chart {
    let moves = moves(table)
    let states = states(moves)
    let rows = states.filter { $0 != "END" }
    let columns = states.filter { $0 != "START" }
    var counts = rows.map { _ in columns.map { _ in 0.0 } }
    for (pair, count) in zip(zip(moves.from, moves.to), moves.counts) {
      if let row = rows.firstIndex(of: pair.0), let column = columns.firstIndex(of: pair.1) {
        counts[row][column] += count
      }
    }
    let cells = counts.map { row in
      let total = row.reduce(0, +)
      return row.map { count in
        guard total > 0, count > 0 else { return HeatMapChart.Cell(nil) }
        return HeatMapChart.Cell(
          count / total,
          lines: [
            NumberFormat.percent(1).text(count / total), NumberFormat.compact.text(count),
          ])
      }
    }
    let names = zip(rows, counts).map { name, row in
      "\(name)  (n = \(NumberFormat.compact.text(row.reduce(0, +))))"
    }
    return HeatMapChart(
      title: "What follows what", subtitle: subtitle(moves, unit: unit), rows: names,
      columns: columns, cells: cells, format: .percent(0), bounds: 0...1,
      rowTitle: "after", columnTitle: "comes", valueTitle: "share of what follows"
    ).sized(
      width: max(760, 260 + 92 * Double(columns.count)), height: 190 + 50 * Double(rows.count))
  }

  static func flow(_ table: ResultTable, unit: String) -> any Chart {
    let moves = moves(table)
    let states = states(moves)
    let sources = states.filter { $0 != "END" }
    let targets = states.filter { $0 != "START" }
    let nodes =
      sources.map { FlowChart.Node(name: $0, stage: 0, color: color($0, states)) }
      + targets.map { FlowChart.Node(name: $0, stage: 1, color: color($0, states)) }
    let links = zip(zip(moves.from, moves.to), moves.counts).compactMap { pair, count in
      sources.firstIndex(of: pair.0).flatMap { from in
        targets.firstIndex(of: pair.1).map { to in
          FlowChart.Link(from: from, to: sources.count + to, value: count)
        }
      }
    }
    return FlowChart(
      title: "From one event to the next", subtitle: subtitle(moves, unit: unit), nodes: nodes,
      links: links, stageTitles: ["after", "comes"])
  }

  /// Paths of a result of `paths(…, output := 'paths')` as flows from one event to the next.
  static func steps(_ table: ResultTable, unit: String) -> any Chart {
    let paths = table.names("path").map { $0.split(separator: ">").map(trimmed) }
    let units = table.counts("units")
    let all = table.counts("of_units").first ?? units.reduce(0, +)
    let stagesMax = 6
    var weights: [String: Double] = [:]
    for (path, count) in zip(paths, units) {
      for state in path.prefix(stagesMax + 1) { weights[state, default: 0] += count }
    }
    weights["START"] = nil
    weights["…"] = nil
    let order = weights.keys.filter { $0 != "END" }
      .sorted { (weights[$0] ?? 0, $1) > (weights[$1] ?? 0, $0) }
    let kept = Array(order.prefix(7))
    let states = kept + (order.count > kept.count ? [other] : []) + ["END"]
    var flows: [[Int]: Double] = [:]
    for (path, count) in zip(paths, units) {
      let events = path.filter { $0 != "START" && $0 != "…" }.prefix(stagesMax).map { state in
        states.firstIndex(of: state) ?? states.firstIndex(of: other) ?? 0
      }
      for (stage, pair) in zip(events, events.dropFirst()).enumerated() {
        flows[[stage, pair.0, pair.1], default: 0] += count
      }
    }
    let stages = (flows.keys.map { $0[0] }.max() ?? 0) + 2
    let nodes = (0..<stages).flatMap { stage in
      states.map { FlowChart.Node(name: $0, stage: stage, color: color($0, ["START"] + states)) }
    }
    let links = flows.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { key in
      FlowChart.Link(
        from: key[0] * states.count + key[1], to: (key[0] + 1) * states.count + key[2],
        value: flows[key] ?? 0)
    }
    let told = units.reduce(0, +)
    return FlowChart(
      title: "How \(unit) begin",
      subtitle: "the first \(stages) events · n = \(NumberFormat.count.text(all)) \(unit)"
        + (told < all
          ? ", of which the \(NumberFormat.count.text(told)) with the most frequent paths" : ""),
      nodes: nodes, links: links, stageTitles: (1...stages).map { "event \($0)" })
  }

  private static func trimmed(_ part: Substring) -> String {
    var part = part
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    return String(part)
  }

  private static func color(_ state: String, _ states: [String]) -> Color {
    switch state {
    case "START", "END", other: Palette.grey
    default:
      EDAPictures.color(ofEvent: state)
        ?? Palette.category(states.firstIndex(of: state) ?? 0)
    }
  }
}
