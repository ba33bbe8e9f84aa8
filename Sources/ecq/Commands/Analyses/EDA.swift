import Analytics
import ArgumentParser
import ColStore
import Glibc
import Query

/// `ecq eda`: what is in the events, table by table.
struct EDA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eda",
    abstract: "Explore events: their mix, times, demand, prices, sessions and gaps.",
    discussion: """
      Prints one table after the other; --table picks some; --output writes each as a CSV file.

      EXAMPLES:
        ecq eda events.ecq
        ecq eda events.ecq --output tables
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Only this table; may be repeated.", valueName: "name"))
  var table: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Write CSV files to this folder.", valueName: "folder"))
  var output: String?

  @OptionGroup var results: ResultOptions

  func run() throws {
    let analysis = try events.open()
    let tables = try wanted(of: EDATable.all(columns: analysis.columns))
    if let output { return try write(tables, of: analysis, to: output) }
    let stream = OutputStream.standardOutput()
    let session = QuerySession(database: analysis.database, sink: results.makeSink(to: stream))
    for table in tables {
      if results.terminal.isOutputTerminal { writeToStandardError("\(table.title)\n") }
      try session.run(analysis.common + table.sql)
    }
  }

  private func write(_ tables: [EDATable], of analysis: Analysis, to folder: String) throws {
    guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
      throw StoreError("cannot make the folder: \(String(cString: strerror(errno)))", at: folder)
    }
    let session = QuerySession(database: analysis.database, sink: DiscardingSink())
    for table in tables {
      let path = "\(folder)/\(table.name).csv"
      let quoted = path.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''")
      try session.run("COPY (\(analysis.common)\(table.sql)) TO '\(quoted)'")
      writeToStandardError("\(path): \(table.title)\n")
    }
  }

  private func wanted(of all: [EDATable]) throws -> [EDATable] {
    if table.isEmpty { return all }
    return try table.map { name in
      guard let found = all.first(where: { $0.name == name }) else {
        throw UsageFailure(
          "there is no table \"\(name)\" in the analysis",
          hint: nearestName(to: name, among: all.map(\.name)).map { "did you mean \"\($0)\"?" }
            ?? "there are \(all.map(\.name).joined(separator: ", "))")
      }
      return found
    }
  }
}

/// Takes the count that COPY answers with.
private final class DiscardingSink: ResultSink {
  func begin(schema: [Field]) throws {}
  func consume(_ batch: Batch) throws {}
  func end() throws {}
}
