import ArgumentParser
import ColStore
import Generator
import Query

/// `ecq demo`: from nothing to a report in a minute.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate a small clickstream, run the pipeline on it, and show what it tells.",
    discussion: """
      Everything stays in the folder, to play with; started again, it does only what is missing.

      EXAMPLES:
        ecq demo
        ecq demo playground --rows 200000
      """)

  @Argument(help: "The folder to work in; it is made where it does not exist.")
  var directory = "ecq-demo"

  @Option(name: .long, help: "Rows to generate.")
  var rows = 1_000_000

  @Option(name: .long, help: ArgumentHelp("Use colours.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    if rows < 1 { throw ValidationError("--rows must be at least 1") }
  }

  func run() throws {
    let terminal = Terminal(color: color)
    let stream = OutputStream.standardOutput()
    func say(_ text: String) throws {
      stream.buffer.append(text)
      try stream.flush()
    }
    let dataset = "\(directory)/dataset-\(rows)"
    let files = ClickstreamGenerator.fileNames.map { "\(dataset)/\($0)" }
    if !files.allSatisfy(fileExists) { try say(try generate(into: dataset, terminal)) }
    let results = "\(directory)/results"
    let pipeline = Pipeline(files: files, output: results)
    let steps = try pipeline.run()
    let session = QuerySession(
      database: try openDatabase(stores: ["\(results)/events.ecq"], options: QueryOptions()),
      sink: TableSink(to: stream, terminal: terminal))
    for query in DemoQuery.all {
      try say("\n\(heading(query.title, terminal))\n\(query.sql)\n")
      var time = 0.0
      try session.run(query.sql) { time = $0 }
      try say("\(query.reading) (\(fixed(time * 1000, 1)) ms)\n")
    }
    try say("\n\(heading("What the pipeline made", terminal))\n")
    try pipeline.table(steps).write(to: TableSink(to: stream, terminal: terminal))
    try say(
      """

      Look at it all: \(results)/report.html
      Ask it yourself: ecq shell \(results)/events.ecq

      """)
  }

  /// Returns what there is to say about it.
  private func generate(into directory: String, _ terminal: Terminal) throws -> String {
    let watch = Stopwatch()
    let bytes = try generateClickstream(
      rows: rows, seed: ClickstreamGenerator.defaultSeed, threads: availableProcessors,
      to: directory, bar: ProgressBar("generate", terminal: terminal))
    return "Generated \(counted(rows, "row")), \(byteText(bytes)) of CSV, in "
      + "\(fixed(watch.seconds, 2)) s.\n"
  }

  private func heading(_ title: String, _ terminal: Terminal) -> String {
    terminal.usesColor ? "\u{1b}[1m\(title)\u{1b}[0m" : title
  }
}
