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
    if let output {
      guard mkdir(output, 0o777) == 0 || errno == EEXIST else {
        throw StoreError(
          "cannot make the folder: \(String(cString: strerror(errno)))", at: output)
      }
      for table in tables {
        let path = "\(output)/\(table.name).csv"
        let quoted = path.split(separator: "'", omittingEmptySubsequences: false)
          .joined(separator: "''")
        try run("COPY (\(analysis.common)\(table.sql)) TO '\(quoted)'", analysis, DiscardingSink())
        writeToStandardError("\(path): \(table.title)\n")
      }
      return
    }
    let stream = OutputStream.standardOutput()
    let sink = results.makeSink(to: stream)
    for table in tables {
      if results.terminal.isOutputTerminal { writeToStandardError("\(table.title)\n") }
      try run(analysis.common + table.sql, analysis, sink)
    }
  }

  private func run(_ sql: String, _ analysis: Analysis, _ sink: any ResultSink) throws {
    do { try analysis.database.execute(sql, into: sink) } catch {
      throw StatementFailure(error: error, sql: sql, path: nil)
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
