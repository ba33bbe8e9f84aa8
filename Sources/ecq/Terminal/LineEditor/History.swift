import ColStore
import Glibc

/// The texts that were entered before, oldest first, kept in a file that only its owner can read.
///
/// An entry is a line of the file, its own line ends written as `\n`. New ones are appended at once,
/// so that several shells add to one file.
final class History {
  private(set) var entries: [String] = []
  private let path: String?
  private static let entriesMax = 5_000

  /// A history without a file where `path` is nil.
  init(path: String?) {
    self.path = path
    guard let path, let lines = Self.lines(of: path) else { return }
    entries = lines.suffix(Self.entriesMax).map(Self.decoded)
    if lines.count > 2 * Self.entriesMax { rewrite(path) }
  }

  /// `$ECQ_HISTORY`, else `ecq/history` in the folder of what programs remember; nil: nowhere.
  static var usualPath: String? {
    if let path = environment("ECQ_HISTORY") { return path }
    if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return "\(folder)/ecq/history"
    }
    return environment("HOME").map { "\($0)/.local/state/ecq/history" }
  }

  /// Remembers a text, unless it repeats the last one or begins with a space.
  func add(_ text: String) {
    let isBlank = text.allSatisfy(\.isWhitespace)
    guard !isBlank, !text.hasPrefix(" "), text != entries.last else { return }
    entries.append(text)
    guard let path else { return }
    append(Self.encoded(text) + "\n", to: path)
  }

  /// The newest entry older than `index` that contains `part`.
  func older(than index: Int, containing part: String) -> Int? {
    entries[..<min(index, entries.count)].lastIndex { Self.contains($0, part) }
  }

  func newer(than index: Int, containing part: String) -> Int? {
    guard index + 1 < entries.count else { return nil }
    return entries[(index + 1)...].firstIndex { Self.contains($0, part) }
  }

  private static func contains(_ text: String, _ part: String) -> Bool {
    let (text, part) = (Array(text.lowercased().utf8), Array(part.lowercased().utf8))
    guard text.count >= part.count else { return false }
    return part.isEmpty
      || (0...text.count - part.count).contains { at in
        text[at] == part[0] && text[at..<at + part.count].elementsEqual(part)
      }
  }

  // MARK: The file

  static func encoded(_ text: String) -> String {
    var line = ""
    for character in text {
      switch character {
      case "\\": line += "\\\\"
      case "\n", "\r\n", "\r": line += "\\n"
      default: line.append(character)
      }
    }
    return line
  }

  static func decoded(_ line: String) -> String {
    var text = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        text.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }

  private static func lines(of path: String) -> [String]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let text = try? readText(descriptor, name: path)
    return text?.split(separator: "\n").map { String($0) }
  }

  /// What cannot be written is forgotten with the process: history is no reason to fail.
  private func append(_ text: String, to path: String) {
    makeFolders(of: path)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var text = text
    text.withUTF8 { try? writeFully(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  private func rewrite(_ path: String) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    var text = entries.map { Self.encoded($0) + "\n" }.joined()
    let isWritten: ()? = text.withUTF8 {
      try? writeFully(UnsafeRawBufferPointer($0), to: descriptor)
    }
    close(descriptor)
    if isWritten == nil || rename(temporary, path) != 0 { unlink(temporary) }
  }

  private func makeFolders(of path: String) {
    var folder = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false).dropLast() {
      folder += "\(part)/"
      mkdir(folder, 0o700)
    }
  }
}

/// A variable of the environment that is set and not empty.
func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}
