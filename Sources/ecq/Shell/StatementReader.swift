import Query

/// Puts lines together to what can be run: dot commands, a line each, and SQL up to a `;`.
struct StatementReader {
  enum Input: Equatable {
    case command(String)
    /// One or more statements, and the line that they begin in.
    case sql(String, firstLine: Int)
  }

  private var text = ""
  private var firstLine = 0
  private var lineNumber = 0
  /// Longer texts are looked at again only where a line has a `;`.
  private static let alwaysReadBytes = 1 << 16

  /// Whether a statement has begun and not ended.
  private(set) var isPending = false

  /// What the line completes, if anything.
  mutating func add(_ line: String) -> Input? {
    lineNumber += 1
    if !isPending {
      if Self.isCommand(line) { return .command(line) }
      text = ""
      firstLine = lineNumber
    }
    text += line + "\n"
    guard text.utf8.count < Self.alwaysReadBytes || line.utf8.contains(UInt8(ascii: ";")) else {
      return nil
    }
    let sql = SQLText(text)
    isPending = sql.isUnfinished
    guard !isPending, !sql.statementEnds.isEmpty else { return nil }
    return .sql(text, firstLine: firstLine)
  }

  /// What is left at the end, without its `;`.
  mutating func finish() -> Input? {
    guard isPending else { return nil }
    isPending = false
    return .sql(text, firstLine: firstLine)
  }

  /// Everything that a text of several lines holds.
  static func inputs(of text: String) -> [Input] {
    var reader = StatementReader()
    var inputs = lines(of: text).compactMap { reader.add($0) }
    if let last = reader.finish() { inputs.append(last) }
    return inputs
  }

  /// Whether nothing of the text waits for more lines.
  static func isComplete(_ text: String) -> Bool {
    var reader = StatementReader()
    for line in lines(of: text) { _ = reader.add(line) }
    return !reader.isPending
  }

  private static func lines(of text: String) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { String($0) }
  }

  /// Lines that begin with a dot and a letter, or a backslash.
  static func isCommand(_ line: String) -> Bool {
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    if trimmed.hasPrefix("\\") { return true }
    guard trimmed.hasPrefix("."), let letter = trimmed.dropFirst().first else { return false }
    return letter.isLetter || letter == "?"
  }
}
