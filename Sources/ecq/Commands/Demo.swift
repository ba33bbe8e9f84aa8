import ArgumentParser
import ColStore
import Generator
import Glibc
import Query

/// `ecq demo`: from nothing to answers in a few seconds.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate a small clickstream, load it, and show what it tells.",
    discussion: """
      Without a folder, everything happens in a temporary one. With one, the files stay there to \
      play with.

      EXAMPLES:
        ecq demo
        ecq demo playground
      """)

  @Argument(help: "The folder to work in; it is made where it does not exist.")
  var directory: String?

  @Option(name: .long, help: "Rows to generate.")
  var rows = 1_000_000

  @Option(name: .long, help: ArgumentHelp("Use colours.", valueName: "when"))
  var color = ColorChoice.auto

  func validate() throws {
    if rows < 1 { throw ValidationError("--rows must be at least 1") }
  }

  func run() throws {
    if let directory { return try show(in: directory) }
    let folder = try TemporaryFolder(
      holding: ClickstreamGenerator.fileNames + [Self.storeName])
    try show(in: folder.path)
  }

  private static let storeName = "events.ecq"

  private func show(in directory: String) throws {
    let terminal = Terminal(color: color)
    let stream = OutputStream.standardOutput()
    let store = "\(directory)/\(Self.storeName)"
    func say(_ text: String) throws {
      stream.buffer.append(text)
      try stream.flush()
    }
    if fileExists(store) {
      try say("Using the store that is there: \(store)\n")
    } else {
      try say(try load(into: store, from: directory, terminal: terminal))
    }
    let database = try openDatabase(stores: [store], options: QueryOptions())
    let session = QuerySession(
      database: database, sink: TableSink(to: stream, terminal: terminal))
    for query in DemoQuery.all {
      try say("\n\(heading(query.title, terminal))\n\(query.sql)\n")
      var time = 0.0
      try session.run(query.sql) { time = $0 }
      try say("\(query.reading) (\(fixed(time * 1000, 1)) ms)\n")
    }
    try say(closing(store))
  }

  /// Generates and ingests; returns what there is to say about it.
  private func load(
    into store: String, from directory: String, terminal: Terminal
  ) throws -> String {
    let generation = Stopwatch()
    let csvBytes = try generateClickstream(
      rows: rows, seed: ClickstreamGenerator.defaultSeed, threads: availableProcessors,
      to: directory, bar: ProgressBar("generate", terminal: terminal))
    let generationSeconds = generation.seconds
    let loading = Stopwatch()
    let report = try ingest(
      ClickstreamGenerator.fileNames.map { "\(directory)/\($0)" }, into: store,
      options: IngestOptions(), bar: ProgressBar("ingest", terminal: terminal))
    let seconds = loading.seconds
    let perRow = Double(report.storeBytes) / Double(max(report.rowCount, 1))
    return """
      Generated \(counted(rows, "row")), \(byteText(csvBytes)) of CSV, in \
      \(fixed(generationSeconds, 2)) s.
      Ingested into \(store): \(byteText(report.storeBytes)), \(fixed(perRow, 1)) bytes a row, \
      in \(fixed(seconds, 2)) s.

      """
  }

  private func heading(_ title: String, _ terminal: Terminal) -> String {
    terminal.usesColor ? "\u{1b}[1m\(title)\u{1b}[0m" : title
  }

  private func closing(_ store: String) -> String {
    guard directory != nil else {
      return "\nTo keep the store and ask it yourself: ecq demo FOLDER\n"
    }
    return
      "\nAsk it yourself: ecq query \(store) \"SELECT brand, count(*) FROM events GROUP BY 1\"\n"
  }
}
