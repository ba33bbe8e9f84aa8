import ColStore

/// Which types an argument turns into without being asked, and the type that two types meet in.
enum ImplicitCast {
  /// How far `type` is from `target`: 0 is the same, nil is no implicit cast.
  static func cost(from type: DataType, to target: DataType, isLiteral: Bool) -> Int? {
    if type == target { return 0 }
    if type == .null { return 1 }
    switch (type, target) {
    case (.integer, .bigint): return 1
    case (.integer, .decimal), (.bigint, .decimal): return 3
    case (.integer, .double), (.bigint, .double): return 4
    case (.decimal, .decimal): return 1
    case (.decimal, .double): return 2
    case (.date, .timestamp): return 2
    case (.list(.null), .list): return 1
    case (.varchar, _): return isLiteral ? 8 : nil
    case (.uuid, .varchar): return 9
    default: return nil
    }
  }

  /// The overload of `overloads` that the arguments reach with the fewest and shortest casts; the
  /// first of equals.
  static func choose(
    _ overloads: [ScalarOverload], for types: [DataType], literals: [Value?], of name: String,
    signature: String
  ) throws(QueryError) -> ScalarOverload {
    var best: (cost: Int, overload: ScalarOverload)?
    for overload in overloads where overload.parameterTypes.count == types.count {
      var total = 0
      var fits = true
      for (index, type) in types.enumerated() {
        let literal = index < literals.count && literals[index] != nil
        if let cost = cost(from: type, to: overload.parameterTypes[index], isLiteral: literal) {
          total += cost
        } else {
          fits = false
        }
      }
      if fits && total < (best?.cost ?? Int.max) { best = (total, overload) }
    }
    guard let best else { throw mismatch(name, types, signature) }
    return best.overload
  }

  /// The error for arguments that no overload takes.
  static func mismatch(_ name: String, _ types: [DataType], _ signature: String) -> QueryError {
    let listed = types.map(\.description).joined(separator: ", ")
    return QueryError(
      .type, "no function matches \(name)(\(listed)); it is \(signature)",
      hint: "an explicit CAST may help")
  }

  /// The type that values of both types fit in, as in CASE, COALESCE, IN and set operations; nil
  /// where there is none.
  static func common(_ left: DataType, _ right: DataType) -> DataType? {
    if left == right { return left }
    switch (left, right) {
    case (.null, _): return right
    case (_, .null): return left
    case (.integer, .bigint), (.bigint, .integer): return .bigint
    case (.double, _) where right.isNumeric, (_, .double) where left.isNumeric: return .double
    case (.decimal, _) where right.isNumeric, (_, .decimal) where left.isNumeric:
      guard let (leftDigits, leftScale) = decimalShape(left),
        let (rightDigits, rightScale) = decimalShape(right)
      else { return nil }
      let whole = max(leftDigits - leftScale, rightDigits - rightScale)
      let scale = max(leftScale, rightScale)
      // Digits behind the point are kept; values that are too large then are an error.
      return .decimal(precision: min(whole + scale, 38), scale: scale)
    case (.boolean, _) where right.isNumeric: return right
    case (_, .boolean) where left.isNumeric: return left
    case (.date, .timestamp), (.timestamp, .date): return .timestamp
    case (.varchar, _), (_, .varchar): return .varchar
    case (.list(let first), .list(let second)): return common(first, second).map { .list($0) }
    default: return nil
    }
  }

  /// Digits and scale of a number as a DECIMAL; nil for DOUBLE and what is no number.
  static func decimalShape(_ type: DataType) -> (digits: Int, scale: Int)? {
    switch type {
    case .decimal(let precision, let scale): (precision, scale)
    case .integer: (10, 0)
    case .bigint: (19, 0)
    default: nil
    }
  }
}

extension ScalarFunction {
  /// A function with a fixed list of overloads.
  init(
    _ name: String, aliases: [String] = [], signature: String, overloads: [ScalarOverload]
  ) {
    self.init(name, aliases: aliases, signature: signature) { types, literals throws(QueryError) in
      try ImplicitCast.choose(
        overloads, for: types, literals: literals, of: name, signature: signature)
    }
  }
}
