import Analytics
import ArgumentParser

/// `ecq sessions`: one row a session.
struct Sessions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a store of sessions: one row each, with its features.",
    discussion: """
      Events without a price above 0 and without a session are left out, and counted.

      EXAMPLES:
        ecq sessions events.ecq --into sessions.ecq
        ecq sessions events.ecq --gap 30m --into visits.ecq
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(name: .long, help: ArgumentHelp("The store to write.", valueName: "store"))
  var into: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Make sessions of each user's events by inactivity, for example 30m.", valueName: "time"))
  var gap: String?

  @Flag(name: .long, help: "Keep events whose price is 0 or missing.")
  var keepZeroPrice = false

  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    arguments.set("gap", gap)
    arguments.set("keep_zero_price", keepZeroPrice)
    try events.open().answer(
      SessionsFunction(report: report), arguments, into: into, rows: "session", results, report)
  }
}
