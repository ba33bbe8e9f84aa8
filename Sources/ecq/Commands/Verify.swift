import ArgumentParser
import ColStore

/// `ecq verify`: whether a store is undamaged.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check every checksum of a store, and all that must hold of its content.",
    discussion: """
      Exits with 0 where all is well. Damage is listed on standard output, a place a line, and the \
      exit code is 1; `ecq repair --salvage` saves the rest.

      EXAMPLES:
        ecq verify events.ecq
      """)

  @Argument(help: "The store.", completion: .file())
  var store: String

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  func run() throws {
    let stopwatch = Stopwatch()
    let bar = ProgressBar("verify", terminal: Terminal(color: .auto))
    let opened = try Store(path: store)
    let damages = try opened.verify(threads: threads.count) { share in
      bar.update(Int(share * 1000), of: 1000) { _ in "" }
    }
    bar.finish()
    let stream = OutputStream.standardOutput()
    for damage in damages { stream.buffer.append("\(damage)\n") }
    try stream.flush()
    guard damages.isEmpty else {
      throw StoreError("\(counted(damages.count, "part")) damaged", at: store)
    }
    writeToStandardError(
      "\(store): \(counted(opened.rowCount, "row")), no damage found in "
        + "\(fixed(stopwatch.seconds, 2)) s\n")
  }
}
