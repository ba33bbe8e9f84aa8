import ColStore
import Glibc

/// Standard output, by way of a pager where there is more than fits on the screen.
final class Pager: OutputTarget {
  private let command: String
  private let height: Int
  private var held: [UInt8] = []
  private var lineCount = 0
  /// The end of the pipe to the running pager.
  private var pipeEnd: Int32 = -1
  private var process: pid_t = 0

  init(command: String, height: Int) {
    self.command = command
    self.height = height
  }

  /// `$ECQ_PAGER`, else `$PAGER`, else `less`; nil where that is not installed, or `cat`.
  static var usualCommand: String? {
    let command = environment("ECQ_PAGER") ?? environment("PAGER") ?? "less -RS"
    let program = command.split(separator: " ").first.map { String($0) } ?? ""
    return command == "cat" || !isInstalled(program) ? nil : command
  }

  private static func isInstalled(_ program: String) -> Bool {
    if program.contains("/") { return access(program, X_OK) == 0 }
    let folders = environment("PATH")?.split(separator: ":") ?? []
    return folders.contains { access("\($0)/\(program)", X_OK) == 0 }
  }

  /// A line is left for the next prompt.
  var pageHeight: Int? { height - 1 }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    if process == 0 {
      held += bytes
      lineCount += bytes.count { $0 == 0x0a }
      guard lineCount > height - 1 else { return }
      guard start() else { return try writeHeld(to: STDOUT_FILENO) }
      return try writeHeld(to: pipeEnd)
    }
    try writeFully(bytes, to: pipeEnd < 0 ? STDOUT_FILENO : pipeEnd)
  }

  private func writeHeld(to descriptor: Int32) throws {
    let bytes = held
    held = []
    try bytes.withUnsafeBytes { try writeFully($0, to: descriptor) }
  }

  /// Writes what was short enough, or waits for the pager to be left; true where there was one.
  func finish() throws -> Bool {
    if process == 0 {
      try writeHeld(to: STDOUT_FILENO)
      return false
    }
    if pipeEnd >= 0 { close(pipeEnd) }
    var status: Int32 = 0
    while process > 0, waitpid(process, &status, 0) < 0, errno == EINTR {}
    (process, pipeEnd, lineCount) = (0, -1, 0)
    return true
  }

  /// Forgets what has not been shown.
  func discard() { held = [] }

  /// Starts the pager; false where that cannot be.
  private func start() -> Bool {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    process = ChildProcess.start(command, standardInput: ends[0], adding: ["LESS": "RS"]) ?? 0
    close(ends[0])
    guard process > 0 else {
      close(ends[1])
      return false
    }
    pipeEnd = ends[1]
    return true
  }
}
