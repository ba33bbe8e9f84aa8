import ColStore

extension Expression {
  /// The expression as text, in which equal expressions, and only they, look equal.
  var fingerprint: String { text { "#\($0)" } }

  /// The expression as text, for EXPLAIN; `name` gives the columns' names.
  func text(_ name: (Int) -> String) -> String {
    func list(_ expressions: [Expression], _ separator: String) -> String {
      expressions.map { $0.text(name) }.joined(separator: separator)
    }
    switch self {
    case .column(let index, _):
      return ColumnSpace.isScalar(index) ? "subquery\(index - ColumnSpace.scalar + 1)" : name(index)
    case .literal(let value, let type): return Self.text(value, type)
    case .call(let call):
      let symbol = call.overload.name
      let isOperator = symbol.utf8.allSatisfy { "+-*/%=<>~!|&^@".utf8.contains($0) }
      if isOperator, call.arguments.count == 2 {
        return "(\(call.arguments[0].text(name)) \(symbol) \(call.arguments[1].text(name)))"
      }
      return "\(symbol)(\(list(call.arguments, ", ")))"
    case .cast(let operand, let type, let isTry, _):
      return "\(isTry ? "TRY_CAST" : "CAST")(\(operand.text(name)) AS \(type))"
    case .conditional(let branches, let otherwise, _):
      let parts = branches.map { "WHEN \($0.condition.text(name)) THEN \($0.result.text(name))" }
      return "CASE \(parts.joined(separator: " ")) ELSE \(otherwise.text(name)) END"
    case .and(let operands): return "(\(list(operands, " AND ")))"
    case .or(let operands): return "(\(list(operands, " OR ")))"
    case .not(let operand): return "NOT \(operand.text(name))"
    case .isNull(let operand): return "(\(operand.text(name)) IS NULL)"
    case .inList(let operand, let list):
      return "(\(operand.text(name)) IN (\(list.map { $0.text(name) }.joined(separator: ", "))))"
    }
  }

  private static func text(_ value: Value, _ type: DataType) -> String {
    switch value {
    case .null: return type == .null ? "NULL" : "NULL::\(type)"
    case .bool(let value): return value ? "true" : "false"
    case .int64(let value):
      if case .decimal(_, let scale) = type { return decimal(String(value), scale) + "::\(type)" }
      return type == .integer ? "\(value)" : "\(value)::\(type)"
    case .int128(let value):
      if case .decimal(_, let scale) = type { return decimal(String(value), scale) + "::\(type)" }
      return "\(value)::\(type)"
    case .double(let value): return "\(value)::DOUBLE"
    case .string(let value):
      return
        "'\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'"
    case .interval(let value):
      return "INTERVAL(\(value.months) months \(value.days) days \(value.microseconds) us)"
    case .list(let values): return "[\(values.map { text($0, .null) }.joined(separator: ", "))]"
    }
  }

  private static func decimal(_ digits: String, _ scale: Int) -> String {
    guard scale > 0 else { return digits }
    let sign = digits.hasPrefix("-") ? "-" : ""
    let magnitude = Array(digits.utf8.dropFirst(sign.utf8.count))
    let padded =
      Array(repeating: UInt8(ascii: "0"), count: max(0, scale + 1 - magnitude.count)) + magnitude
    let whole = String(decoding: padded.dropLast(scale), as: UTF8.self)
    return "\(sign)\(whole).\(String(decoding: padded.suffix(scale), as: UTF8.self))"
  }
}
