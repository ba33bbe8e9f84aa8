/// The rows of a terminal that show a text while it is edited.
///
/// A row ends where the terminal's width does: the terminal itself never breaks one, so that it is
/// known at any time which row the cursor is in. Where there are more rows than the terminal has,
/// those around the cursor are shown.
struct EditorScreen {
  struct Row {
    fileprivate(set) var text = ""
    fileprivate(set) var width = 0
  }

  private(set) var rows: [Row] = []
  private(set) var cursorRow = 0
  private(set) var cursorColumn = 0
  private let columns: Int
  private let usesColor: Bool
  private var style = TextStyle.plain

  init(columns: Int, usesColor: Bool) {
    self.columns = max(2, columns)
    self.usesColor = usesColor
    rows = [Row()]
  }

  /// Adds the text with its prompts; the cursor stands before the character `cursor`.
  mutating func add(
    _ characters: [Character], cursor: Int, prompt: String, continuation: String,
    styles: [StyledRange]
  ) {
    put(prompt, .prompt)
    var offset = 0
    var styled = styles[...]
    for (index, character) in characters.enumerated() {
      if index == cursor { placeCursor() }
      while let first = styled.first, first.range.upperBound <= offset { styled.removeFirst() }
      let style = styled.first.flatMap { $0.range.contains(offset) ? $0.style : nil }
      if character.isNewline {
        endRow()
        put(continuation, .prompt)
      } else {
        put(character, style ?? .plain)
      }
      offset += character.utf8.count
    }
    if cursor >= characters.count { placeCursor() }
    endStyle()
  }

  /// Adds rows below, without the cursor.
  mutating func addBelow(_ pieces: [(text: String, style: TextStyle)]) {
    endRow()
    for piece in pieces { put(piece.text, piece.style) }
    endStyle()
  }

  /// The rows that fit into `height`, with the cursor's among them.
  mutating func limit(toHeight height: Int) {
    let height = max(1, height)
    guard rows.count > height else { return }
    let first = min(max(0, cursorRow - height / 2), rows.count - height)
    rows = Array(rows[first..<first + height])
    cursorRow -= first
  }

  private mutating func placeCursor() {
    if rows[rows.count - 1].width >= columns { endRow() }
    cursorRow = rows.count - 1
    cursorColumn = rows[cursorRow].width
  }

  private mutating func put(_ text: String, _ style: TextStyle) {
    for character in text { put(character, style) }
  }

  private mutating func put(_ character: Character, _ style: TextStyle) {
    let shown = Self.shown(character)
    let width = displayWidth(shown)
    if rows[rows.count - 1].width + width > columns { endRow() }
    switchTo(style)
    rows[rows.count - 1].text += shown
    rows[rows.count - 1].width += width
  }

  /// What a terminal would take as an order is shown as text.
  private static func shown(_ character: Character) -> String {
    if character == "\t" { return "  " }
    guard let scalar = character.unicodeScalars.first, scalar.value < 0x20 || scalar.value == 0x7f
    else { return String(character) }
    return "^" + String(UnicodeScalar(UInt8(scalar.value ^ 0x40)))
  }

  private mutating func switchTo(_ style: TextStyle) {
    guard usesColor, style != self.style else { return }
    endStyle()
    rows[rows.count - 1].text += style.sequence ?? ""
    self.style = style
  }

  private mutating func endStyle() {
    if usesColor, style.sequence != nil { rows[rows.count - 1].text += "\u{1b}[0m" }
    style = .plain
  }

  private mutating func endRow() {
    endStyle()
    rows.append(Row())
  }
}
