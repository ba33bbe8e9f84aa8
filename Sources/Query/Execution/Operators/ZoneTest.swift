import ColStore

/// Decides from a zone map whether a predicate can hold for any row of a morsel.
struct ZoneTest: Sendable {
  private enum Test: Sendable {
    /// The column's words lie in a range.
    case isWithin(ClosedRange<Int64>)
    /// `subject` (a column, a cast of one that keeps order, or a number computed from one) compared
    /// with a constant.
    case compare(Comparison, subject: CompiledExpression, constant: Vector)
    case isIn(subject: CompiledExpression, [Vector])
    case isNull
    case isNotNull
  }

  /// The scan's output column that the test looks at.
  let column: Int
  private let test: Test

  /// Nil where a zone map cannot tell.
  init?(_ predicate: CompiledExpression) {
    switch predicate.node {
    case .call:
      guard let compared = ConstantComparison(predicate), compared.comparison != .notEqual,
        let column = ZoneTest.subjectColumn(compared.subject)
      else { return nil }
      self.column = column
      if compared.subject.bareColumn != nil, let words = compared.words {
        test = .isWithin(words)
      } else {
        test = .compare(
          compared.comparison, subject: compared.subject, constant: compared.constant)
      }
    case .inSet(let subject, let set):
      guard let column = ZoneTest.subjectColumn(subject) else { return nil }
      self.column = column
      test = .isIn(subject: subject, set.vectors.filter { !$0.isNull(0) })
    case .isNull(let operand):
      guard let column = operand.bareColumn else { return nil }
      self.column = column
      test = .isNull
    case .not(let inner):
      guard case .isNull(let operand) = inner.node, let column = operand.bareColumn else {
        return nil
      }
      self.column = column
      test = .isNotNull
    default: return nil
    }
  }

  /// The column that `expression` is, is a cast of that keeps the order of values, or is computed from.
  private static func subjectColumn(_ expression: CompiledExpression) -> Int? {
    switch expression.node {
    case .column(let index): return index
    case .cast(let operand, isTry: false, _):
      let isOrdered: Bool
      switch (operand.type, expression.type) {
      case (.timestamp, .date), (.date, .timestamp): isOrdered = true
      case (let from, let to): isOrdered = from.isNumeric && to.isNumeric
      }
      return isOrdered ? operand.bareColumn : nil
    case .call:
      let isWord = expression.type.physical == .int64 && !expression.canFail
      return isWord && expression.columns.count == 1 ? expression.columns[0] : nil
    default: return nil
    }
  }

  func mayHold(_ zone: ZoneMap, rowCount: Int) -> Bool {
    switch test {
    case .isNull: return zone.nullCount > 0
    case .isNotNull: return zone.nullCount < rowCount
    case .isWithin(let range):
      if zone.nullCount == rowCount { return false }
      return zone.words.map { $0.overlaps(range) } ?? true
    case .compare(let comparison, let subject, let constant):
      if constant.isNull(0) || zone.nullCount == rowCount { return false }
      guard let (low, high) = ends(zone, subject) else { return true }
      return holds(comparison, low, high, constant)
    case .isIn(let subject, let constants):
      if zone.nullCount == rowCount { return false }
      guard let (low, high) = ends(zone, subject) else { return true }
      return constants.contains { holds(.equal, low, high, $0) }
    }
  }

  /// Whether the predicate holds for every row of a morsel, as far as the zone map tells.
  func holdsForAll(_ zone: ZoneMap, rowCount: Int) -> Bool {
    switch test {
    case .isNull: return zone.nullCount == rowCount
    case .isNotNull: return zone.nullCount == 0
    case .isWithin(let range):
      guard zone.nullCount == 0, let words = zone.words else { return false }
      return range.contains(words.lowerBound) && range.contains(words.upperBound)
    case .compare(let comparison, let subject, let constant):
      guard zone.nullCount == 0, !constant.isNull(0), let (low, high) = ends(zone, subject) else {
        return false
      }
      let below = RowComparison.compare(low, 0, constant, 0)
      let above = RowComparison.compare(high, 0, constant, 0)
      switch comparison {
      case .equal: return below == 0 && above == 0
      case .less: return above < 0
      case .lessOrEqual: return above <= 0
      case .greater: return below > 0
      case .greaterOrEqual: return below >= 0
      case .notEqual: return false
      }
    case .isIn(let subject, let constants):
      guard zone.nullCount == 0, let (low, high) = ends(zone, subject),
        RowComparison.compare(low, 0, high, 0) == 0
      else { return false }
      return constants.contains { RowComparison.compare(low, 0, $0, 0) == 0 }
    }
  }

  private func holds(_ comparison: Comparison, _ low: Vector, _ high: Vector, _ constant: Vector)
    -> Bool
  {
    let above = RowComparison.compare(low, 0, constant, 0)
    let below = RowComparison.compare(high, 0, constant, 0)
    switch comparison {
    case .equal: return above <= 0 && below >= 0
    case .less: return above < 0
    case .lessOrEqual: return above <= 0
    case .greater: return below > 0
    case .greaterOrEqual: return below >= 0
    case .notEqual: return true
    }
  }

  /// Values that no value of the subject in the morsel is below, or above; nil where unknown.
  private func ends(_ zone: ZoneMap, _ subject: CompiledExpression) -> (Vector, Vector)? {
    guard let minimum = zone.minimum, let maximum = zone.maximum else { return nil }
    let stored: DataType
    switch subject.node {
    case .cast(let operand, _, _): stored = operand.type
    case .call:
      guard let words = zone.words, let range = ValueRange.of(subject, { _ in words }) else {
        return nil
      }
      return (
        Vector(subject.type, [.int64(range.lowerBound)]),
        Vector(subject.type, [.int64(range.upperBound)])
      )
    default: stored = subject.type
    }
    // A zone map leaves NaN out, which is greater than its maximum.
    if stored.physical == .double { return nil }
    do throws(QueryError) {
      return (
        try Cast.cast(Vector(stored, [minimum]), to: subject.type),
        try Cast.cast(Vector(stored, [maximum]), to: subject.type)
      )
    } catch {
      return nil
    }
  }
}
