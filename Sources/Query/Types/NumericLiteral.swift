import ColStore

/// The value and type of a number as it is written: `1` is INTEGER, `3000000000` BIGINT, `1.5`
/// DECIMAL(2,1), `1e3` DOUBLE.
enum NumericLiteral {
  static func expression(_ text: String, at position: Int) throws(QueryError) -> Expression {
    let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
    if digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
      return try double(text, at: position)
    }
    guard let point = digits.firstIndex(of: UInt8(ascii: ".")) else {
      return try integer(text, digitCount: digits.count, at: position)
    }
    let scale = digits.distance(from: point, to: digits.endIndex) - 1
    let precision = digits.count - 1
    guard precision <= 38, let unscaled = Int128(text.filter { $0 != "." }) else {
      return try double(text, at: position)
    }
    let type = DataType.decimal(precision: max(precision, 1), scale: scale)
    return .literal(decimal(unscaled, of: type), type: type)
  }

  /// The unscaled integer in the physical form of the DECIMAL `type`.
  static func decimal(_ unscaled: Int128, of type: DataType) -> Value {
    if type.physical == .int64, let narrow = Int64(exactly: unscaled) { return .int64(narrow) }
    return .int128(unscaled)
  }

  private static func integer(
    _ text: String, digitCount: Int, at position: Int
  ) throws(QueryError) -> Expression {
    if let value = Int64(text) {
      return .literal(.int64(value), type: Int32(exactly: value) != nil ? .integer : .bigint)
    }
    if let value = Int128(text), value.magnitude < decimalLimit {
      return .literal(.int128(value), type: .hugeint)
    }
    if Int128(text) != nil {
      throw QueryError(.unsupported, "integers have at most 38 digits here", at: position)
    }
    return try double(text, at: position)
  }

  private static let decimalLimit: UInt128 = (0..<38).reduce(1) { power, _ in power * 10 }

  private static func double(_ text: String, at position: Int) throws(QueryError) -> Expression {
    guard let value = Double(text) else {
      throw QueryError(.value, "this number is out of range", at: position)
    }
    return .literal(.double(value), type: .double)
  }

  // MARK: Exact conversions

  /// The whole number or DECIMAL that a literal is, as its unscaled integer.
  static func exact(_ expression: Expression) -> (unscaled: Int128, scale: Int)? {
    guard case .literal(let value, let type) = expression else { return nil }
    let scale: Int
    switch type {
    case .integer, .bigint: scale = 0
    case .decimal(_, let decimalScale): scale = decimalScale
    default: return nil
    }
    switch value {
    case .int64(let value): return (Int128(value), scale)
    case .int128(let value): return (value, scale)
    default: return nil
    }
  }

  /// The literal as a value of `type` where it is one exactly, otherwise nil.
  static func converted(_ expression: Expression, to type: DataType) -> Expression? {
    guard let (unscaled, scale) = exact(expression) else { return nil }
    switch type {
    case .integer, .bigint, .decimal:
      let (precision, targetScale): (Int, Int)
      switch type {
      case .decimal(let p, let s): (precision, targetScale) = (p, s)
      default: (precision, targetScale) = (19, 0)
      }
      guard let value = rescaled(unscaled, from: scale, to: targetScale) else { return nil }
      if type == .integer {
        guard let narrow = Int32(exactly: value) else { return nil }
        return .literal(.int64(Int64(narrow)), type: type)
      }
      if type == .bigint {
        guard let narrow = Int64(exactly: value) else { return nil }
        return .literal(.int64(narrow), type: type)
      }
      guard value.magnitude < power(of: precision) else { return nil }
      return .literal(decimal(value, of: type), type: type)
    case .double:
      // Both are exact in a Double, so that the quotient is rounded once.
      guard unscaled.magnitude <= 1 << 53, scale <= 22 else { return nil }
      return .literal(.double(Double(unscaled) / Double(power(of: scale))), type: .double)
    default: return nil
    }
  }

  private static func power(of exponent: Int) -> UInt128 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }

  private static func rescaled(_ value: Int128, from scale: Int, to target: Int) -> Int128? {
    if target >= scale {
      let (product, overflow) = value.multipliedReportingOverflow(
        by: Int128(power(of: target - scale)))
      return overflow ? nil : product
    }
    let divisor = Int128(power(of: scale - target))
    return value % divisor == 0 ? value / divisor : nil
  }
}
