/// How a piece of the edited text looks.
enum TextStyle {
  case plain
  case prompt
  case keyword
  case call
  case quotedName
  case string
  case number
  case parameter
  case comment
  case mistake
  /// The chosen one of several.
  case chosen
  case faint

  /// The sequence that switches the look on; nil: as everything else.
  var sequence: String? {
    switch self {
    case .plain: nil
    case .prompt: "\u{1b}[1;32m"
    case .keyword: "\u{1b}[1;34m"
    case .call: "\u{1b}[36m"
    case .quotedName: "\u{1b}[35m"
    case .string: "\u{1b}[33m"
    case .number: "\u{1b}[35m"
    case .parameter: "\u{1b}[36m"
    case .comment, .faint: "\u{1b}[2m"
    case .mistake: "\u{1b}[31m"
    case .chosen: "\u{1b}[7m"
    }
  }
}

/// A piece of text, bytes of UTF-8, and its look.
struct StyledRange: Equatable {
  let range: Range<Int>
  let style: TextStyle
}
