import Glibc

/// Reads texts of one or more lines from a terminal that cannot move its cursor.
final class PlainInput: TextInput {
  private let reader = LineReader(STDIN_FILENO, name: "standard input")
  private weak var delegate: (any LineEditorDelegate)?

  init(delegate: any LineEditorDelegate) { self.delegate = delegate }

  func read(prompt: String, continuation: String) -> LineEditor.Input {
    var text = ""
    while true {
      var shown = text.isEmpty ? prompt : continuation
      shown.withUTF8 { try? writeFully(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }
      guard let line = try? reader.next() else { return .end }
      text += (text.isEmpty ? "" : "\n") + line
      if delegate?.isComplete(text) ?? true { return .text(text) }
    }
  }
}
