import ColStore

/// A predicate of a scan, and what can be told of its rows without evaluating it for each.
struct ScanPredicate: Sendable {
  let expression: CompiledExpression
  /// Of one over a coded column, what it says of the codes.
  let codes: CodePredicate?
  /// Of one that compares a column of words with a constant, the words that it holds for.
  let range: RangePredicate?
  /// What zone maps say.
  let zones: ZoneTest?

  /// - Parameter columns: The table columns that the expression's columns are.
  init(_ expression: CompiledExpression, columns: [Int], table: any RowSource) {
    self.expression = expression
    codes = CodePredicate(expression, columns: columns, table: table)
    range = RangePredicate(expression, columns: columns, table: table)
    zones = ZoneTest(expression)
  }
}
