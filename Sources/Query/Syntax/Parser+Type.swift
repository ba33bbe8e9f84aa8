extension Parser {
  /// A type's name with its arguments: `DECIMAL(9, 2)`, `DOUBLE PRECISION`, `INTEGER[]`.
  mutating func typeName() throws(QueryError) -> TypeSyntax {
    let position = token.start
    var name: String
    switch token.kind {
    case .word, .quotedName: name = advance().text.lowercased()
    default: throw unexpected("expected a type")
    }
    if name == "double" { _ = take("precision") }
    if name == "character" { _ = take("varying") }
    var arguments: [Int] = []
    if take("(") {
      repeat {
        guard case .number = token.kind, let value = Int(token.text) else {
          throw unexpected("expected a number")
        }
        advance()
        arguments.append(value)
      } while take(",")
      try expect(")")
    }
    if name == "timestamp" || name == "time" {
      if take("with") {
        try expect("time")
        try expect("zone")
        name += " with time zone"
      } else if at("without", "time") {
        advance()
        advance()
        try expect("zone")
      }
    }
    var listDepth = 0
    while at("[") {
      guard at("[", "]"), listDepth < 8 else {
        throw QueryError(.unsupported, "arrays of a fixed size are not supported", at: token.start)
      }
      advance()
      advance()
      listDepth += 1
    }
    return TypeSyntax(name: name, arguments: arguments, listDepth: listDepth, position: position)
  }
}
