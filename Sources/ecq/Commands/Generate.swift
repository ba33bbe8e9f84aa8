import ArgumentParser
import ColStore
import Generator
import Glibc

/// `ecq generate`: a synthetic clickstream.
struct Generate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a synthetic two-month clickstream as two CSV files.",
    discussion: """
      Writes 2019-Oct.csv and 2019-Nov.csv in the shape of the public REES46 files. The same rows \
      and seed give the same bytes at any number of threads.

      EXAMPLES:
        ecq generate dataset --rows 5000000
      """)

  @Argument(
    help: "The folder to write to; it is made where it does not exist.", completion: .directory)
  var directory: String

  @Option(name: .long, help: "Rows in both files together.")
  var rows = 1_000_000

  @Option(name: .long, help: "The seed of all randomness.")
  var seed = ClickstreamGenerator.defaultSeed

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  func validate() throws {
    if rows < 0 { throw ValidationError("--rows must not be negative") }
  }

  func run() throws {
    let bar = ProgressBar("generate", terminal: Terminal(color: .auto))
    let bytes = try generateClickstream(
      rows: rows, seed: seed, threads: threads.count, to: directory, bar: bar)
    writeToStandardError("\(counted(rows, "row")), \(byteText(bytes)) in \(directory)\n")
  }
}

/// Writes the two files with progress and returns their bytes.
func generateClickstream(
  rows: Int, seed: UInt64, threads: Int, to directory: String, bar: ProgressBar
) throws -> Int {
  defer { bar.finish() }
  for name in ClickstreamGenerator.fileNames {
    Interruption.removeWhenInterrupted("\(directory)/\(name).\(getpid()).partial")
  }
  return try ClickstreamGenerator(rows: rows, seed: seed, threads: threads)
    .write(to: directory) { done in
      bar.update(done, of: rows) { seconds in "\(grouped(Int(Double(done) / seconds))) rows/s" }
    }
}
