import ColStore

extension LogicalPlan {
  /// Bounds of an integer expression over the output, as zone maps tell; nil where they do not.
  func range(of expression: Expression) -> ClosedRange<Int64>? {
    switch expression {
    case .column(let index, _): range(ofColumn: index)
    case .cast(let operand, .bigint, _, _) where operand.type.isInteger: range(of: operand)
    default: nil
    }
  }

  private func range(ofColumn index: Int) -> ClosedRange<Int64>? {
    switch self {
    case .scan(let table, let columns, _):
      return columns.indices.contains(index) ? table.source.range(ofColumn: columns[index]) : nil
    case .project(let input, let expressions):
      return expressions.indices.contains(index)
        ? input.range(of: expressions[index].expression) : nil
    case .filter(let input, _), .sort(let input, _, _, _), .limit(let input, _, _),
      .distinct(let input):
      return input.range(ofColumn: index)
    case .join(_, let left, let right, _, _):
      let width = left.schema.count
      return index < width ? left.range(ofColumn: index) : right.range(ofColumn: index - width)
    case .values, .aggregate, .window, .unnest, .setOperation, .operation: return nil
    }
  }
}
