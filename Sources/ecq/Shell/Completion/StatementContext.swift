import Query

/// What the text before the cursor says of the word that is being typed.
struct StatementContext {
  enum Place: Equatable {
    /// At the beginning of a statement.
    case start
    /// Where a table is named.
    case table
    /// Behind `t.`, a table or an alias.
    case columnOf(String)
    case expression
    /// In a string that names a file.
    case file
    /// Behind `$`.
    case parameter
    /// In a comment or in another string.
    case nowhere
  }

  let place: Place
  /// The bytes of the beginning of the word.
  let prefixRange: Range<Int>
  let prefix: String
  /// Tables that the statement names, and their aliases, in lower case.
  let tables: [(name: String, alias: String?)]

  private static let tableWords: Set = [
    "from", "join", "describe", "desc", "summarize", "show", "table", "pivot", "unpivot",
  ]
  private static let fileWords: Set = ["from", "join", "to", "describe", "summarize"]
  private static let clauseWords: Set = [
    "select", "where", "on", "by", "having", "qualify", "using", "set", "when", "then", "values",
  ]

  init(_ text: String, at offset: Int) {
    let bytes = Array(text.utf8)
    let offset = min(offset, bytes.count)
    let head = SQLText(String(decoding: bytes[..<offset], as: UTF8.self))
    let start = head.statementEnds.last { $0 <= offset } ?? 0
    let parts = head.parts.filter { $0.range.lowerBound >= start }
    func word(_ part: SQLText.Part) -> String {
      String(decoding: bytes[part.range], as: UTF8.self)
    }
    let whole = SQLText(text).parts.filter { $0.range.lowerBound >= start }
    tables = Self.tables(whole, word)
    let last = parts.last
    let touches = last.map { $0.range.upperBound == offset } ?? false
    let words = parts.map { word($0).lowercased() }
    switch last?.kind {
    case .comment where touches && !bytes[..<offset].hasSuffix("*/"):
      (place, prefixRange, prefix) = (.nowhere, offset..<offset, "")
    case .unterminated:
      let from = (last?.range.lowerBound ?? offset) + 1
      prefixRange = min(from, offset)..<offset
      prefix = String(decoding: bytes[prefixRange], as: UTF8.self)
      let before = words.dropLast()
      let call = before.count >= 2 ? before[before.count - 2] : ""
      if last.map({ bytes[$0.range.lowerBound] }) == UInt8(ascii: "'"),
        Self.fileWords.contains(before.last ?? "") || call == "read_csv"
      {
        place = .file
      } else {
        place = .nowhere
      }
    case .keyword where touches, .name where touches, .call where touches, .parameter where touches,
      .invalid where touches:
      let isParameter = last?.kind == .parameter || word(parts[parts.count - 1]) == "$"
      let from = (last?.range.lowerBound ?? offset) + (isParameter ? 1 : 0)
      prefixRange = from..<offset
      prefix = String(decoding: bytes[prefixRange], as: UTF8.self)
      place = isParameter ? .parameter : Self.place(words.dropLast())
    case .string where touches, .number where touches, .quotedName where touches:
      (place, prefixRange, prefix) = (.nowhere, offset..<offset, "")
    default:
      (place, prefixRange, prefix) = (Self.place(words[...]), offset..<offset, "")
    }
  }

  /// What can stand behind the words.
  private static func place(_ words: ArraySlice<String>) -> Place {
    guard let last = words.last else { return .start }
    if last == ".", let table = words.dropLast().last { return .columnOf(unquoted(table)) }
    if tableWords.contains(last) { return .table }
    if last == "," {
      // A comma goes on with what the clause lists.
      var depth = 0
      for word in words.reversed() {
        if word == ")" { depth += 1 }
        if word == "(" { depth -= 1 }
        if depth < 0 { return .expression }
        if depth == 0 && word == "from" { return .table }
        if depth == 0 && clauseWords.contains(word) { return .expression }
      }
    }
    return .expression
  }

  /// Names behind FROM, JOIN and commas, with the alias that follows them.
  private static func tables(
    _ parts: [SQLText.Part], _ word: (SQLText.Part) -> String
  ) -> [(name: String, alias: String?)] {
    var tables: [(name: String, alias: String?)] = []
    for (index, part) in parts.enumerated() where index > 0 {
      guard part.kind == .name || part.kind == .quotedName || part.kind == .call else { continue }
      let before = word(parts[index - 1]).lowercased()
      guard tableWords.contains(before) || before == "," else { continue }
      var next = index + 1
      if next < parts.count, word(parts[next]).lowercased() == "as" { next += 1 }
      let alias = next < parts.count && parts[next].kind == .name ? word(parts[next]) : nil
      tables.append((unquoted(word(part)).lowercased(), alias?.lowercased()))
    }
    return tables
  }

  private static func unquoted(_ name: String) -> String {
    guard name.hasPrefix("\""), name.hasSuffix("\""), name.count >= 2 else { return name }
    return String(name.dropFirst().dropLast())
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && suffix(text.utf8CodeUnitCount).elementsEqual(
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
