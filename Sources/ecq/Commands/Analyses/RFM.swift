import Analytics
import ArgumentParser

/// `ecq rfm`: buyers by recency, frequency and monetary value.
struct RFM: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rfm",
    abstract: "Score buyers by recency, frequency and money, and sum up the segments.",
    discussion: """
      Prints a row a segment; --into writes a row a buyer. Without a column event_type all rows are \
      purchases.

      EXAMPLES:
        ecq rfm events.ecq --as-of 2019-12-01
        ecq rfm events.ecq --into rfm.ecq
        ecq rfm events.ecq -o results
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Count days up to this day (the one after the last event).", valueName: "day"))
  var asOf: String?

  @Option(name: .long, help: ArgumentHelp("Write the buyers as a store.", valueName: "store"))
  var into: String?

  @Flag(name: .long, help: "Print what the scores are called.")
  var explain = false

  @OptionGroup var folder: FolderOption
  @OptionGroup var results: ResultOptions

  func run() throws {
    if explain { writeToStandardError(RFMFunction.explanation) }
    let analysis = try events.open()
    if let into {
      let report = AnalysisReport()
      var arguments = FunctionArguments()
      arguments.set("as_of", asOf)
      try analysis.answer(
        RFMFunction(report: report), arguments, into: into, rows: "buyer", results, report)
    }
    guard into == nil || folder.path != nil else { return }
    let report = AnalysisReport()
    let reporter = try analysis.reporter(
      "rfm", folder: folder.path, printing: into == nil, results)
    try RFMPictures.write(reporter, asOf: asOf, report)
    if into == nil { analysis.tell(report) }
    reporter.folder?.tell()
  }
}
