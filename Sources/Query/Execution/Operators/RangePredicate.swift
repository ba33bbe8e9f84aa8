import ColStore

/// A comparison of a column of 64-bit words with a constant: that its words lie in a range.
struct RangePredicate: Sendable {
  /// The scan's output column.
  let outputColumn: Int
  let range: ClosedRange<Int64>

  /// Nil where `predicate` is of another kind, or holds for no word.
  init?(_ predicate: CompiledExpression, columns: [Int], table: any RowSource) {
    guard let compared = ConstantComparison(predicate), let wanted = compared.words,
      let (column, range) = RangePredicate.words(of: compared.subject, in: wanted),
      table.dictionary(ofColumn: columns[column]) == nil
    else { return nil }
    outputColumn = column
    self.range = range
  }

  /// The column that `subject` is, or is a cast of, and the words for which that lies in `range`.
  private static func words(
    of subject: CompiledExpression, in range: ClosedRange<Int64>
  ) -> (column: Int, ClosedRange<Int64>)? {
    if let column = subject.bareColumn { return (column, range) }
    guard case .cast(let operand, _, _) = subject.node, let column = operand.bareColumn,
      operand.type.physical == .int64
    else { return nil }
    switch (operand.type, subject.type) {
    case (.integer, .bigint): return (column, range)
    case (.decimal(_, let from), .decimal(_, let to)) where from <= to && to - from <= 18:
      // The first and the last number of the smaller scale.
      let unit = powersOfTen64[to - from]
      let (low, below) = range.lowerBound.quotientAndRemainder(dividingBy: unit)
      let (high, above) = range.upperBound.quotientAndRemainder(dividingBy: unit)
      let (first, last) = (below > 0 ? low + 1 : low, above < 0 ? high - 1 : high)
      return first <= last ? (column, first...last) : nil
    case (.timestamp, .date):
      // From the start of the first day to the end of the last, of the days that times reach.
      let day = Int64(microsecondsPerDay)
      let days = Int64.min / day + 1...Int64.max / day - 1
      guard range.overlaps(days) else { return nil }
      let first = range.lowerBound < days.lowerBound ? .min : range.lowerBound * day
      let last = range.upperBound > days.upperBound ? .max : range.upperBound * day + day - 1
      return (column, first...last)
    default: return nil
    }
  }
}
