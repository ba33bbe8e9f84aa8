import ColStore

/// coalesce, ifnull, nullif, greatest, least, typeof and their like.
enum Conditionals {
  static let functions: [ScalarFunction] = [
    coalesce("coalesce", aliases: ["ifnull"], signature: "coalesce(value, …)"),
    nullIf,
    extreme("greatest", wantsLess: false),
    extreme("least", wantsLess: true),
    typeOf("typeof"), typeOf("pg_typeof", isLowercase: true),
  ]

  /// The type that all arguments meet in.
  static func common(
    _ types: [DataType], _ literals: [Value?], _ name: String, _ signature: String
  ) throws(QueryError) -> DataType {
    // Text literals take the type of what they stand beside.
    let settled = types.enumerated().filter { index, type in
      type != .varchar || index >= literals.count || literals[index] == nil
    }.map(\.element)
    let considered = settled.contains { $0 != .null } ? settled : types
    guard var result = considered.first else {
      throw ImplicitCast.mismatch(name, types, signature)
    }
    for type in considered.dropFirst() {
      guard let next = ImplicitCast.common(result, type) else {
        throw ImplicitCast.mismatch(name, types, signature)
      }
      result = next
    }
    return result
  }

  /// Named `coalesce` in plans, where the evaluator runs it lazily; the kernel is the eager twin.
  private static func coalesce(
    _ name: String, aliases: [String], signature: String
  ) -> ScalarFunction {
    ScalarFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      let type = try common(types, literals, name, signature)
      return ScalarOverload(
        name: "coalesce", types.map { _ in type }, type, nulls: .custom
      ) { arguments, count in
        var parts: [(Selection, Vector)] = []
        var remaining = Selection.all(count)
        for argument in arguments {
          let rest = remaining.narrow(argument)
          let nulls = BooleanKernels.isNull(rest)
          let present = Selection.rows(of: nulls, where: { $0 == 0 }, count: remaining.count)
          parts.append((remaining.compose(present), present.narrow(rest)))
          remaining = remaining.compose(
            Selection.rows(of: nulls, where: { $0 == 1 }, count: remaining.count))
        }
        return Scatter.merge(parts, type: type, count: count, fallback: .nulls(type, count: count))
      }
    }
  }

  /// The first value, or NULL where both are equal.
  private static let nullIf = ScalarFunction("nullif", signature: "nullif(a, b)") {
    types, literals throws(QueryError) in
    let operand = try Comparison.operandType(types, literals, "nullif", "nullif(a, b)")
    // The result has the first argument's type; the comparison may be in another.
    let type = types[0] == .null ? operand : types[0]
    return ScalarOverload(
      name: "nullif", [type, operand], type, nulls: .custom, canFail: true
    ) { arguments, count throws(QueryError) in
      let left = try Cast.cast(arguments[0], to: operand)
      let equal = Validity.merge(
        into: Comparison.compare(.equal, left, arguments[1], count: count),
        from: [left, arguments[1]], count: count)
      return ChooseKernels.choose(
        equal, .nulls(type, count: count), arguments[0], type: type, count: count)
    }
  }

  /// greatest and least: NULLs are skipped.
  private static func extreme(_ name: String, wantsLess: Bool) -> ScalarFunction {
    let signature = "\(name)(value, …)"
    return ScalarFunction(name, signature: signature) { types, literals throws(QueryError) in
      let type = try common(types, literals, name, signature)
      return ScalarOverload(name: name, types.map { _ in type }, type, nulls: .custom) {
        arguments, count in
        var best = arguments[0].flat()
        for argument in arguments.dropFirst() {
          let other = argument.flat()
          if type.physical == .int64, best.validity == nil, other.validity == nil {
            best = mapBinary(
              best, other, Int64.self, Int64.self, Int64.self, to: type, count: count
            ) { wantsLess ? min($0, $1) : max($0, $1) }
            continue
          }
          let picks = FlatBuilder<UInt8>(count: count)
          for row in 0..<count {
            let takes: Bool
            if other.isNull(row) {
              takes = false
            } else if best.isNull(row) {
              takes = true
            } else {
              let order = Self.order(other, best, row)
              takes = wantsLess ? order < 0 : order > 0
            }
            picks[row] = takes ? 1 : 0
          }
          best = ChooseKernels.choose(
            picks.finish(.boolean), other, best, type: type, count: count)
        }
        return best
      }
    }
  }

  /// Intervals are compared part by part here, as in DuckDB, not by their length.
  private static func order(_ left: Vector, _ right: Vector, _ row: Int) -> Int {
    guard left.type == .interval else { return RowComparison.compare(left, row, right, row) }
    let one = left.pointer(Interval.self)[row]
    let other = right.pointer(Interval.self)[row]
    if one.months != other.months { return one.months < other.months ? -1 : 1 }
    if one.days != other.days { return one.days < other.days ? -1 : 1 }
    if one.microseconds != other.microseconds {
      return one.microseconds < other.microseconds ? -1 : 1
    }
    return 0
  }

  /// The name of the type: in capitals, or as PostgreSQL writes it.
  private static func typeOf(_ name: String, isLowercase: Bool = false) -> ScalarFunction {
    ScalarFunction(name, signature: "\(name)(value)") { types, _ throws(QueryError) in
      guard types.count == 1 else {
        throw ImplicitCast.mismatch(name, types, "\(name)(value)")
      }
      func text(_ type: DataType) -> String {
        switch type {
        case .null: "\"NULL\""
        case .list(let element): text(element) + "[]"
        default: type.description
        }
      }
      let type = text(types[0])
      return ScalarOverload(name: name, types, .varchar, nulls: .custom) { _, count in
        .constant(.varchar, .string(isLowercase ? type.lowercased() : type), count: count)
      }
    }
  }
}
