extension Parser {
  func call(
    _ name: String, _ arguments: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> ExpressionSyntax {
    let call = CallSyntax(name: NameSyntax(text: name, position: position), arguments: arguments)
    return try node(.call(call), at: position, over: arguments)
  }

  mutating func extract() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    let part: ExpressionSyntax
    switch token.kind {
    case .word, .string:
      let taken = advance()
      part = ExpressionSyntax(
        kind: .string(taken.text.lowercased()), position: taken.start, height: 1)
    default: throw unexpected("expected a part such as YEAR in EXTRACT")
    }
    try expect("from", after: "in EXTRACT")
    let value = try expression()
    try expect(")")
    return try call("date_part", [part, value], at: position)
  }

  mutating func substring() throws(QueryError) -> ExpressionSyntax {
    let name = advance()
    let position = name.start
    advance()
    var arguments = [try expression()]
    if at("from") || at("for") {
      var start: ExpressionSyntax?
      var count: ExpressionSyntax?
      while at("from") || at("for") {
        if take("from") {
          start = try expression()
        } else if take("for") {
          count = try expression()
        }
      }
      arguments.append(
        start ?? ExpressionSyntax(kind: .number("1"), position: position, height: 1))
      if let count { arguments.append(count) }
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call("substring", arguments, at: position)
  }

  mutating func trim() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    var function = "trim"
    if take("leading") {
      function = "ltrim"
    } else if take("trailing") {
      function = "rtrim"
    } else {
      _ = take("both")
    }
    if take("from") {
      let text = try expression()
      try expect(")")
      return try call(function, [text], at: position)
    }
    var arguments = [try expression()]
    if take("from") {
      arguments.insert(try expression(), at: 0)
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call(function, arguments, at: position)
  }

  mutating func positionOf() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    let first = try expression(minimum: Precedence.other)
    if take("in") {
      let text = try expression()
      try expect(")")
      return try call("position", [text, first], at: position)
    }
    var arguments = [first]
    while take(",") { arguments.append(try expression()) }
    try expect(")")
    return try call("position", arguments, at: position)
  }

  mutating func overlay() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    advance()
    var arguments = [try expression()]
    if take("placing") {
      arguments.append(try expression())
      try expect("from", after: "in OVERLAY")
      arguments.append(try expression())
      if take("for") { arguments.append(try expression()) }
    } else {
      while take(",") { arguments.append(try expression()) }
    }
    try expect(")")
    return try call("overlay", arguments, at: position)
  }

  mutating func lambda() throws(QueryError) -> ExpressionSyntax {
    let position = advance().start
    var names: [NameSyntax] = []
    repeat {
      names.append(try name("a name for the lambda's argument"))
    } while take(",")
    try expect(":", after: "behind the lambda's arguments")
    let body = try expression()
    return try node(.lambda(names, body), at: position, over: [body])
  }
}
