import Glibc

/// What a line editor is told about the text that it edits.
protocol LineEditorDelegate: AnyObject {
  /// Whether Enter ends the text, or adds a line to it.
  func isComplete(_ text: String) -> Bool
  func styles(of text: String) -> [StyledRange]
  /// What could stand behind the first `offset` bytes.
  func completion(of text: String, at offset: Int) -> Completion
}

/// Where a shell gets its texts from.
protocol TextInput: AnyObject {
  /// Reads one text that is complete.
  func read(prompt: String, continuation: String) -> LineEditor.Input
}

/// Reads texts of one or more lines from a terminal, with history, completion and colours.
///
/// The text is drawn anew after each key, from the row in which its prompt stands. Lines are bound to
/// Emacs keys, as in other shells; Ctrl-R searches the history.
final class LineEditor: TextInput {
  enum Input: Equatable {
    case text(String)
    /// Ctrl-C: the text is dropped.
    case interrupted
    /// Ctrl-D on an empty text, or the terminal has gone.
    case end
  }

  private enum Step {
    case goOn
    case done(Input)
  }

  private let history: History
  private let usesColor: Bool
  private weak var delegate: (any LineEditorDelegate)?
  private var decoder = KeyDecoder()
  /// Keys that came behind the end of a text.
  private var keysAhead: [Key] = []

  private var prompt = ""
  private var continuation = ""
  private var buffer = EditBuffer()
  /// The entry of the history that is shown; its count: the new text.
  private var place = 0
  /// The new text, while an older one is shown.
  private var draft = ""
  private var menu: CompletionMenu?
  /// The bytes of the text that the menu's choice takes.
  private var menuRange: Range<Int>?
  private var search: HistorySearch?
  private var drawn: EditorScreen?

  init(history: History, usesColor: Bool, delegate: any LineEditorDelegate) {
    self.history = history
    self.usesColor = usesColor
    self.delegate = delegate
    TerminalSize.interruptReads()
  }

  func read(prompt: String, continuation: String) -> Input {
    guard var mode = RawMode(STDIN_FILENO) else { return .end }
    defer { mode.leave() }
    self.prompt = prompt
    self.continuation = continuation
    buffer = EditBuffer()
    place = history.entries.count
    draft = ""
    (menu, search, drawn) = (nil, nil, nil)
    draw()
    while true {
      guard let key = nextKey() else { return .end }
      if key == .control("z") {
        suspend(&mode)
        continue
      }
      let step = search == nil ? handle(key) : handleSearch(key)
      if case .done(let input) = step {
        finish(input)
        return input
      }
      if keysAhead.isEmpty { draw() }
    }
  }

  // MARK: Keys

  /// The next key; nil where there will be none.
  private func nextKey() -> Key? {
    while keysAhead.isEmpty {
      if decoder.isWaiting, !isReadable(milliseconds: 40) {
        keysAhead = decoder.flush()
        continue
      }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
      if count < 0 && errno == EINTR {
        draw()
        continue
      }
      guard count > 0 else { return nil }
      keysAhead = decoder.decode(bytes[..<count])
    }
    return keysAhead.removeFirst()
  }

  private func isReadable(milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, milliseconds) > 0
  }

  private func handle(_ key: Key) -> Step {
    if key != .tab && key != .backTab { menu = nil }
    switch key {
    case .text(let text), .paste(let text): buffer.insert(text)
    case .enter: return enter()
    case .metaEnter: buffer.insert("\n")
    case .tab: complete(next: true)
    case .backTab: complete(next: false)
    case .backspace: buffer.deleteBackward()
    case .metaBackspace: buffer.killWordLeft()
    case .delete: buffer.deleteForward()
    case .up: if !buffer.moveUp() { showOlder() }
    case .down: if !buffer.moveDown() { showNewer() }
    case .left: buffer.moveLeft()
    case .right: buffer.moveRight()
    case .wordLeft: buffer.moveWordLeft()
    case .wordRight: buffer.moveWordRight()
    case .home: buffer.moveToLineStart()
    case .end: buffer.moveToLineEnd()
    case .control(let letter): return handleControl(letter)
    case .meta(let letter): handleMeta(letter)
    case .escape, .other: break
    }
    return .goOn
  }

  private func handleControl(_ letter: Character) -> Step {
    switch letter {
    case "a": buffer.moveToLineStart()
    case "b": buffer.moveLeft()
    case "c": return .done(.interrupted)
    case "d":
      if buffer.isEmpty { return .done(.end) }
      buffer.deleteForward()
    case "e": buffer.moveToLineEnd()
    case "f": buffer.moveRight()
    case "k": buffer.killToLineEnd()
    case "l":
      put("\u{1b}[H\u{1b}[2J")
      drawn = nil
    case "n": showNewer()
    case "p": showOlder()
    case "r": search = HistorySearch(from: buffer.text, at: history.entries.count)
    case "t": buffer.transpose()
    case "u": buffer.killToLineStart()
    case "w": buffer.killBlankWordLeft()
    case "y": buffer.yank()
    case "_": buffer.undo()
    default: break
    }
    return .goOn
  }

  private func handleMeta(_ letter: Character) {
    switch letter {
    case "b": buffer.moveWordLeft()
    case "f": buffer.moveWordRight()
    case "d": buffer.killWordRight()
    case "u": buffer.changeWord { $0.uppercased() }
    case "l": buffer.changeWord { $0.lowercased() }
    case "c": buffer.changeWord { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
    default: break
    }
  }

  private func enter() -> Step {
    let text = buffer.text
    guard delegate?.isComplete(text) ?? true else {
      if buffer.isAtEnd || !text[...].contains("\n") { buffer.moveToEnd() }
      buffer.insert("\n")
      return .goOn
    }
    buffer.moveToEnd()
    return .done(.text(text))
  }

  // MARK: History

  private func showOlder() {
    guard place > 0 else { return }
    if place == history.entries.count { draft = buffer.text }
    place -= 1
    buffer.replace(with: history.entries[place])
  }

  private func showNewer() {
    guard place < history.entries.count else { return }
    place += 1
    buffer.replace(with: place == history.entries.count ? draft : history.entries[place])
  }

  private func handleSearch(_ key: Key) -> Step {
    guard var search else { return .goOn }
    switch key {
    case .text(let text), .paste(let text): search.narrow(history, text)
    case .backspace: search.widen(history)
    case .control("r"), .up: search.goOn(history, older: true)
    case .control("s"), .down: search.goOn(history, older: false)
    case .control("g"), .control("c"):
      buffer.replace(with: search.original)
      self.search = nil
      return .goOn
    default:
      // Any other key takes what was found, and does what it does.
      self.search = nil
      if let found = search.found { place = found }
      return handle(key)
    }
    if let found = search.found { buffer.replace(with: history.entries[found]) }
    self.search = search
    return .goOn
  }

  // MARK: Completion

  private func complete(next isForward: Bool) {
    if var menu, let range = menuRange {
      let candidate = menu.choose(next: isForward)
      buffer.replace(range, with: candidate.text)
      menuRange = range.lowerBound..<range.lowerBound + candidate.text.utf8.count
      self.menu = menu
      return
    }
    guard let completion = delegate?.completion(of: buffer.text, at: buffer.cursorOffset),
      let first = completion.candidates.first
    else { return }
    if completion.candidates.count == 1 {
      buffer.replace(completion.range, with: first.text)
      return
    }
    let typed = completion.range.count
    let prefix = completion.commonPrefix
    if prefix.utf8.count >= typed { buffer.replace(completion.range, with: prefix) }
    let end = completion.range.lowerBound + max(typed, prefix.utf8.count)
    menuRange = completion.range.lowerBound..<end
    menu = CompletionMenu(completion)
  }

  // MARK: Drawing

  private func draw() {
    let size = TerminalSize.current
    let text = buffer.text
    let styles = usesColor ? delegate?.styles(of: text) ?? [] : []
    var screen = EditorScreen(columns: size.columns, usesColor: usesColor)
    screen.add(
      buffer.characters, cursor: buffer.cursor, prompt: search?.prompt ?? prompt,
      continuation: continuation, styles: styles)
    if let menu {
      let room = size.rows - min(screen.rows.count, size.rows - 3)
      for row in menu.rows(columns: size.columns, rowsMax: room) { screen.addBelow(row) }
    }
    screen.limit(toHeight: size.rows)
    var output = eraser(columns: size.columns)
    output += screen.rows.map(\.text).joined(separator: "\r\n")
    let below = screen.rows.count - 1 - screen.cursorRow
    if below > 0 { output += "\u{1b}[\(below)A" }
    output += "\r"
    if screen.cursorColumn > 0 { output += "\u{1b}[\(screen.cursorColumn)C" }
    put(output)
    drawn = screen
  }

  /// Goes to the first row that was drawn, and clears it and all below.
  private func eraser(columns: Int) -> String {
    guard let drawn else { return "\r\u{1b}[J" }
    // A terminal that became narrower has broken the rows above.
    var up = drawn.cursorColumn / columns
    for row in drawn.rows[..<drawn.cursorRow] { up += max(1, (row.width + columns - 1) / columns) }
    return (up > 0 ? "\u{1b}[\(up)A" : "") + "\r\u{1b}[J"
  }

  /// Leaves the text as it is on the screen, and the cursor below it.
  private func finish(_ input: Input) {
    (menu, search) = (nil, nil)
    if input == .interrupted {
      buffer.moveToEnd()
      draw()
      put("^C\r\n")
    } else {
      draw()
      put("\r\n")
    }
    if case .text(let text) = input { history.add(text) }
  }

  /// Ctrl-Z: the process stops, and goes on where it was.
  private func suspend(_ mode: inout RawMode) {
    put("\r\n")
    mode.leave()
    kill(0, SIGTSTP)
    if let again = RawMode(STDIN_FILENO) { mode = again }
    drawn = nil
    draw()
  }

  private func put(_ text: String) {
    var text = text
    text.withUTF8 { try? writeFully(UnsafeRawBufferPointer($0), to: STDOUT_FILENO) }
  }
}
