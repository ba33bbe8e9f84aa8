import Analytics
import ArgumentParser
import ColStore

/// `ecq eda`: what is in the events, table by table.
struct EDA: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eda",
    abstract: "Explore events: their mix, times, demand, prices, sessions and gaps.",
    discussion: """
      Prints one table after the other; --table picks some; -o writes each as a CSV file and a \
      picture, too.

      EXAMPLES:
        ecq eda events.ecq
        ecq eda events.ecq -o results
      """)

  @OptionGroup var events: AnalysisOptions

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Only this table; may be repeated.", valueName: "name"))
  var table: [String] = []

  @OptionGroup var folder: FolderOption
  @OptionGroup var results: ResultOptions

  func run() throws {
    let analysis = try events.open()
    let tables = try wanted(of: EDATable.all(columns: analysis.columns))
    var reporter = try analysis.reporter("eda", folder: folder.path, results)
    reporter.tellsTitles = results.terminal.isOutputTerminal
    try EDAPictures.write(reporter, tables)
    reporter.folder?.tell()
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
