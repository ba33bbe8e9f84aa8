import ArgumentParser
import ColStore
import Glibc
import Query

/// `ecq ingest`: CSV files into a store.
struct Ingest: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Load CSV files into a store: a new one, or more rows for one that is there.",
    discussion: """
      A file whose content the store has already is left out. Types are inferred over all values; \
      those of a store that is there, and of --schema, are fixed. Files are matched by column name, and may be compressed \
      (.csv.gz, .csv.zst); - is standard input. A malformed row fails the ingest with its \
      file:line and leaves no trace, unless --rejects takes such rows.

      EXAMPLES:
        ecq ingest 2019-Oct.csv 2019-Nov.csv.gz --into events.ecq
        ecq ingest 2019-Dec.csv --into events.ecq --rejects rejects.csv
        zcat dump.csv.gz | ecq ingest - --into events.ecq --schema "price DECIMAL(9,2)"
      """)

  @Argument(help: ArgumentHelp("The CSV files.", valueName: "csv"), completion: .file())
  var files: [String]

  @Option(
    name: .long, help: ArgumentHelp("The store to write.", valueName: "store"), completion: .file())
  var into: String

  @Option(
    name: .long,
    help: ArgumentHelp("Write malformed rows to this CSV file and go on.", valueName: "file"),
    completion: .file())
  var rejects: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Columns whose type is given and not inferred: \"price DECIMAL(9,2), shop VARCHAR\".",
      valueName: "columns"))
  var schema: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A loaded file whose rows the new ones replace; may be repeated.", valueName: "file"))
  var replace: [String] = []

  @Flag(name: .long, help: "The first line is data; columns are column0, column1, …")
  var noHeader = false

  @Option(name: .long, help: "The byte between fields, or `tab`.")
  var delimiter: Delimiter = .comma

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Bring rows with equal values of this column together, or `none`; found in the data by default.",
      valueName: "column"))
  var clusterBy: String?

  @Flag(name: .long, help: "Keep the order of the input; the same as --cluster-by none.")
  var keepOrder = false

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  func validate() throws {
    if keepOrder, let clusterBy, clusterBy != "none" {
      throw ValidationError("--keep-order and --cluster-by \(clusterBy) exclude each other")
    }
  }

  private var clustering: Clustering {
    if keepOrder || clusterBy == "none" { return .inputOrder }
    return clusterBy.map { .column($0) } ?? .automatic
  }

  func run() throws {
    var options = IngestOptions()
    options.clustering = clustering
    options.threads = threads.count
    options.rejectsPath = rejects
    options.replaced = replace
    options.schema = try schema.map { text in
      do throws(QueryError) { return try parseColumnDefinitions(text) } catch {
        throw UsageFailure("--schema: \(error.message)", hint: error.hint)
      }
    }
    options.dialect.hasHeader = !noHeader
    options.dialect.delimiter = delimiter.byte
    let stopwatch = Stopwatch()
    let report = try ingest(
      files, into: into, options: options,
      bar: ProgressBar("ingest", terminal: Terminal(color: .auto)))
    for note in report.notes { writeToStandardError("ecq: \(note)\n") }
    writeToStandardError(summary(report, seconds: stopwatch.seconds))
  }

  private func summary(_ report: IngestReport, seconds: Double) -> String {
    let added = report.totalRowCount > report.rowCount
    var text = "\(into): \(counted(report.rowCount, "row"))"
    text += added ? " added to \(counted(report.totalRowCount - report.rowCount, "row"))" : ""
    text += ", \(byteText(report.storeBytes))"
    if report.bytesRead == 0 && report.rowCount == 0 { return text + "\n" }
    text += " from \(byteText(report.bytesRead)) in \(fixed(seconds, 2)) s"
    if let rejects, report.rejectedCount > 0 {
      text += "; \(counted(report.rejectedCount, "row")) rejected, see \(rejects)"
    } else if rejects != nil {
      text += "; no rows rejected"
    }
    return text + "\n"
  }
}

/// Loads CSV files with progress.
func ingest(
  _ files: [String], into store: String, options: IngestOptions, bar: ProgressBar
) throws -> IngestReport {
  defer { bar.finish() }
  Interruption.removeWhenInterrupted("\(store).\(getpid()).tmp")
  let bytes = files.reduce(0) { $0 + fileBytes($1) }
  var options = options
  options.isCancelled = { Interruption.isWanted }
  return try Interruption.deferring {
    try ColStore.Ingest.run(files: files, into: store, options: options) { progress in
      bar.update(progress.bytesRead, of: bytes) { seconds in
        let rate = Int(Double(progress.bytesRead) / seconds)
        return "\(counted(progress.rowCount, "row")), \(byteText(rate))/s"
      }
    }
  }
}

/// The size of a file; 0 where it is none.
func fileBytes(_ path: String) -> Int {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : 0
}
