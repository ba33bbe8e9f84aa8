extension ExpressionSyntax {
  /// The name of a result column without an alias: the column's own, or the expression as text.
  var columnName: String {
    switch kind {
    case .null: return "NULL"
    case .boolean(let value): return value ? "true" : "false"
    case .number(let text): return text
    case .string(let text): return "'\(text)'"
    case .parameter(let name): return "$\(name)"
    case .name(let names): return names[names.count - 1].text
    case .positional(let place): return "#\(place)"
    case .star: return "*"
    case .unary(let symbol, let operand): return "\(symbol)(\(operand.columnName))"
    case .binary(let symbol, let left, let right):
      return "(\(left.qualifiedText) \(symbol) \(right.qualifiedText))"
    case .and(let operands): return Self.joined(operands, " AND ")
    case .or(let operands): return Self.joined(operands, " OR ")
    case .not(let operand): return "(NOT \(operand.qualifiedText))"
    case .isNull(let operand, let negated):
      return "(\(operand.qualifiedText) IS \(negated ? "NOT " : "")NULL)"
    case .isBoolean(let operand, let value, let negated):
      return "(\(operand.qualifiedText) IS \(negated ? "NOT " : "")\(value ? "TRUE" : "FALSE"))"
    case .isDistinct(let left, let right, let negated):
      return
        "(\(left.qualifiedText) IS \(negated ? "NOT " : "")DISTINCT FROM \(right.qualifiedText))"
    case .between(let operand, let low, let high, let negated):
      return "(\(operand.qualifiedText) \(negated ? "NOT " : "")BETWEEN \(low.qualifiedText)"
        + " AND \(high.qualifiedText))"
    case .inList(let operand, let list, let negated):
      return "(\(operand.qualifiedText) \(negated ? "NOT " : "")IN (\(Self.listed(list))))"
    case .inQuery(let operand, _, let negated):
      return "(\(operand.qualifiedText) \(negated ? "NOT " : "")IN (SELECT ...))"
    case .like(let like):
      return
        "(\(like.text.qualifiedText) \(like.negated ? "!" : "")~~ \(like.pattern.qualifiedText))"
    case .conditional(let operand, let branches, let otherwise):
      let parts = branches.map {
        "WHEN (\($0.condition.qualifiedText)) THEN (\($0.result.qualifiedText))"
      }
      return "CASE \(operand.map { $0.qualifiedText + " " } ?? "")\(parts.joined(separator: " "))"
        + " ELSE \(otherwise?.qualifiedText ?? "NULL") END"
    case .cast(let operand, let type, let isTry):
      return "\(isTry ? "TRY_CAST" : "CAST")(\(operand.qualifiedText) AS \(type.text))"
    case .call(let call): return call.text
    case .interval(let value, let unit): return "\(unit)(\(value.qualifiedText))"
    case .subquery: return "(SELECT ...)"
    case .exists: return "EXISTS(SELECT ...)"
    case .quantified(let operand, let symbol, _, let isAll):
      return "(\(operand.qualifiedText) \(symbol) \(isAll ? "ALL" : "ANY")(SELECT ...))"
    case .row(let elements): return "row(\(Self.listed(elements)))"
    case .list(let elements): return "list_value(\(Self.listed(elements)))"
    case .element(let list, let index): return "\(list.qualifiedText)[\(index.qualifiedText)]"
    case .slice(let list, let first, let last, let step):
      let end = last?.qualifiedText ?? (step == nil ? "" : "-")
      let rest = step.map { ":\($0.qualifiedText)" } ?? ""
      return "\(list.qualifiedText)[\(first?.qualifiedText ?? ""):\(end)\(rest)]"
    case .lambda(let names, let body):
      return "(lambda \(names.map(\.text).joined(separator: ", ")): \(body.qualifiedText))"
    case .atTimeZone(let value, let zone):
      return "timezone(\(zone.qualifiedText), \(value.qualifiedText))"
    }
  }

  /// As ``columnName``, but a column with its table.
  private var qualifiedText: String {
    if case .name(let names) = kind { return names.map(\.text).joined(separator: ".") }
    return columnName
  }

  private static func joined(_ operands: [ExpressionSyntax], _ separator: String) -> String {
    "(\(operands.map(\.qualifiedText).joined(separator: separator)))"
  }

  fileprivate static func listed(_ expressions: [ExpressionSyntax]) -> String {
    expressions.map(\.qualifiedText).joined(separator: ", ")
  }
}

extension TypeSyntax {
  var text: String {
    let list = arguments.isEmpty ? "" : "(\(arguments.map { "\($0)" }.joined(separator: ", ")))"
    return name.uppercased() + list + String(repeating: "[]", count: listDepth)
  }
}

extension CallSyntax {
  var text: String {
    let function = name.text.lowercased()
    if isStar || (function == "count" && arguments.isEmpty), window == nil, filter == nil {
      return "count_star()"
    }
    let chosen = parameters.map { "(\(ExpressionSyntax.listed($0)))" } ?? ""
    let inner = ExpressionSyntax.listed(arguments)
    var text = "\(function)\(chosen)(\(isDistinct ? "DISTINCT " : "")\(inner))"
    if filter != nil { text += " FILTER (...)" }
    if window != nil { text += " OVER (...)" }
    return text
  }
}
