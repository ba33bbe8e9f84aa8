import ColStore

/// A sort key made ready to run.
struct CompiledSortKey: Sendable {
  let expression: CompiledExpression
  let descending: Bool
  let nullsFirst: Bool

  init(_ key: SortKey) {
    expression = CompiledExpression(key.expression)
    descending = key.descending
    nullsFirst = key.nullsFirst
  }

  init(_ expression: CompiledExpression, descending: Bool = false, nullsFirst: Bool = false) {
    self.expression = expression
    self.descending = descending
    self.nullsFirst = nullsFirst
  }
}

/// A column to sort by, and how.
struct SortColumn {
  let vector: Vector
  let descending: Bool
  let nullsFirst: Bool
}
