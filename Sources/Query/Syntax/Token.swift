/// A lexical unit of SQL text and where it stands.
struct Token: Sendable {
  enum Kind: Sendable {
    /// A word without quotes: a keyword or a name.
    case word
    case quotedName
    case string
    case number
    /// Operators and punctuation: `text` holds the symbol.
    case symbol
    /// `$name`, `$1` or `?`; `text` holds the name without the dollar sign.
    case parameter
    /// Text that is no token; ``Lexer`` keeps the error until the parser gets there.
    case invalid(QueryError)
    /// The end of the text.
    case end
  }

  let kind: Kind
  /// The decoded text: quotes removed, escapes resolved, case kept.
  let text: String
  /// Words in lower case, symbols as they are; empty for everything else.
  let keyword: String
  /// Byte offsets of the token in the SQL text.
  let start: Int
  let end: Int
}
