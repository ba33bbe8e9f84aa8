import ColStore
import Glibc
import Query

/// Where the results of a shell go: to standard output, through a pager where they are long, or to a
/// file.
final class ShellOutput {
  private struct File {
    let path: String
    let descriptor: Int32
    let stream: OutputStream
    /// Whether only the next statements' results go here.
    let isForOnce: Bool
  }

  private let standard = DescriptorTarget(STDOUT_FILENO)
  private let isInteractive: Bool
  private var file: File?
  private var pager: Pager?
  private var stream: OutputStream
  /// The sink of a format that separates results, as long as nothing else is asked for.
  private var sink: (any ResultSink)?
  /// Told before something is written to a terminal.
  var onWrite: (() -> Void)?

  init(isInteractive: Bool) {
    self.isInteractive = isInteractive
    stream = OutputStream(standard)
  }

  deinit { closeFile() }

  var path: String? { file?.path }

  /// Sends results to a file; nil: to standard output again.
  func redirect(to path: String?, once: Bool = false) throws {
    closeFile()
    sink = nil
    guard let path else { return }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw systemError("cannot be written", path) }
    file = File(
      path: path, descriptor: descriptor, stream: OutputStream(descriptor: descriptor),
      isForOnce: once)
  }

  private func closeFile() {
    guard let file else { return }
    try? file.stream.flush()
    close(file.descriptor)
    self.file = nil
  }

  func terminal(_ settings: ShellSettings) -> Terminal {
    file == nil ? Terminal(color: settings.color) : Terminal(outputWidth: nil)
  }

  /// The settings have changed.
  func reset() { sink = nil }

  /// The sink of the next statements.
  func makeSink(_ settings: ShellSettings, wholeResult: Bool = false) -> any ResultSink {
    let terminal = terminal(settings)
    stream = file?.stream ?? standardStream(settings, terminal, always: wholeResult)
    stream.onWrite = terminal.isOutputTerminal ? onWrite : nil
    let format = settings.format ?? usualFormat(terminal)
    // What depends on the terminal is made anew; the others know how many results there were.
    if isInteractive && file == nil || wholeResult {
      var formatSettings = settings.formatSettings
      if wholeResult { formatSettings.rowsShownMax = .max }
      return format.makeSink(to: stream, terminal: terminal, settings: formatSettings)
    }
    if let sink { return sink }
    let made = format.makeSink(to: stream, terminal: terminal, settings: settings.formatSettings)
    sink = made
    return made
  }

  private func usualFormat(_ terminal: Terminal) -> OutputFormat {
    if let suffix = path?.split(separator: ".").last.map({ $0.lowercased() }) {
      let others = ["md": OutputFormat.markdown, "ndjson": .jsonl, "htm": .html, "txt": .table]
      if let format = OutputFormat(rawValue: suffix) ?? others[suffix] { return format }
    }
    return terminal.isOutputTerminal ? .table : .csv
  }

  /// - Parameter always: Whether the pager shows short results too.
  private func standardStream(
    _ settings: ShellSettings, _ terminal: Terminal, always: Bool = false
  ) -> OutputStream {
    guard isInteractive, terminal.isOutputTerminal, !Terminal.isDumb, settings.paging == .automatic,
      let command = settings.pager ?? Pager.usualCommand
    else { return OutputStream(standard) }
    let pager = Pager(command: command, height: always ? 0 : TerminalSize.current.rows)
    self.pager = pager
    return OutputStream(pager)
  }

  /// Text that is no result.
  func write(_ text: String) throws {
    stream = file?.stream ?? OutputStream(standard)
    stream.buffer.append(text)
    try stream.flush()
  }

  /// Text that may be long.
  func writePaged(_ text: String, _ settings: ShellSettings) throws {
    stream = file?.stream ?? standardStream(settings, terminal(settings))
    stream.buffer.append(text)
    _ = try finish()
  }

  /// The statement's result is complete: a pager shows it until it is left.
  ///
  /// - Returns: Whether nothing of the result is left on the screen.
  func finish() throws -> Bool {
    defer { pager = nil }
    // Who leaves the pager has seen enough.
    do { try stream.flush() } catch OutputError.brokenPipe where pager != nil {}
    return try pager?.finish() ?? false
  }

  /// All statements of an input have ended.
  func endInput() {
    if file?.isForOnce ?? false {
      closeFile()
      sink = nil
    }
  }

  /// Forgets what of a failed statement's result has not been written.
  func discard() {
    stream.discard()
    pager?.discard()
    _ = try? finish()
  }
}
