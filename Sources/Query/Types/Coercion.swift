import ColStore

/// The type in which values of different types meet, by the rules of DuckDB.
enum Coercion {
  /// A type and whether it is that of a string literal, which adapts to what it meets.
  struct Operand {
    let type: DataType
    let isStringLiteral: Bool

    init(_ expression: Expression) {
      type = expression.type
      if case .literal(.string, .varchar) = expression {
        isStringLiteral = true
      } else {
        isStringLiteral = false
      }
    }

    init(type: DataType) {
      self.type = type
      isStringLiteral = false
    }
  }

  /// The type of `CASE`, `COALESCE`, `BETWEEN` and `VALUES` over both; nil where they do not mix.
  static func merged(_ left: Operand, _ right: Operand) -> DataType? {
    if left.isStringLiteral && right.isStringLiteral { return .varchar }
    if left.isStringLiteral { return right.type == .null ? .varchar : right.type }
    if right.isStringLiteral { return left.type == .null ? .varchar : left.type }
    return common(left.type, right.type)
  }

  /// The type of the column of a set operation: text takes everything in.
  static func united(_ left: DataType, _ right: DataType) -> DataType? {
    if let type = common(left, right) { return type }
    return left == .varchar || right == .varchar ? .varchar : nil
  }

  /// The type in which a comparison happens: text becomes what it is compared with.
  static func compared(_ left: DataType, _ right: DataType) -> DataType? {
    if let type = common(left, right) { return type }
    if left == .varchar, isScalar(right) { return right }
    if right == .varchar, isScalar(left) { return left }
    return nil
  }

  private static func isScalar(_ type: DataType) -> Bool {
    switch type {
    case .list, .map: false
    default: true
    }
  }

  /// The type that both convert to without a loss; nil where there is none.
  static func common(_ left: DataType, _ right: DataType) -> DataType? {
    if left == right { return left }
    switch (left, right) {
    case (.null, _): return right
    case (_, .null): return left
    case (.boolean, _) where right.isNumeric: return right
    case (_, .boolean) where left.isNumeric: return left
    case (.integer, .bigint), (.bigint, .integer): return .bigint
    case (.double, _) where right.isNumeric: return .double
    case (_, .double) where left.isNumeric: return .double
    case (.date, .timestamp), (.timestamp, .date): return .timestamp
    case (.list(let first), .list(let second)): return common(first, second).map { .list($0) }
    default: break
    }
    guard let (leftPrecision, leftScale) = decimalShape(left),
      let (rightPrecision, rightScale) = decimalShape(right)
    else { return nil }
    // HUGEINT is DECIMAL(38,0) here: whole numbers stay whole.
    if leftScale == 0, rightScale == 0, max(leftPrecision, rightPrecision) == 38 {
      return .hugeint
    }
    let scale = max(leftScale, rightScale)
    let whole = max(leftPrecision - leftScale, rightPrecision - rightScale)
    return .decimal(precision: min(38, whole + scale), scale: scale)
  }

  private static func decimalShape(_ type: DataType) -> (precision: Int, scale: Int)? {
    switch type {
    case .integer: (10, 0)
    case .bigint: (19, 0)
    case .decimal(let precision, let scale): (precision, scale)
    default: nil
    }
  }
}
