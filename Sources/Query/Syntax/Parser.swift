import ColStore

/// A recursive-descent parser over the tokens of SQL text; expressions by precedence climbing.
///
/// Nesting is counted, so that hostile text is refused before it can exhaust the stack.
struct Parser {
  /// Parentheses, subqueries and prefix operators within each other.
  static let nestingMax = 150
  /// Levels of one expression tree, which long chains of one operator make high too.
  static let heightMax = 500

  let tokens: [Token]
  var index = 0
  var nesting = 0

  init(_ sql: String) {
    tokens = Lexer.tokens(of: sql)
  }

  // MARK: Looking

  var token: Token { tokens[index] }

  func token(ahead offset: Int) -> Token {
    tokens[min(index + offset, tokens.count - 1)]
  }

  var isAtEnd: Bool {
    if case .end = token.kind { return true }
    return false
  }

  /// Whether the next token is the unquoted word or symbol.
  func at(_ keyword: String) -> Bool { token.keyword == keyword }

  func at(_ first: String, _ second: String) -> Bool {
    token.keyword == first && token(ahead: 1).keyword == second
  }

  // MARK: Taking

  @discardableResult
  mutating func advance() -> Token {
    let taken = token
    if index < tokens.count - 1 { index += 1 }
    return taken
  }

  /// Takes the word or symbol if it is next.
  mutating func take(_ keyword: String) -> Bool {
    guard at(keyword) else { return false }
    advance()
    return true
  }

  mutating func take(_ first: String, _ second: String) -> Bool {
    guard at(first, second) else { return false }
    advance()
    advance()
    return true
  }

  mutating func expect(_ keyword: String, after context: String = "") throws(QueryError) {
    guard take(keyword) else {
      throw unexpected(
        "expected \(Self.shown(keyword))\(context.isEmpty ? "" : " \(context)")",
        candidates: [keyword])
    }
  }

  static func shown(_ keyword: String) -> String {
    (keyword.utf8.first.map { $0 >= 0x61 && $0 <= 0x7A } ?? false)
      ? keyword.uppercased() : "\"\(keyword)\""
  }

  /// A syntax error at the next token.
  func unexpected(
    _ wanted: String, candidates: [String] = Keyword.clauses, wantsName: Bool = false
  ) -> QueryError {
    switch token.kind {
    case .invalid(let error): return error
    case .end:
      return QueryError(.syntax, "\(wanted), but the statement ends here", at: token.start)
    case .word:
      let near = nearestName(to: token.text, among: candidates)
        .flatMap { $0 == token.keyword ? nil : $0 }
      let reserved = wantsName && Keyword.reserved.contains(token.keyword)
      return QueryError(
        .syntax, "\(wanted), found \"\(token.text)\"", at: token.start,
        hint: near.map { "did you mean \($0.uppercased())?" }
          ?? (reserved
            ? "\(token.text.uppercased()) is a keyword: quote it to use it as a name" : nil))
    case .string:
      return QueryError(
        .syntax, "\(wanted), found the string '\(token.text.prefix(30))'", at: token.start,
        hint: "names are quoted with \"double quotes\"")
    default:
      return QueryError(
        .syntax, "\(wanted), found \"\(token.text.prefix(40))\"", at: token.start)
    }
  }

  // MARK: Names

  /// A name that may stand anywhere: unreserved word or quoted.
  mutating func name(_ what: String) throws(QueryError) -> NameSyntax {
    guard let name = takeName() else { throw unexpected("expected \(what)", wantsName: true) }
    return name
  }

  mutating func takeName() -> NameSyntax? {
    switch token.kind {
    case .quotedName: break
    case .word where Keyword.canBeName(token.keyword): break
    default: return nil
    }
    let taken = advance()
    return NameSyntax(text: taken.text, position: taken.start)
  }

  /// A name behind AS or a dot, where every word and even a string will do.
  mutating func anyName(_ what: String) throws(QueryError) -> NameSyntax {
    switch token.kind {
    case .quotedName, .word, .string:
      let taken = advance()
      return NameSyntax(text: taken.text, position: taken.start)
    default: throw unexpected("expected \(what)")
    }
  }

  /// `(name, name, …)`.
  mutating func nameList(_ what: String) throws(QueryError) -> [NameSyntax] {
    try expect("(")
    var names: [NameSyntax] = []
    repeat {
      if at(")") && !names.isEmpty { break }
      names.append(try anyName(what))
    } while take(",")
    try expect(")")
    return names
  }

  // MARK: Depth

  mutating func nested<Result>(
    _ body: (inout Parser) throws(QueryError) -> Result
  ) throws(QueryError) -> Result {
    guard nesting < Self.nestingMax else {
      throw QueryError(
        .unsupported, "this is nested more than \(Self.nestingMax) levels deep", at: token.start)
    }
    nesting += 1
    defer { nesting -= 1 }
    return try body(&self)
  }

  /// An expression node over `children`, unless the tree becomes too high.
  func node(
    _ kind: ExpressionSyntax.Kind, at position: Int, over children: [ExpressionSyntax]
  ) throws(QueryError) -> ExpressionSyntax {
    var height = 0
    for child in children { height = max(height, child.height) }
    guard height < Self.heightMax else {
      throw QueryError(
        .unsupported, "this expression is more than \(Self.heightMax) levels deep", at: position)
    }
    return ExpressionSyntax(kind: kind, position: position, height: height + 1)
  }
}
