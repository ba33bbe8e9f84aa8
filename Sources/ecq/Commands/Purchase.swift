import ArgumentParser
import ML

/// `ecq purchase`: who buys.
struct Purchase: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict which users buy, with features of the same period and, honestly, of before.",
    discussion: """
      Makes stores of users, trains a logistic regression on each, and writes what they are worth \
      and what speaks for a purchase.

      EXAMPLES:
        ecq purchase events.ecq -o purchase
        ecq purchase events.ecq --until 2019-11-01 --label-window 30d -o purchase
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The day between features and label (default: one window before the end).",
      valueName: "day"))
  var until: String?

  @Option(name: .long, help: ArgumentHelp("How far the label looks ahead.", valueName: "time"))
  var labelWindow = "30d"

  @Option(name: .long, help: "Of the split.")
  var seed: UInt64 = RowSplit.defaultSeed

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "results"))
  var output: String

  @OptionGroup var results: ResultOptions

  func run() throws {
    let folder = try ResultFolder(output)
    let predictions = try PurchaseStage(
      events: events, until: until, labelWindow: labelWindow, seed: seed, folder: folder
    ).run()
    folder.tell()
    let stream = OutputStream.standardOutput()
    try PurchaseStage.comparison(predictions).write(to: results.makeSink(to: stream))
    try stream.flush()
  }
}
