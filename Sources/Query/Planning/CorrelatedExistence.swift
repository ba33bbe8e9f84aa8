/// What EXISTS asks for where its subquery refers to outer rows only in the conditions of its
/// outermost WHERE, one of them an equality: a semi-join of the outer rows with all else.
///
/// An EXISTS in that WHERE that refers to outer rows adds its rows to those asked for: there are some
/// of both.
struct CorrelatedExistence {
  private let rows: ConditionalRows
  /// The columns that the subquery reads of outer rows: of the row around it, or of one further out.
  private let outerColumns: [Int]

  /// Nil where the subquery is of another kind.
  init?(_ subquery: LogicalPlan, correlations: [Expression]) {
    outerColumns = correlations.compactMap { correlation in
      guard case .column(let index, _) = correlation,
        ColumnSpace.isInput(index) || ColumnSpace.isOuter(index)
      else { return nil }
      return index
    }
    guard outerColumns.count == correlations.count,
      let rows = ConditionalRows(existenceOf: subquery), !rows.equalities.isEmpty
    else { return nil }
    self.rows = rows
  }

  /// The rows of `outer` for which the subquery has rows, or has none.
  func joined(_ outer: LogicalPlan, negated: Bool) -> LogicalPlan {
    let width = outer.schema.count
    func outerColumn(_ index: Int) -> Int {
      ColumnSpace.isOuter(index) ? outerColumns[index - ColumnSpace.outer] : index
    }
    return .join(
      negated ? .anti : .semi, outer, rows.plan,
      equalities: rows.equalities.map {
        $0.replacing(left: $0.left.mapColumns(outerColumn))
      },
      residual: Expression.conjunction(rows.others)?.mapColumns {
        ColumnSpace.isInput($0) ? $0 + width : outerColumn($0)
      })
  }
}
