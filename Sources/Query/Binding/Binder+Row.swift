import ColStore

/// Comparisons of rows of values, `(a, b) = (c, d)`: field by field, NULL being equal to NULL and
/// greater than all else, as DuckDB compares its structs.
extension Binder {
  /// The fields of a row of values; nil for other expressions.
  func rowFields(_ syntax: ExpressionSyntax) -> [ExpressionSyntax]? {
    if case .row(let fields) = syntax.kind { return fields }
    return nil
  }

  func bindRowComparison(
    _ symbol: String, _ left: [ExpressionSyntax], _ right: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> Expression {
    guard left.count == right.count else {
      throw QueryError(
        .type, "rows of \(left.count) and \(right.count) values cannot be compared", at: position)
    }
    var pairs: [(Expression, Expression)] = []
    for (one, other) in zip(left, right) { pairs.append((try bind(one), try bind(other))) }
    switch symbol {
    case "=", "<=>", "is_not_distinct_from": return try rowsAreEqual(pairs, at: position)
    case "<>", "is_distinct_from": return .not(try rowsAreEqual(pairs, at: position))
    case "<": return try rowPrecedes(pairs, at: position)
    case ">": return try rowPrecedes(pairs.map { ($1, $0) }, at: position)
    case "<=": return .not(try rowPrecedes(pairs.map { ($1, $0) }, at: position))
    case ">=": return .not(try rowPrecedes(pairs, at: position))
    default:
      throw QueryError(
        .unsupported, "rows of values do not go with the operator \(symbol)", at: position)
    }
  }

  private func rowsAreEqual(
    _ pairs: [(Expression, Expression)], at position: Int
  ) throws(QueryError) -> Expression {
    var tests: [Expression] = []
    for (one, other) in pairs {
      tests.append(try compare("is_not_distinct_from", one, other, at: position))
    }
    return tests.count == 1 ? tests[0] : .and(tests)
  }

  /// Whether the left row is less: the first fields that differ decide.
  private func rowPrecedes(
    _ pairs: [(Expression, Expression)], at position: Int
  ) throws(QueryError) -> Expression {
    var result = Expression.bool(false)
    for (one, other) in pairs.reversed() {
      // NULL is greatest: less is what is present before NULL, or less as a value.
      let less = Expression.conditional(
        branches: [
          Expression.Branch(condition: .isNull(one), result: .bool(false)),
          Expression.Branch(condition: .isNull(other), result: .bool(true)),
        ], otherwise: try compare("<", one, other, at: position), type: .boolean)
      let isEqual = try compare("is_not_distinct_from", one, other, at: position)
      result = .or([less, .and([isEqual, result])])
    }
    return result
  }

  func bindRowInList(
    _ operand: [ExpressionSyntax], _ list: [ExpressionSyntax], at position: Int
  ) throws(QueryError) -> Expression {
    var tests: [Expression] = []
    for element in list {
      guard let fields = rowFields(element) else {
        throw QueryError(.type, "a row of values is compared with rows", at: element.position)
      }
      tests.append(try bindRowComparison("=", operand, fields, at: position))
    }
    return tests.count == 1 ? tests[0] : .or(tests)
  }
}
