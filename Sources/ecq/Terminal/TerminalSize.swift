import Glibc

/// The size of the terminal that standard output is, and word of when it changes.
enum TerminalSize {
  static var current: (columns: Int, rows: Int) { size(STDOUT_FILENO) ?? (80, 24) }

  /// The width of the terminal that standard error is.
  static var errorColumns: Int { size(STDERR_FILENO)?.columns ?? 80 }

  private static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return (Int(size.ws_col), max(2, Int(size.ws_row)))
  }

  /// Lets a change of the size end a read with EINTR.
  static func interruptReads() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGWINCH, &action, nil)
  }
}
