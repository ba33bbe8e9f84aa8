import ArgumentParser
import ColStore

/// `ecq pipeline`: everything, from CSV to pictures.
struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Do everything, from CSV files to a report with tables, models and pictures.",
    discussion: """
      Loads the files, makes sessions and users, runs all analyses, finds the best model, the \
      clusters and who buys, and writes RESULTS/report.html. Started again, it does only what has \
      not been done, or whose inputs have changed.

      EXAMPLES:
        ecq pipeline dataset/2019-Oct.csv dataset/2019-Nov.csv -o results
      """)

  @Argument(help: "CSV files; .csv.gz and .csv.zst too.")
  var files: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "results"))
  var output: String

  @Option(
    name: .long,
    help: ArgumentHelp("Write malformed rows to this file and go on.", valueName: "file"))
  var rejects: String?

  @Option(
    name: .customLong("map"), parsing: .singleValue,
    help: ArgumentHelp(
      "Take a column for another: user_session=visit_id; may be repeated.",
      valueName: "name=column"))
  var mappings: [ColumnMapping] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Parameters for the bake-off to try, as JSON.", valueName: "file"))
  var grid: String?

  @Option(
    name: .customLong("k"),
    help: ArgumentHelp("How many clusters: a number, or auto.", valueName: "k"))
  var clusterCount = "8"

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  @OptionGroup var results: ResultOptions

  func run() throws {
    let pipeline = Pipeline(
      files: files, output: output, threads: threads.count, rejects: rejects,
      mappings: mappings.map { "\($0.role)=\($0.column)" }, grid: grid,
      clusterCount: clusterCount)
    let made = try pipeline.run()
    let stream = OutputStream.standardOutput()
    try pipeline.table(made).write(to: results.makeSink(to: stream))
    try stream.flush()
    writeToStandardError("\(output)/report.html shows it all\n")
  }
}
