import ArgumentParser
import ColStore
import Glibc
import Query

/// `ecq query`: SQL over stores.
struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer SQL over one or more stores.",
    usage: "ecq query [<store> ...] [<sql>] [<options>]",
    discussion: """
      A store's table has the name of its file: events.ecq is `events`. The SQL is the last \
      argument, or comes from --file, or from standard input. Several statements are answered in \
      order, up to the first error. On a terminal without SQL the shell is opened.

      EXAMPLES:
        ecq query events.ecq "SELECT event_type, count(*) FROM events GROUP BY 1"
        ecq query events.ecq -f report.sql --format json | jq .
        ecq query events.ecq --param brand=apple 'FROM events WHERE brand = $brand LIMIT 5'
        ecq query "FROM 'october.csv' LIMIT 5"
      """)

  @Argument(
    help: ArgumentHelp("Stores, and the SQL last.", valueName: "store-or-sql"), completion: .file())
  var operands: [String] = []

  @Option(name: .shortAndLong, help: "Take the SQL from this file.", completion: .file())
  var file: String?

  @OptionGroup var results: ResultOptions

  @OptionGroup var engine: EngineOptions

  func run() throws {
    let source = try StatementSource(operands: operands, file: file)
    guard source.hasText else {
      return try runShell(stores: source.stores, results, engine, runsStartupFile: true)
    }
    let stream = OutputStream.standardOutput()
    let terminal = results.terminal
    var options = try engine.queryOptions()
    let progress = ProgressBar("query", terminal: terminal, delay: 0.7)
    if terminal.isErrorTerminal {
      options.onProgress = { rows, total in progress.update(rows, of: total, unit: "row") }
      if terminal.isOutputTerminal { stream.onWrite = { progress.finish() } }
    }
    let database = try openDatabase(stores: source.stores, options: options)
    let session = QuerySession(database: database, sink: results.makeSink(to: stream))
    do {
      try session.run(source.sql(), path: file) { seconds in
        progress.restart()
        if engine.timer { writeToStandardError("time: \(fixed(seconds, 6)) s\n") }
      }
      progress.finish()
    } catch {
      progress.finish()
      stream.discard()
      throw error
    }
  }
}

/// Where the statements come from: CLI positions decide which operands are stores.
private struct StatementSource {
  let stores: [String]
  /// Whether there is SQL; else a person at a terminal is asked for it.
  let hasText: Bool
  private let text: String?
  private let file: String?

  /// The SQL is the last operand; a lone one that exists or ends in `.ecq` is a store, and so is a
  /// last one that exists, and all are with a file.
  init(operands: [String], file: String?) throws {
    self.file = file
    var operands = operands
    var text: String?
    if file == nil, let last = operands.last {
      let isStore = fileExists(last) || (operands.count == 1 && last.hasSuffix(".ecq"))
      if !isStore { text = operands.removeLast() }
    }
    hasText = text != nil || file != nil || isatty(STDIN_FILENO) == 0
    guard hasText || isInteractive else {
      throw UsageFailure(
        "no SQL: give it as the last argument, with --file, or on standard input")
    }
    self.text = text
    stores = operands
  }

  func sql() throws -> String {
    if let text { return text }
    if let file { return try readText(path: file) }
    return try readText(STDIN_FILENO, name: "standard input")
  }
}
