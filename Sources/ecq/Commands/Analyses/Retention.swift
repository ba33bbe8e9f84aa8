import Analytics
import ArgumentParser

/// `ecq retention`: who comes back.
struct Retention: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count which users of each cohort come back in later days or weeks.",
    discussion: """
      A cohort is the day or week of a user's first start event. Rates of periods that are not over \
      are left empty.

      EXAMPLES:
        ecq retention events.ecq --start view --return purchase --unit week
        ecq retention events.ecq --unit week -o results
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(name: .long, help: ArgumentHelp("What starts (view).", valueName: "event"))
  var start: String?

  @Option(
    name: .customLong("return"), help: ArgumentHelp("What returns (purchase).", valueName: "event"))
  var returning: String?

  @Option(name: .long, help: ArgumentHelp("day or week.", valueName: "unit"))
  var unit: String?

  @Option(name: .long, help: ArgumentHelp("Periods after the first (12).", valueName: "n"))
  var periods: Int?

  @Flag(name: .long, help: "Count who returns in that period or any later one.")
  var rolling = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "What is known up to this day (the one after the last event).", valueName: "day"))
  var asOf: String?

  @Option(name: .long, help: ArgumentHelp("Write the result as a store.", valueName: "store"))
  var into: String?

  @OptionGroup var folder: FolderOption
  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    arguments.set("start", start)
    arguments.set("return", returning)
    arguments.set("unit", unit)
    arguments.set("periods", periods)
    arguments.set("rolling", rolling)
    arguments.set("as_of", asOf)
    let analysis = try events.open()
    if into != nil || folder.path == nil {
      try analysis.answer(
        RetentionFunction(report: report), arguments, into: into, rows: "row", results, report)
    }
    guard let path = folder.path else { return }
    let isFirst = into == nil
    let told = isFirst ? report : AnalysisReport()
    let reporter = try analysis.reporter("retention", folder: path, printing: isFirst, results)
    try RetentionPictures.write(
      reporter, arguments,
      RetentionPictures.Words(
        start: start ?? "view", returning: returning ?? "purchase", unit: unit ?? "week",
        isRolling: rolling), told)
    if isFirst { analysis.tell(told) }
    reporter.folder?.tell()
  }
}
