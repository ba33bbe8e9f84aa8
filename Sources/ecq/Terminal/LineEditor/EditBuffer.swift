/// A text of one or more lines with a cursor, and what can be done to it.
struct EditBuffer {
  private(set) var characters: [Character] = []
  /// Characters before the cursor.
  private(set) var cursor = 0
  /// What was killed last, to be put in again.
  private var killed = ""
  /// Whether the last change was a kill, which the next one adds to.
  private var killsOn = false
  private var undoStates: [(characters: [Character], cursor: Int)] = []
  private static let undoStatesMax = 200

  var text: String { String(characters) }
  var isEmpty: Bool { characters.isEmpty }
  var isAtEnd: Bool { cursor == characters.count }

  /// Bytes of UTF-8 before the cursor.
  var cursorOffset: Int { String(characters[..<cursor]).utf8.count }

  init(_ text: String = "") { replace(with: text) }

  /// Another text, the cursor behind it.
  mutating func replace(with text: String) {
    remember()
    characters = Array(text)
    cursor = characters.count
  }

  mutating func insert(_ text: String) {
    remember()
    // Characters may combine with those before them.
    let before = String(characters[..<cursor]) + text
    let after = String(characters[cursor...])
    characters = Array(before + after)
    cursor = min(before.count, characters.count)
  }

  /// Puts `text` in place of the bytes `range`, the cursor behind it.
  mutating func replace(_ range: Range<Int>, with text: String) {
    remember()
    let bytes = Array(String(characters).utf8)
    let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self) + text
    let after = String(decoding: bytes[range.upperBound...], as: UTF8.self)
    characters = Array(before + after)
    cursor = min(before.count, characters.count)
  }

  // MARK: Moving

  mutating func moveLeft() {
    killsOn = false
    cursor = max(0, cursor - 1)
  }

  mutating func moveRight() {
    killsOn = false
    cursor = min(characters.count, cursor + 1)
  }

  mutating func moveWordLeft() {
    killsOn = false
    cursor = wordStart
  }

  mutating func moveWordRight() {
    killsOn = false
    cursor = wordEnd
  }

  mutating func moveToLineStart() {
    killsOn = false
    cursor = lineStart
  }

  mutating func moveToLineEnd() {
    killsOn = false
    cursor = lineEnd
  }

  mutating func moveToEnd() {
    killsOn = false
    cursor = characters.count
  }

  /// One line up, to the same place if it has one; false on the first line.
  mutating func moveUp() -> Bool {
    killsOn = false
    let start = lineStart
    guard start > 0 else { return false }
    let place = cursor - start
    cursor = start - 1
    cursor = min(lineStart + place, start - 1)
    return true
  }

  mutating func moveDown() -> Bool {
    killsOn = false
    let end = lineEnd
    guard end < characters.count else { return false }
    let place = cursor - lineStart
    cursor = end + 1
    cursor = min(end + 1 + place, lineEnd)
    return true
  }

  private var lineStart: Int {
    (characters[..<cursor].lastIndex { $0.isNewline }).map { $0 + 1 } ?? 0
  }

  private var lineEnd: Int {
    characters[cursor...].firstIndex { $0.isNewline } ?? characters.count
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private var wordStart: Int {
    var at = cursor
    while at > 0, !Self.isWordPart(characters[at - 1]) { at -= 1 }
    while at > 0, Self.isWordPart(characters[at - 1]) { at -= 1 }
    return at
  }

  private var wordEnd: Int {
    var at = cursor
    while at < characters.count, !Self.isWordPart(characters[at]) { at += 1 }
    while at < characters.count, Self.isWordPart(characters[at]) { at += 1 }
    return at
  }

  /// Where the white-space separated word before the cursor begins.
  private var blankStart: Int {
    var at = cursor
    while at > 0, characters[at - 1].isWhitespace { at -= 1 }
    while at > 0, !characters[at - 1].isWhitespace { at -= 1 }
    return at
  }

  // MARK: Deleting

  mutating func deleteBackward() { delete(max(0, cursor - 1)..<cursor) }

  mutating func deleteForward() { delete(cursor..<min(characters.count, cursor + 1)) }

  private mutating func delete(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    remember()
    characters.removeSubrange(range)
    cursor = range.lowerBound
  }

  /// To the end of the line, or the line's end itself.
  mutating func killToLineEnd() {
    let end = lineEnd
    kill(cursor..<(end == cursor ? min(end + 1, characters.count) : end))
  }

  mutating func killToLineStart() { kill(lineStart..<cursor) }
  mutating func killWordLeft() { kill(wordStart..<cursor) }
  mutating func killWordRight() { kill(cursor..<wordEnd) }
  mutating func killBlankWordLeft() { kill(blankStart..<cursor) }

  private mutating func kill(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let text = String(characters[range])
    let isContinued = killsOn
    let isBackward = range.upperBound == cursor
    delete(range)
    killed = !isContinued ? text : isBackward ? text + killed : killed + text
    killsOn = true
  }

  mutating func yank() { if !killed.isEmpty { insert(killed) } }

  // MARK: Changing

  /// Swaps the characters around the cursor, or the last two.
  mutating func transpose() {
    guard characters.count >= 2, cursor > 0 else { return }
    remember()
    if cursor == characters.count { cursor -= 1 }
    characters.swapAt(cursor - 1, cursor)
    cursor += 1
  }

  /// Changes the case of the word behind the cursor.
  mutating func changeWord(_ change: (String) -> String) {
    let end = wordEnd
    guard end > cursor else { return }
    remember()
    let changed = Array(change(String(characters[cursor..<end])))
    characters.replaceSubrange(cursor..<end, with: changed)
    cursor += changed.count
  }

  mutating func undo() {
    guard let state = undoStates.popLast() else { return }
    (characters, cursor) = state
    killsOn = false
  }

  /// Keeps the state before a change.
  private mutating func remember() {
    killsOn = false
    if undoStates.count >= Self.undoStatesMax { undoStates.removeFirst() }
    undoStates.append((characters, cursor))
  }
}
