import Glibc

/// What the process writes to, and how.
struct Terminal {
  /// Whether standard output is a terminal: then results may be cut to what one can read.
  let isOutputTerminal: Bool
  /// Whether standard error is one: then there may be progress.
  let isErrorTerminal: Bool
  let usesColor: Bool
  let usesErrorColor: Bool
  /// Columns of the terminal.
  let width: Int

  init(color: ColorChoice) {
    isOutputTerminal = isatty(STDOUT_FILENO) == 1
    isErrorTerminal = isatty(STDERR_FILENO) == 1
    let isWelcome = !Terminal.hasVariable("NO_COLOR") && !Terminal.isDumb
    usesColor = color.isOn(isOutputTerminal && isWelcome)
    usesErrorColor = color.isOn(isErrorTerminal && isWelcome)
    width = Terminal.columns()
  }

  /// A terminal without colours for standard output, or none, whatever the process writes to.
  init(outputWidth: Int?) {
    isOutputTerminal = outputWidth != nil
    isErrorTerminal = false
    usesColor = false
    usesErrorColor = false
    width = outputWidth ?? 80
  }

  /// NO_COLOR counts where it is set and not empty (no-color.org).
  private static func hasVariable(_ name: String) -> Bool {
    getenv(name).map { $0[0] != 0 } ?? false
  }

  static var isDumb: Bool { getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false }

  private static func columns() -> Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
      return columns
    }
    return 80
  }
}

/// When to use colours.
enum ColorChoice: String, CaseIterable {
  case auto
  case always
  case never

  func isOn(_ automatic: Bool) -> Bool {
    switch self {
    case .auto: automatic
    case .always: true
    case .never: false
    }
  }
}
