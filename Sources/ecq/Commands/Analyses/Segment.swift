import Analytics
import ArgumentParser

/// `ecq segment`: users by behaviour.
struct Segment: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sort users into segments by behaviour, with what to do about each.",
    discussion: """
      Prints a row a segment; --into writes a row a user.

      EXAMPLES:
        ecq segment events.ecq
        ecq segment events.ecq --into segments.ecq
        ecq segment events.ecq -o results
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(name: .long, help: ArgumentHelp("Write the users as a store.", valueName: "store"))
  var into: String?

  @Flag(name: .long, help: "Keep events whose price is 0 or missing.")
  var keepZeroPrice = false

  @OptionGroup var folder: FolderOption
  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    arguments.set("keep_zero_price", keepZeroPrice)
    let analysis = try events.open()
    if let into {
      try analysis.answer(
        SegmentsFunction(report: report), arguments, into: into, rows: "user", results, report)
      guard folder.path != nil else { return }
    }
    let reporter = try analysis.reporter(
      "segment", folder: folder.path, printing: into == nil, results)
    try SegmentPictures.write(
      reporter, arguments, into == nil ? report : AnalysisReport())
    if into == nil { analysis.tell(report) }
    reporter.folder?.tell()
  }
}
