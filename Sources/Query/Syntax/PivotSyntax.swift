/// `PIVOT source ON columns USING aggregates GROUP BY keys`: values become columns.
struct PivotSyntax: Sendable {
  struct Column: Sendable {
    let expression: ExpressionSyntax
    /// The values behind IN; nil: all that there are.
    let values: [ResultSyntax]?
  }

  let source: TableSyntax
  let columns: [Column]
  /// Empty: `count(*)`.
  let aggregates: [ResultSyntax]
  /// nil: all columns that are named nowhere else.
  let groupBy: [ExpressionSyntax]?
  let position: Int
}

/// `UNPIVOT source ON columns INTO NAME name VALUE value`: columns become rows.
struct UnpivotSyntax: Sendable {
  let source: TableSyntax
  let columns: [ResultSyntax]
  let name: NameSyntax
  let value: NameSyntax
  let includesNulls: Bool
  let position: Int
}
