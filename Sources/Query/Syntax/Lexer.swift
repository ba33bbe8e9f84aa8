/// Cuts SQL text into tokens.
///
/// Words, `"quoted names"`, `'strings'` (`''` stands for a quote), `E'escapes'`, `$$dollar quoted$$`
/// strings, numbers (`1_000`, `.5`, `1e3`), parameters, symbols; `--` and nested `/* */` comments
/// and white space separate. Text that is no token becomes one `invalid` token, so that statements
/// before it still run.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  private var tokens: [Token] = []

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func tokens(of sql: String) -> [Token] {
    var lexer = Lexer(Array(sql.utf8))
    do throws(QueryError) {
      while try lexer.next() {}
    } catch {
      lexer.append(.invalid(error), text: "", from: error.position ?? lexer.position)
    }
    return lexer.tokens
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    let index = position + offset
    return index < bytes.count ? bytes[index] : 0
  }

  private func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func append(
    _ kind: Token.Kind, text: String, keyword: String = "", from start: Int
  ) {
    tokens.append(
      Token(kind: kind, text: text, keyword: keyword, start: start, end: position))
  }

  /// Appends the next token; false at the end of the text.
  private mutating func next() throws(QueryError) -> Bool {
    try skipSpace()
    let start = position
    guard position < bytes.count else {
      append(.end, text: "", from: start)
      return false
    }
    let first = byte()
    switch first {
    case UInt8(ascii: "'"):
      append(.string, text: try quoted(UInt8(ascii: "'"), what: "string"), from: start)
    case UInt8(ascii: "\""):
      let name = try quoted(UInt8(ascii: "\""), what: "quoted name")
      guard !name.isEmpty else {
        throw QueryError(.syntax, "a quoted name cannot be empty", at: start)
      }
      append(.quotedName, text: name, from: start)
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      if byte(1) == UInt8(ascii: "'") {
        position += 1
        append(.string, text: try escaped(), from: start)
      } else {
        word()
      }
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "b"), UInt8(ascii: "B"):
      if byte(1) == UInt8(ascii: "'") {
        throw QueryError(.unsupported, "BLOB and BIT literals are not supported", at: start)
      }
      word()
    case UInt8(ascii: "$"): try dollar()
    case UInt8(ascii: "?"):
      position += 1
      append(.parameter, text: "?", from: start)
    case UInt8(ascii: "."):
      if Self.isDigit(byte(1)) { try number() } else { symbol(length: 1) }
    case UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    case _ where Self.isWordStart(first): word()
    default: try symbol()
    }
    return true
  }

  private mutating func skipSpace() throws(QueryError) {
    while position < bytes.count {
      let current = byte()
      if current == 0x20 || (current >= 0x09 && current <= 0x0D) {
        position += 1
      } else if current == 0xC2 && byte(1) == 0xA0 {
        position += 2
      } else if current == UInt8(ascii: "-") && byte(1) == UInt8(ascii: "-") {
        while position < bytes.count && byte() != 0x0A { position += 1 }
      } else if current == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*") {
        let start = position
        var depth = 0
        repeat {
          if position >= bytes.count {
            throw QueryError(.syntax, "this comment does not end", at: start)
          }
          if byte() == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*") {
            depth += 1
            position += 2
          } else if byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/") {
            depth -= 1
            position += 2
          } else {
            position += 1
          }
        } while depth > 0
      } else {
        return
      }
    }
  }

  private mutating func word() {
    let start = position
    while position < bytes.count && Self.isWordPart(byte()) { position += 1 }
    let text = text(from: start, to: position)
    append(.word, text: text, keyword: text.lowercased(), from: start)
  }

  /// Text between two `quote` bytes, where a doubled one stands for itself.
  private mutating func quoted(_ quote: UInt8, what: String) throws(QueryError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while true {
      guard position < bytes.count else {
        throw QueryError(.syntax, "this \(what) does not end", at: start)
      }
      let current = byte()
      position += 1
      if current == quote {
        guard byte() == quote, position < bytes.count else { break }
        position += 1
      }
      content.append(current)
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// The content of `E'…'`, the position at its quote.
  private mutating func escaped() throws(QueryError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while true {
      guard position < bytes.count else {
        throw QueryError(.syntax, "this string does not end", at: start)
      }
      let current = byte()
      position += 1
      if current == UInt8(ascii: "'") {
        guard byte() == UInt8(ascii: "'"), position < bytes.count else { break }
        position += 1
        content.append(current)
      } else if current == UInt8(ascii: "\\"), position < bytes.count {
        let escape = byte()
        position += 1
        switch escape {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): content.append(escape)
        case UInt8(ascii: "x"): content.append(escapedByte(radix: 16, digits: 2) ?? escape)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
          position -= 1
          content.append(escapedByte(radix: 8, digits: 3) ?? escape)
        default: content.append(escape)
        }
      } else {
        content.append(current)
      }
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw QueryError(.syntax, "the bytes of this string are no UTF-8", at: start)
    }
    return text
  }

  /// The byte that the next digits mean, at most so many; nil where there is none.
  private mutating func escapedByte(radix: UInt8, digits: Int) -> UInt8? {
    let start = position
    var value: UInt8 = 0
    while position < start + digits,
      let digit = Character(Unicode.Scalar(byte())).hexDigitValue, digit < radix
    {
      value = value &* radix &+ UInt8(digit)
      position += 1
    }
    return position > start ? value : nil
  }

  /// `$$text$$`, `$tag$text$tag$` or a parameter `$name`.
  private mutating func dollar() throws(QueryError) {
    let start = position
    var end = position + 1
    while end < bytes.count && Self.isWordPart(bytes[end]) && bytes[end] != UInt8(ascii: "$") {
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "$"),
      end == start + 1 || !Self.isDigit(bytes[start + 1])
    else {
      guard end > start + 1 else {
        throw QueryError(.syntax, "a parameter's name must follow the dollar sign", at: start)
      }
      position = end
      append(.parameter, text: text(from: start + 1, to: end), from: start)
      return
    }
    let tag = bytes[start...end]
    let contentStart = end + 1
    var cursor = contentStart
    while cursor + tag.count <= bytes.count {
      if bytes[cursor] == UInt8(ascii: "$"), bytes[cursor..<cursor + tag.count].elementsEqual(tag) {
        position = cursor + tag.count
        append(.string, text: text(from: contentStart, to: cursor), from: start)
        return
      }
      cursor += 1
    }
    position = bytes.count
    throw QueryError(.syntax, "this dollar-quoted string does not end", at: start)
  }

  /// Digits with single underscores between them, a fraction, an exponent.
  private mutating func number() throws(QueryError) {
    let start = position
    digits()
    if byte() == UInt8(ascii: "."), byte(1) != UInt8(ascii: ".") {
      position += 1
      digits()
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let sign = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+") ? 1 : 0
      if Self.isDigit(byte(1 + sign)) {
        position += 1 + sign
        digits()
      } else if !Self.isWordPart(byte(1)) {
        throw QueryError(.syntax, "an exponent without digits", at: start)
      }
    }
    let content = bytes[start..<position].filter { $0 != UInt8(ascii: "_") }
    append(.number, text: String(decoding: content, as: UTF8.self), from: start)
  }

  private mutating func digits() {
    while Self.isDigit(byte()) || (byte() == UInt8(ascii: "_") && Self.isDigit(byte(1))) {
      position += 1
    }
  }

  private static let longSymbols: [[UInt8]] = [
    "!~~*", "!~~", "!~*", "~~~", "~~*", "<=>", "^@", "->>", "::", ":=", "<=", ">=", "<>", "!=",
    "==",
    "||", "**", "//", "<<", ">>", "->", "=>", "~~", "~*", "!~", "@>", "<@", "&&", "..",
  ].map { Array($0.utf8) }

  private mutating func symbol() throws(QueryError) {
    for symbol in Self.longSymbols where bytes[position...].starts(with: symbol) {
      self.symbol(length: symbol.count)
      return
    }
    guard "+-*/%^()[]{},;.:<>=~!&|@#".utf8.contains(byte()) else {
      let scalar = text(from: position, to: min(position + 4, bytes.count)).unicodeScalars.first
      throw QueryError(
        .syntax, "unexpected character \(scalar.map { "\"\($0)\"" } ?? "")", at: position)
    }
    symbol(length: 1)
  }

  private mutating func symbol(length: Int) {
    let start = position
    position += length
    let text = text(from: start, to: position)
    append(.symbol, text: text, keyword: text, from: start)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func isWordStart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A)
  }

  private static func isWordPart(_ byte: UInt8) -> Bool {
    isWordStart(byte) || isDigit(byte) || byte == UInt8(ascii: "$")
  }
}
