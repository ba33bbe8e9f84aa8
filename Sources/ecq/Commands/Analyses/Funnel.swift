import Analytics
import ArgumentParser

/// `ecq funnel`: how far units go, step by step.
struct Funnel: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count how far sessions or users go through steps, and how long they take.",
    discussion: """
      A step is an event type, or a condition given with --step.

      EXAMPLES:
        ecq funnel events.ecq --steps view,cart,purchase --by user_session --window 1h
        ecq funnel events.ecq --breakdown brand -o results
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(
    name: .long,
    help: ArgumentHelp("Event types in order (view,cart,purchase).", valueName: "a,b,…"))
  var steps: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A step as a condition; may be repeated, behind those of --steps.", valueName: "sql"))
  var step: [String] = []

  @Option(name: .long, help: ArgumentHelp("What goes through the funnel.", valueName: "column"))
  var by: String?

  @Option(
    name: .long,
    help: ArgumentHelp("The longest time from the first step to the last.", valueName: "time"))
  var window: String?

  @Option(name: .long, help: ArgumentHelp("ordered, strict or any.", valueName: "order"))
  var order: String?

  @Option(
    name: .long,
    help: ArgumentHelp("One funnel for each value at the first step.", valueName: "column"))
  var breakdown: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "An event that must not come between two steps; may be repeated.", valueName: "event"))
  var exclude: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("List the units that came to this step and no further.", valueName: "step"))
  var droppedAt: String?

  @Option(name: .long, help: ArgumentHelp("Write the result as a store.", valueName: "store"))
  var into: String?

  @OptionGroup var folder: FolderOption
  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    let types = steps.map { $0.split(separator: ",").map(String.init) } ?? []
    arguments.set("steps", types + step)
    arguments.set("by", by)
    arguments.set("window", window)
    arguments.set("order", order)
    arguments.set("breakdown", breakdown)
    arguments.set("exclude", exclude)
    arguments.set("dropped_at", droppedAt)
    let analysis = try events.open()
    let rows = droppedAt == nil ? "row" : "unit"
    if into != nil || folder.path == nil {
      try analysis.answer(
        FunnelFunction(report: report), arguments, into: into, rows: rows, results, report)
    }
    guard let path = folder.path else { return }
    let isFirst = into == nil
    let told = isFirst ? report : AnalysisReport()
    let reporter = try analysis.reporter("funnel", folder: path, printing: isFirst, results)
    if droppedAt != nil {
      try reporter.table(
        FunnelFunction(report: told), arguments, "funnel_dropped", title: "who went no further")
    } else {
      try FunnelPictures.write(
        reporter, arguments, by: by, window: window, order: order, breakdown: breakdown, told)
    }
    if isFirst { analysis.tell(told) }
    reporter.folder?.tell()
  }
}
