import ColStore
import Glibc
import Query

/// Statements and dot commands, one after another, from a person or from a script.
final class Shell {
  let engine: ShellEngine
  let output: ShellOutput
  let history: History
  var settings: ShellSettings
  private let keeper: ResultKeeper
  private let progress: ProgressBar
  private let isInteractive: Bool
  /// What `.quit` was told; nil: the shell goes on.
  var exitCode: Int32?
  /// The SQL that ran last, as it was entered.
  private(set) var lastSQL: String?
  /// Scripts that read each other end somewhere.
  private var scriptDepth = 0
  private static let scriptDepthMax = 16

  init(engine: ShellEngine, settings: ShellSettings, isInteractive: Bool) {
    self.engine = engine
    self.settings = settings
    self.isInteractive = isInteractive
    history = History(path: isInteractive ? History.usualPath : nil)
    output = ShellOutput(isInteractive: isInteractive)
    keeper = ResultKeeper(DiscardingSink())
    let terminal = Terminal(color: settings.color)
    let progress = ProgressBar("query", terminal: terminal, delay: 0.7)
    self.progress = progress
    output.onWrite = { progress.finish() }
    if terminal.isErrorTerminal {
      engine.change { options in
        options.onProgress = { rows, total in progress.update(rows, of: total, unit: "row") }
      }
    }
  }

  // MARK: People

  /// Reads from the terminal until the user leaves; returns the exit code.
  func interact(startupFile: String?) -> Int32 {
    Interruption.outliveInterrupts()
    greet()
    if let startupFile { attempt { try run(scriptAt: startupFile) } }
    let input = makeInput()
    while exitCode == nil {
      switch input.read(prompt: "ecq> ", continuation: "...> ") {
      case .end: exitCode = 0
      case .interrupted: continue
      case .text(let text): attempt { try evaluate(text) }
      }
    }
    return exitCode ?? 0
  }

  private func makeInput() -> any TextInput {
    if Terminal.isDumb { return PlainInput(delegate: self) }
    let terminal = Terminal(color: settings.color)
    return LineEditor(history: history, usesColor: terminal.usesColor, delegate: self)
  }

  private func greet() {
    var text = "ecq \(productVersion). Statements end with \";\"; .help lists what else there is.\n"
    for name in engine.tableNames {
      text += "\(name): \(tableSize(name))\n"
    }
    attempt { try output.write(text) }
  }

  /// `1,000 rows, 9 columns`.
  private func tableSize(_ name: String) -> String {
    let columns = engine.database.columns(of: name).count
    let rows = engine.database.rowCount(of: name) ?? 0
    return "\(counted(rows, "row")), \(counted(columns, "column"))"
  }

  /// Runs what may fail, and says so.
  private func attempt(_ work: () throws -> Void) {
    Interruption.forget()
    do { try work() } catch { show(error) }
  }

  private func show(_ error: any Error) {
    let report = FailureReport(error)
    if case .quiet(exitCode: 130) = report {
      // The terminal has written ^C, or there is a line of progress.
      return writeToStandardError("\r\u{1b}[Kinterrupted\n")
    }
    guard case .message(let lines, _) = report else { return }
    let text = lines.joined(separator: "\n")
    let isColored = Terminal(color: settings.color).usesErrorColor
    let headEnd = text.firstIndex { $0 == ":" || $0 == "\n" } ?? text.endIndex
    let head = text[..<headEnd]
    writeToStandardError(
      isColored ? "\u{1b}[1;31m\(head)\u{1b}[0m\(text[headEnd...])\n" : text + "\n")
  }

  /// Runs what a person has entered: words that one would say to any shell, too.
  private func evaluate(_ text: String) throws {
    var word = text.trimmed.lowercased()
    if word.hasSuffix(";") { word = String(word.dropLast()).trimmed }
    if ["exit", "quit", "help"].contains(word) { return try run(command: "." + word) }
    for input in StatementReader.inputs(of: text) where exitCode == nil {
      try run(input, path: nil)
    }
  }

  // MARK: Scripts

  /// Runs all lines of a file that is open, each statement as soon as it is complete.
  func run(script: LineReader, path: String?) throws {
    scriptDepth += 1
    defer { scriptDepth -= 1 }
    guard scriptDepth <= Self.scriptDepthMax else {
      throw CommandFailure("scripts read each other more than \(Self.scriptDepthMax) deep")
    }
    var reader = StatementReader()
    while exitCode == nil, let line = try script.next() {
      guard let input = reader.add(line) else { continue }
      try runScripted(input, path: path)
    }
    if exitCode == nil, let rest = reader.finish() { try runScripted(rest, path: path) }
  }

  private func runScripted(_ input: StatementReader.Input, path: String?) throws {
    do {
      try run(input, path: path)
    } catch  where !settings.stopsAtErrors {
      show(error)
    }
  }

  func run(scriptAt path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError("cannot read", path) }
    defer { close(descriptor) }
    try run(script: LineReader(descriptor, name: path), path: path)
  }

  // MARK: Inputs

  private func run(_ input: StatementReader.Input, path: String?) throws {
    switch input {
    case .command(let line): try run(command: line)
    case .sql(let text, let firstLine):
      if settings.echoes { try output.write(text) }
      try run(sql: text, path: path, firstLine: firstLine)
    }
  }

  func run(command line: String) throws {
    guard let call = DotCall(line) else { throw CommandFailure("a quote is not ended: \(line)") }
    guard let command = DotCommand.named(call.name) else {
      let names = DotCommand.all.flatMap(\.names)
      let near = nearestName(to: call.name, among: names)
      throw CommandFailure(
        "unknown command \".\(call.name)\"",
        hint: near.map { "did you mean \".\($0)\"?" } ?? ".help lists the commands")
    }
    if case .nothing = command.operand, command.operands.isEmpty, !call.rest.isEmpty {
      throw CommandFailure(".\(call.name) takes no argument")
    }
    try command.run(self, call)
  }

  /// Runs statements, and keeps the last one's result.
  func run(sql: String, path: String? = nil, firstLine: Int = 1) throws {
    lastSQL = sql
    Interruption.forget()
    progress.restart()
    keeper.hand(to: output.makeSink(settings))
    defer {
      progress.finish()
      output.endInput()
    }
    let session = QuerySession(database: engine.database, sink: keeper)
    do {
      try session.run(sql, path: path, firstLine: firstLine) { [self] seconds in
        progress.restart()
        let wasPaged = (try? output.finish()) ?? false
        keepResult()
        if wasPaged { tellOfPaged() }
        if settings.showsTime { writeToStandardError("time: \(fixed(seconds, 6)) s\n") }
        keeper.hand(to: output.makeSink(settings))
      }
    } catch {
      progress.finish()
      output.discard()
      // Who leaves the pager early has seen enough.
      if isInteractive, case OutputError.brokenPipe = error {
        if keeper.hasEnded {
          keepResult()
          tellOfPaged()
        }
        return
      }
      throw error
    }
  }

  /// What a pager has shown is gone from the screen.
  private func tellOfPaged() {
    guard case .rows(let result, _) = keeper.kept else { return }
    let columns = counted(result.columns.count, "column")
    writeToStandardError(
      "\(counted(result.rowCount, "row")), \(columns); .last shows them again\n")
  }

  private func keepResult() {
    switch keeper.kept {
    case .nothing: break
    case .rows(let result, _): engine.setLastResult(result)
    case .tooLarge(let schema): engine.setLastResult(ForgottenResult(schema: schema))
    }
  }

  /// Shows the last result again, all of it.
  func showLastResult() throws {
    switch keeper.kept {
    case .nothing: throw CommandFailure("there is no result yet")
    case .tooLarge: throw CommandFailure(ForgottenResult.message)
    case .rows(let result, let schema):
      try result.write(schema: schema, to: output.makeSink(settings, wholeResult: true))
      _ = try output.finish()
    }
  }

  /// Shows a small table of the shell's own making.
  func show(_ table: SmallTable) throws {
    try table.write(to: output.makeSink(settings))
    _ = try output.finish()
  }
}

/// Takes results that nobody wants.
private final class DiscardingSink: ResultSink {
  func begin(schema: [Field]) throws {}
  func consume(_ batch: Batch) throws {}
  func end() throws {}
}

extension Shell: LineEditorDelegate {
  func isComplete(_ text: String) -> Bool {
    let word = text.trimmed.lowercased()
    return ["exit", "quit", "help"].contains(word) || StatementReader.isComplete(text)
  }

  func styles(of text: String) -> [StyledRange] { highlighted(text) }

  func completion(of text: String, at offset: Int) -> Completion {
    Completer(ShellCatalog(self)).completion(of: text, at: offset)
  }
}
