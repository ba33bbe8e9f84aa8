import ColStore

extension LogicalPlan {
  /// Bounds of an expression over the output whose values are 64-bit words, as zone maps tell; nil
  /// where they do not.
  func range(of expression: Expression) -> ClosedRange<Int64>? {
    guard expression.type.physical == .int64 else { return nil }
    return ValueRange.of(CompiledExpression(expression), range(ofColumn:))
  }

  private func range(ofColumn index: Int) -> ClosedRange<Int64>? {
    switch self {
    case .scan(let table, let columns, _):
      return columns.indices.contains(index)
        ? table.source.bounds(ofColumn: columns[index]).words : nil
    case .project(let input, let expressions):
      return expressions.indices.contains(index)
        ? input.range(of: expressions[index].expression) : nil
    case .aggregate(let input, let keys, _, _):
      return keys.indices.contains(index) ? input.range(of: keys[index].expression) : nil
    case .filter(let input, _), .sort(let input, _, _, _), .limit(let input, _, _),
      .distinct(let input), .window(let input, _), .unnest(let input, _):
      return input.range(ofColumn: index)
    case .join(_, let left, let right, _, _):
      let width = left.schema.count
      return index < width ? left.range(ofColumn: index) : right.range(ofColumn: index - width)
    case .setOperation(_, let left, let right, _):
      guard let first = left.range(ofColumn: index), let second = right.range(ofColumn: index)
      else { return nil }
      return min(first.lowerBound, second.lowerBound)...max(first.upperBound, second.upperBound)
    case .values, .operation: return nil
    }
  }
}
