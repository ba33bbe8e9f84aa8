extension LogicalPlan {
  /// Whether no two rows can be equal in all of these columns, so that sorting by them leaves nothing
  /// to the order in which rows come.
  func isUnique(in columns: Set<Int>) -> Bool {
    switch self {
    case .aggregate(_, let keys, _, nil): keys.indices.allSatisfy(columns.contains)
    case .distinct(let input): input.schema.indices.allSatisfy(columns.contains)
    case .filter(let input, _): input.isUnique(in: columns)
    case .project(let input, let expressions):
      input.isUnique(in: Set(columns.compactMap { expressions[$0].expression.columnIndex }))
    default: false
    }
  }

  /// Rows of a table, filtered and computed with: the same each time.
  var isCheap: Bool {
    switch self {
    case .scan(_, _, let predicates): predicates.allSatisfy(\.isDeterministic)
    case .filter(let input, let predicate): predicate.isDeterministic && input.isCheap
    case .project(let input, let expressions):
      expressions.allSatisfy(\.expression.isDeterministic) && input.isCheap
    default: false
    }
  }
}

extension Expression {
  /// The column that the expression is; nil where it is anything else.
  fileprivate var columnIndex: Int? {
    if case .column(let index, _) = self { return index }
    return nil
  }

  /// The columns among sort keys.
  static func columns(of keys: [SortKey]) -> Set<Int> {
    Set(keys.compactMap(\.expression.columnIndex))
  }
}
