/// SQL as one reads it: its parts, for colours, and where its statements end.
///
/// Works on any text, also on one that is still being typed.
public struct SQLText: Sendable {
  public struct Part: Sendable, Equatable {
    public enum Kind: Sendable {
      /// A word with a meaning in the grammar.
      case keyword
      /// A word that an opening parenthesis follows.
      case call
      /// Any other word.
      case name
      case quotedName
      case string
      case number
      case parameter
      case symbol
      case comment
      /// A string, a quoted name or a comment that has not been ended.
      case unterminated
      /// Text that is no SQL.
      case invalid
    }

    public let kind: Kind
    /// Byte offsets in the text.
    public let range: Range<Int>
  }

  public let parts: [Part]
  /// Byte offsets behind the `;` of each statement that has one.
  public let statementEnds: [Int]
  /// Whether something other than white space and comments stands behind the last `;`.
  public let isUnfinished: Bool

  public init(_ sql: String) {
    let tokens = Lexer.tokens(of: sql)
    let bytes = Array(sql.utf8)
    var parts: [Part] = []
    var ends: [Int] = []
    var last = 0
    var isUnfinished = false
    for (index, token) in tokens.enumerated() {
      Self.addComments(bytes, last..<token.start, to: &parts)
      last = token.end
      if case .end = token.kind { break }
      let next = index + 1 < tokens.count ? tokens[index + 1].keyword : ""
      if case .invalid = token.kind {
        // The lexer has gone to the end of the text where it looked for a quote.
        let kind: Part.Kind = token.end == bytes.count ? .unterminated : .invalid
        parts.append(Part(kind: kind, range: token.start..<bytes.count))
        let isEnded = bytes.last { $0 > 0x20 } == UInt8(ascii: ";")
        isUnfinished = kind == .unterminated || !isEnded
        if !isUnfinished { ends.append(bytes.count) }
        break
      }
      parts.append(Part(kind: Self.kind(of: token, next: next), range: token.start..<token.end))
      isUnfinished = token.keyword != ";"
      if !isUnfinished { ends.append(token.end) }
    }
    self.parts = parts
    self.statementEnds = ends
    self.isUnfinished = isUnfinished
  }

  private static func kind(of token: Token, next: String) -> Part.Kind {
    switch token.kind {
    case .word:
      if keywords.contains(token.keyword) {
        // left(x, 2) is a function, and LEFT JOIN is none.
        return next == "(" && functionsLikeKeywords.contains(token.keyword) ? .call : .keyword
      }
      return next == "(" ? .call : .name
    case .quotedName: return .quotedName
    case .string: return .string
    case .number: return .number
    case .symbol: return .symbol
    case .parameter: return .parameter
    case .invalid, .end: return .invalid
    }
  }

  private static let keywords = Set(Database.keywords).union([
    "analyze", "all", "recursive", "lateral", "materialized", "replace", "exclude", "rename", "if",
    "escape", "unbounded", "preceding", "following", "current", "row", "grouping", "sets", "rollup",
    "cube", "tables",
  ])

  private static let functionsLikeKeywords: Set = [
    "left", "right", "range", "first", "last", "if", "replace",
  ]

  /// White space is no part; what else stands between two tokens is comments.
  private static func addComments(_ bytes: [UInt8], _ gap: Range<Int>, to parts: inout [Part]) {
    var at = gap.lowerBound
    while at < gap.upperBound {
      guard bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "/") else {
        at += 1
        continue
      }
      let start = at
      if bytes[at] == UInt8(ascii: "-") {
        while at < gap.upperBound && bytes[at] != 0x0A { at += 1 }
      } else {
        at = endOfBlock(bytes, from: at, to: gap.upperBound)
      }
      parts.append(Part(kind: .comment, range: start..<at))
    }
  }

  private static func endOfBlock(_ bytes: [UInt8], from start: Int, to end: Int) -> Int {
    var at = start
    var depth = 0
    while at + 1 < end {
      if bytes[at] == UInt8(ascii: "/") && bytes[at + 1] == UInt8(ascii: "*") {
        depth += 1
        at += 2
      } else if bytes[at] == UInt8(ascii: "*") && bytes[at + 1] == UInt8(ascii: "/") {
        depth -= 1
        at += 2
        if depth == 0 { return at }
      } else {
        at += 1
      }
    }
    return end
  }
}
