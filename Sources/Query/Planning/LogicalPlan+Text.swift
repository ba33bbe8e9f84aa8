import ColStore

extension LogicalPlan {
  /// The plan as text, one node a line, inputs indented below.
  var explained: String {
    var lines: [String] = []
    explain(depth: 0, into: &lines)
    return lines.joined(separator: "\n")
  }

  private func explain(depth: Int, into lines: inout [String]) {
    lines.append(String(repeating: "  ", count: depth) + headline)
    for input in inputs { input.explain(depth: depth + 1, into: &lines) }
  }

  /// This node alone as text.
  var headline: String {
    func name(in fields: [Field]) -> (Int) -> String {
      { $0 >= 0 && $0 < fields.count ? fields[$0].name : "#\($0)" }
    }
    func listed(_ expressions: [Expression], _ fields: [Field]) -> String {
      expressions.map { $0.text(name(in: fields)) }.joined(separator: ", ")
    }
    func named(_ expressions: [NamedExpression], _ fields: [Field]) -> String {
      expressions.map { column in
        let text = column.expression.text(name(in: fields))
        return text == column.name ? text : "\(text) AS \(column.name)"
      }.joined(separator: ", ")
    }
    switch self {
    case .scan(let table, _, let predicates):
      let columns = schema.map(\.name).joined(separator: ", ")
      let filter = predicates.isEmpty ? "" : " WHERE \(listed(predicates, schema))"
      return "SCAN \(table.name) [\(columns)]\(filter)"
    case .values(let rows, _): return "VALUES \(rows.count) rows"
    case .filter(let input, let predicate):
      return "FILTER \(predicate.text(name(in: input.schema)))"
    case .project(let input, let expressions):
      return "PROJECT \(named(expressions, input.schema))"
    case .aggregate(let input, let keys, let aggregates, let sets):
      let fields = input.schema
      var parts: [String] = []
      if !aggregates.isEmpty {
        parts.append(aggregates.map { $0.call.text(name(in: fields)) }.joined(separator: ", "))
      }
      if !keys.isEmpty { parts.append("BY \(named(keys, fields))") }
      if let sets {
        parts.append(
          "SETS "
            + sets.map { set in "(\(set.map { keys[$0].name }.joined(separator: ", ")))" }
            .joined(separator: ", "))
      }
      return "AGGREGATE \(parts.joined(separator: " "))"
    case .window(let input, let calls):
      let fields = input.schema
      let texts = calls.map { window -> String in
        var over: [String] = []
        if !window.call.partitionBy.isEmpty {
          over.append("PARTITION BY \(listed(window.call.partitionBy, fields))")
        }
        if !window.call.orderBy.isEmpty {
          over.append(
            "ORDER BY "
              + window.call.orderBy.map { $0.text(name(in: fields)) }.joined(separator: ", "))
        }
        return
          "\(window.call.functionText(name(in: fields))) OVER (\(over.joined(separator: " ")))"
      }
      return "WINDOW \(texts.joined(separator: ", "))"
    case .unnest(let input, let lists):
      return "UNNEST \(listed(lists.map(\.expression), input.schema))"
    case .sort(let input, let keys, let limit, let offset):
      let fields = input.schema
      let order = keys.map { $0.text(name(in: fields)) }.joined(separator: ", ")
      return (limit == nil ? "SORT " : "TOP ") + order + Self.limits(limit, offset)
    case .limit(_, let limit, let offset):
      return "LIMIT" + Self.limits(limit, offset)
    case .distinct: return "DISTINCT"
    case .operation(let operation, _):
      let columns = schema.map(\.name).joined(separator: ", ")
      return "\(operation.implementation.name.uppercased()) [\(columns)]"
    case .setOperation(let operation, _, _, let all):
      let name =
        switch operation {
        case .union: "UNION"
        case .intersect: "INTERSECT"
        case .except: "EXCEPT"
        }
      return all ? "\(name) ALL" : name
    case .join(let kind, let left, let right, let equalities, let residual):
      let (leftFields, rightFields) = (left.schema, right.schema)
      var conditions = equalities.map { equality in
        let symbol = equality.matchesNulls ? "IS NOT DISTINCT FROM" : "="
        let (left, right) = (name(in: leftFields), name(in: rightFields))
        return "\(equality.left.text(left)) \(symbol) \(equality.right.text(right))"
      }
      if let residual { conditions.append(residual.text(name(in: leftFields + rightFields))) }
      let name =
        switch kind {
        case .inner: conditions.isEmpty ? "CROSS" : "INNER"
        case .left: "LEFT"
        case .right: "RIGHT"
        case .full: "FULL"
        case .semi: "SEMI"
        case .anti: "ANTI"
        case .asOf: "ASOF"
        case .asOfLeft: "ASOF LEFT"
        }
      return conditions.isEmpty
        ? "\(name) JOIN" : "\(name) JOIN ON \(conditions.joined(separator: " AND "))"
    }
  }

  private static func limits(_ limit: Int?, _ offset: Int) -> String {
    (limit.map { " LIMIT \($0)" } ?? "") + (offset > 0 ? " OFFSET \(offset)" : "")
  }
}
