/// What was typed, whatever bytes the terminal sent for it.
enum Key: Equatable {
  case text(String)
  /// Text that was pasted: it is put in as it is, line ends too.
  case paste(String)
  /// Ctrl with a letter or one of `\]^_`.
  case control(Character)
  /// Alt with a character.
  case meta(Character)
  case enter
  /// Alt-Enter: a line end within the text.
  case metaEnter
  case tab
  case backTab
  case backspace
  case metaBackspace
  case delete
  case up
  case down
  case left
  case right
  case wordLeft
  case wordRight
  case home
  case end
  case escape
  /// A key without a meaning here.
  case other
}
