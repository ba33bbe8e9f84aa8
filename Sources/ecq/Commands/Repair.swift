import ArgumentParser
import ColStore

/// `ecq repair`: what can be saved of a damaged store.
struct Repair: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Save the undamaged row groups of a damaged store to a new one.",
    discussion: """
      The damaged store stays as it is. A row group with a value that cannot be told for certain is \
      left out as a whole, and said to be.

      EXAMPLES:
        ecq repair events.ecq --salvage -o saved.ecq
      """)

  @Argument(help: "The damaged store.", completion: .file())
  var store: String

  @Flag(name: .long, help: "Save every undamaged row group.")
  var salvage = false

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The new store.", valueName: "store"),
    completion: .file())
  var output: String

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  func validate() throws {
    guard salvage else { throw ValidationError("the only kind of repair is --salvage") }
  }

  func run() throws {
    let report = try Salvage.run(store, into: output, threads: threads.count)
    for damage in report.damages { writeToStandardError("ecq: left out: \(damage)\n") }
    writeToStandardError(
      "\(output): \(counted(report.rowCount, "row")) saved, "
        + "\(counted(report.lostRowCount, "row")) left out\n")
  }
}
