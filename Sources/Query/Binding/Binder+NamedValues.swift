import ColStore

/// `$name`: values that are given beside the statement.
extension Binder {
  /// The value as a text, which takes the type of what it meets, as literals in quotes do.
  func bindNamedValue(_ name: String, at position: Int) throws(QueryError) -> Expression {
    guard let value = context.options.parameters[name] else {
      let known = context.options.parameters.keys.sorted()
      throw QueryError(
        .name, "there is no value for the parameter $\(name)", at: position,
        hint: nearestName(to: name, among: known).map { "did you mean $\($0)?" }
          ?? "--param \(name.isEmpty ? "NAME" : name)=VALUE gives it one")
    }
    return .literal(.string(value), type: .varchar)
  }

  /// Values that meet in one operation. A named value that reads as a number is that number where all
  /// others are numbers: taken as a text, `1.5` would become whole where it meets whole numbers.
  func bindMeeting(_ syntax: [ExpressionSyntax]) throws(QueryError) -> [Expression] {
    var values: [Expression] = []
    var numbers: [Int: Expression] = [:]
    for (index, operand) in syntax.enumerated() {
      values.append(try bind(operand))
      if let number = try number(operand) { numbers[index] = number }
    }
    guard !numbers.isEmpty,
      values.indices.allSatisfy({ numbers[$0] != nil || values[$0].type.isNumeric })
    else { return values }
    return values.indices.map { numbers[$0] ?? values[$0] }
  }

  /// The number that a named value is written as.
  private func number(_ syntax: ExpressionSyntax) throws(QueryError) -> Expression? {
    guard case .parameter(let name) = syntax.kind, let text = context.options.parameters[name],
      Self.isNumber(text)
    else { return nil }
    return try NumericLiteral.expression(text, at: syntax.position)
  }

  /// A number without leading zeros, as in SQL, with a sign or without.
  private static func isNumber(_ text: String) -> Bool {
    var rest = text.utf8[...]
    func skipDigits() -> Int {
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      rest = rest.dropFirst(digits.count)
      return digits.count
    }
    if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    let startsWithZero = rest.first == UInt8(ascii: "0")
    let whole = skipDigits()
    guard whole > 0, !startsWithZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      guard skipDigits() > 0 else { return false }
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard skipDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
