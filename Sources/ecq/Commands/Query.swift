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
      order, up to the first error.
      """)

  @Argument(help: ArgumentHelp("Stores, and the SQL last.", valueName: "store-or-sql"))
  var operands: [String] = []

  @Option(name: .shortAndLong, help: "Take the SQL from this file.")
  var file: String?

  @OptionGroup var results: ResultOptions

  @Flag(name: .long, help: "Print each statement's time on standard error.")
  var timer = false

  @Option(name: .long, help: "Threads that work.")
  var threads = ThreadCount.automatic

  @Option(
    name: .long,
    help: ArgumentHelp("Memory that operators may hold, for example 2GB.", valueName: "size"))
  var memoryLimit: ByteSize?

  @Option(
    name: .customLong("param"),
    help: ArgumentHelp("The value of $name in the SQL; may be repeated.", valueName: "name=value"))
  var parameters: [StatementParameter] = []

  @Flag(name: .long, help: "Compute everything from the rows, not from block statistics.")
  var noBlockAnswers = false

  func run() throws {
    let source = try StatementSource(operands: operands, file: file)
    var options = QueryOptions()
    options.threads = threads.count
    options.memoryLimit = memoryLimit?.bytes
    options.usesBlockAnswers = !noBlockAnswers
    for parameter in parameters { options.parameters[parameter.name] = parameter.value }
    options.targets = CopyFiles()
    let database = try openDatabase(stores: source.stores, options: options)
    let stream = OutputStream.standardOutput()
    let session = QuerySession(database: database, sink: results.makeSink(to: stream))
    do {
      try session.run(source.sql(), path: file) { seconds in
        if timer { writeToStandardError("time: \(fixed(seconds, 6)) s\n") }
      }
    } catch {
      stream.discard()
      throw error
    }
  }
}

/// Where the statements come from: CLI positions decide which operands are stores.
private struct StatementSource {
  let stores: [String]
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
    guard text != nil || file != nil || isatty(STDIN_FILENO) == 0 else {
      throw UsageFailure(
        "no SQL: give it as the last argument, with --file, or on standard input")
    }
    self.text = text
    stores = operands
  }

  func sql() throws -> String {
    if let text { return text }
    if let file {
      let descriptor = open(file, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw systemError("cannot read", file) }
      defer { close(descriptor) }
      return try readText(descriptor, name: file)
    }
    return try readText(STDIN_FILENO, name: "standard input")
  }
}

func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

private func systemError(_ what: String, _ path: String) -> StoreError {
  StoreError("\(what): \(String(cString: strerror(errno)))", at: path)
}

/// All of a file as text.
private func readText(_ descriptor: Int32, name: String) throws -> String {
  let buffer = TextBuffer(capacity: 1 << 16)
  while true {
    let count = read(descriptor, buffer.reserve(1 << 16), 1 << 16)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw systemError("cannot read", name) }
    if count == 0 { break }
    buffer.commit(count)
  }
  guard let text = String(validating: buffer.bytes, as: UTF8.self) else {
    throw StoreError("the SQL is not valid UTF-8", at: name)
  }
  return text
}
