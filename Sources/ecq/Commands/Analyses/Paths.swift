import Analytics
import ArgumentParser

/// `ecq paths`: what follows what.
struct Paths: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Count what follows what within sessions: transitions, or whole paths.",
    discussion: """
      EXAMPLES:
        ecq paths events.ecq
        ecq paths events.ecq -o results
        ecq paths events.ecq --output paths --top 20
        ecq paths events.ecq --state "event_type || ' ' || split_part(category_code, '.', 1)"
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(name: .long, help: ArgumentHelp("transitions or paths.", valueName: "kind"))
  var output: String?

  @Option(name: .long, help: ArgumentHelp("Whose events follow each other.", valueName: "column"))
  var by: String?

  @Option(
    name: .long,
    help: ArgumentHelp("What an event counts as (event_type), as SQL.", valueName: "sql"))
  var state: String?

  @Option(name: .long, help: ArgumentHelp("Events of a path that are told (8).", valueName: "n"))
  var length: Int?

  @Option(name: .long, help: ArgumentHelp("Only the most frequent.", valueName: "n"))
  var top: Int?

  @Option(name: .long, help: ArgumentHelp("Write the result as a store.", valueName: "store"))
  var into: String?

  @Option(
    name: .customShort("o"),
    help: ArgumentHelp(
      "Write the tables as CSV and their pictures as PNG and SVG to this folder as well.",
      valueName: "folder"))
  var folder: String?

  @OptionGroup var results: ResultOptions

  func run() throws {
    let report = AnalysisReport()
    var arguments = FunctionArguments()
    arguments.set("output", output)
    arguments.set("by", by)
    arguments.set("state", state)
    arguments.set("length", length)
    arguments.set("top", top)
    let analysis = try events.open()
    if into != nil || folder == nil {
      try analysis.answer(
        PathsFunction(report: report), arguments, into: into, rows: "row", results, report)
    }
    guard let folder else { return }
    let isFirst = into == nil
    let told = isFirst ? report : AnalysisReport()
    let reporter = try analysis.reporter("paths", folder: folder, printing: isFirst, results)
    try PathsPictures.write(reporter, arguments, kind: output, by: by, told)
    if isFirst { analysis.tell(told) }
    reporter.folder?.tell()
  }
}
