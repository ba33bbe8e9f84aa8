import ColStore

extension LogicalPlan {
  /// About how many rows come out, after the rules of thumb of Selinger et al., "Access Path Selection
  /// in a Relational Database Management System" (SIGMOD 1979). Only for choices: any number may be
  /// far off.
  var estimatedRows: Double {
    switch self {
    case .scan(let table, _, let predicates):
      return predicates.reduce(Double(table.source.rowCount)) { $0 * share(of: $1) }
    case .values(let rows, _): return Double(rows.count)
    case .filter(let input, let predicate):
      return predicate.conjuncts.reduce(input.estimatedRows) { $0 * input.share(of: $1) }
    case .project(let input, _), .window(let input, _): return input.estimatedRows
    case .aggregate(let input, let keys, _, _):
      let rows = input.estimatedRows
      let groups = keys.reduce(1) { $0 * input.estimatedValues(of: $1.expression, rows: rows) }
      return min(rows, groups)
    case .distinct(let input): return input.estimatedRows / 2
    case .sort(let input, _, let limit, _), .limit(let input, let limit, _):
      return min(input.estimatedRows, limit.map(Double.init) ?? .infinity)
    case .unnest(let input, _): return input.estimatedRows * 4
    case .setOperation(let operation, let left, let right, _):
      return operation == .union ? left.estimatedRows + right.estimatedRows : left.estimatedRows
    case .join(let kind, let left, let right, let equalities, _):
      let (first, second) = (left.estimatedRows, right.estimatedRows)
      if kind == .semi || kind == .anti { return first / 2 }
      let values = equalities.map {
        max(
          left.estimatedValues(of: $0.left, rows: first),
          right.estimatedValues(of: $0.right, rows: second))
      }
      return LogicalPlan.estimatedPairs(first, second, values: values)
    case .operation: return inputs.first?.estimatedRows ?? 1000
    }
  }

  /// About how many pairs of rows are equal in keys that have so many values. Keys depend on each
  /// other: beyond the first only their roots count.
  static func estimatedPairs(_ left: Double, _ right: Double, values: [Double]) -> Double {
    var pairs = left * right
    for (place, count) in values.sorted(by: >).enumerated() {
      pairs /= max(1, place == 0 ? count : count.squareRoot())
    }
    return pairs
  }

  /// About how many values an expression has in `rows` rows of the output.
  func estimatedValues(of expression: Expression, rows: Double) -> Double {
    if case .column(let index, _) = expression, let count = valueCount(ofColumn: index) {
      return min(Double(count), rows)
    }
    guard let range = range(of: expression) else { return rows }
    return min(Double(range.upperBound) - Double(range.lowerBound) + 1, rows)
  }

  /// How many values a column of the tables below has.
  private func valueCount(ofColumn index: Int) -> Int? {
    switch self {
    case .scan(let table, let columns, _):
      return columns.indices.contains(index)
        ? table.source.distinctCount(ofColumn: columns[index]) : nil
    case .project(let input, let expressions):
      guard expressions.indices.contains(index),
        case .column(let source, _) = expressions[index].expression
      else { return nil }
      return input.valueCount(ofColumn: source)
    case .aggregate(let input, let keys, _, _):
      guard keys.indices.contains(index), case .column(let source, _) = keys[index].expression
      else { return nil }
      return input.valueCount(ofColumn: source)
    case .filter(let input, _), .sort(let input, _, _, _), .limit(let input, _, _),
      .distinct(let input), .window(let input, _), .unnest(let input, _):
      return input.valueCount(ofColumn: index)
    case .join(_, let left, let right, _, _):
      let width = left.schema.count
      return index < width
        ? left.valueCount(ofColumn: index) : right.valueCount(ofColumn: index - width)
    case .values, .setOperation, .operation: return nil
    }
  }

  /// About which share of the output's rows a condition holds for.
  private func share(of condition: Expression) -> Double {
    switch condition {
    case .call(let call) where call.arguments.count == 2 && call.overload.name == "=":
      guard let column = call.arguments.first(where: { !$0.isLiteral }) else { return 1 }
      return 1 / max(1, estimatedValues(of: column, rows: 1000))
    case .inList(let operand, let list):
      return min(1, Double(list.count) / max(1, estimatedValues(of: operand, rows: 1000)))
    case .and(let operands): return operands.reduce(1) { $0 * share(of: $1) }
    case .or(let operands): return min(1, operands.reduce(0) { $0 + share(of: $1) })
    case .not(let operand): return 1 - min(0.9, share(of: operand))
    case .isNull: return 0.1
    default: return 0.3
    }
  }
}
