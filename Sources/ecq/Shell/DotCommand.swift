/// A command to the shell itself: `.mode json`.
struct DotCommand: Sendable {
  /// What can be typed behind the name, for completion.
  enum Operand: Sendable {
    case nothing
    case choice([String])
    case file
    case folder
    case table
    case command
    case statement
  }

  /// The first one is the usual one.
  let names: [String]
  /// As it is shown behind the name: `[FORMAT]`.
  let operands: String
  let summary: String
  let operand: Operand
  let run: @Sendable (Shell, DotCall) throws -> Void

  init(
    _ name: String, alias: String? = nil, operands: String = "",
    completing operand: Operand = .nothing,
    _ summary: String, run: @escaping @Sendable (Shell, DotCall) throws -> Void
  ) {
    names = [name] + (alias.map { [$0] } ?? [])
    self.operands = operands
    self.summary = summary
    self.operand = operand
    self.run = run
  }

  /// All commands, in the order in which `.help` lists them.
  static let all: [DotCommand] =
    tableCommands + resultCommands + scriptCommands + engineCommands + sessionCommands

  static func named(_ name: String) -> DotCommand? { all.first { $0.names.contains(name) } }

  /// What psql calls some of them.
  static let aliases = [
    "?": "help", "!": "shell", "cd": "cd", "conninfo": "show", "d": "describe", "dt": "tables",
    "e": "edit", "echo": "print", "h": "help", "i": "read", "l": "tables", "o": "output",
    "pset": "mode", "q": "quit", "s": "history", "timing": "timer", "x": "expanded",
  ]
}

/// A dot command as it was typed.
struct DotCall {
  let name: String
  let arguments: [String]
  /// All that stands behind the name, as it was typed.
  let rest: String

  /// Nil where the line is no command, or a quote is not ended.
  init?(_ line: String) {
    var text = line[...]
    text = text.drop { $0.isWhitespace }
    guard let mark = text.popFirst(), mark == "." || mark == "\\" else { return nil }
    let isWord = { (character: Character) in
      character.isLetter || character.isNumber || character == "_"
    }
    var typed = String(text.prefix(while: isWord))
    if typed.isEmpty { typed = String(text.prefix(1)) }
    name = mark == "\\" ? DotCommand.aliases[typed] ?? typed : typed.lowercased()
    var rest = String(text.dropFirst(typed.count)).trimmed
    // Who types SQL all day types it here too.
    while rest.hasSuffix(";") { rest = String(rest.dropLast()).trimmed }
    self.rest = rest
    guard let arguments = Self.words(of: rest) else { return nil }
    self.arguments = arguments
  }

  /// Words between white space; `'…'` and `"…"` hold it, and are taken away.
  static func words(of text: String) -> [String]? {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil else { return nil }
    if let word { words.append(word) }
    return words
  }

  // MARK: Reading arguments

  /// The one argument; nil where there is none.
  func single() throws -> String? {
    guard arguments.count <= 1 else {
      throw CommandFailure(".\(name) takes one argument, not \(arguments.count)")
    }
    return arguments.first
  }

  func required(_ what: String) throws -> String {
    guard let argument = try single() else { throw CommandFailure(".\(name) needs \(what)") }
    return argument
  }

  /// `on` or `off`; nil where nothing is said.
  func isOn() throws -> Bool? {
    guard let text = try single() else { return nil }
    switch text.lowercased() {
    case "on", "true", "yes", "1": return true
    case "off", "false", "no", "0": return false
    default: throw CommandFailure(".\(name) is on or off, not \"\(text)\"")
    }
  }
}

/// A dot command that cannot be done.
struct CommandFailure: Error {
  let message: String
  let hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    var text = self[...]
    text = text.drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
