import Analytics
import ArgumentParser

/// `ecq users`: one row a user.
struct Users: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a store of users: one row each, with features for models and segments.",
    discussion: """
      Without --until, features and labels share the period. With it, features look at events \
      before that time only, and --label-window says how far the label will_purchase looks ahead.

      EXAMPLES:
        ecq users events.ecq --into users.ecq
        ecq users events.ecq --until 2019-11-01 --label-window 30d --into users.ecq
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(name: .long, help: ArgumentHelp("The store to write.", valueName: "store"))
  var into: String?

  @Option(name: .long, help: ArgumentHelp("Features from events before this.", valueName: "time"))
  var until: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Label purchases so long from --until, as 30d.", valueName: "time"))
  var labelWindow: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Count days up to this day (the one after the last event).", valueName: "day"))
  var asOf: String?

  @Flag(name: .long, help: "Add recency, frequency, monetary and their scores.")
  var rfm = false

  @Flag(name: .long, help: "Keep events whose price is 0 or missing.")
  var keepZeroPrice = false

  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    arguments.set("until", until)
    arguments.set("label_window", labelWindow)
    arguments.set("as_of", asOf)
    arguments.set("rfm", rfm)
    arguments.set("keep_zero_price", keepZeroPrice)
    try events.open().answer(
      UsersFunction(report: report), arguments, into: into, rows: "user", results, report)
  }
}
