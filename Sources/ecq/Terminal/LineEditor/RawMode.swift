import Glibc

/// A terminal that hands over every key as it is typed.
struct RawMode {
  private let descriptor: Int32
  private let before: termios

  /// Pasted text comes between marks from now on.
  private static let start = "\u{1b}[?2004h"
  static let end: StaticString = "\u{1b}[?2004l"

  /// Nil where the file is no terminal.
  init?(_ descriptor: Int32) {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return nil }
    self.descriptor = descriptor
    before = settings
    settings.c_iflag &= ~tcflag_t(BRKINT | ICRNL | INPCK | ISTRIP | IXON)
    settings.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN | ISIG)
    settings.c_cflag |= tcflag_t(CS8)
    guard tcsetattr(descriptor, TCSADRAIN, &settings) == 0 else { return nil }
    Interruption.restoreTerminal(descriptor, to: before)
    write(Self.start)
  }

  /// Gives the terminal back as it was.
  func leave() {
    write("\(Self.end)")
    var settings = before
    tcsetattr(descriptor, TCSADRAIN, &settings)
    Interruption.leaveTerminal()
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { try? writeFully(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }
  }
}
