import ColStore
import Glibc

/// round, floor, ceil, trunc, abs, sign: each type keeps its exactness.
enum Rounding {
  private enum Mode: Sendable {
    case half
    case down
    case up
    case zero
  }

  static let functions: [ScalarFunction] = [
    function("round", .half),
    function("trunc", .zero),
    function("floor", .down),
    function("ceil", aliases: ["ceiling"], .up),
    absolute, sign, even,
  ]

  private static func function(
    _ name: String, aliases: [String] = [], _ mode: Mode
  ) -> ScalarFunction {
    let signature = "\(name)(number[, digits])"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      guard types.count == 1 || (types.count == 2 && mode != .up && mode != .down) else {
        throw ImplicitCast.mismatch(name, types, signature)
      }
      let type = types[0] == .null ? .bigint : types[0]
      if types.count == 1 { return try whole(name, mode, type, signature) }
      return try digits(name, mode, type, literals, types, signature)
    }
  }

  private static func whole(
    _ name: String, _ mode: Mode, _ type: DataType, _ signature: String
  ) throws(QueryError) -> ScalarOverload {
    switch type {
    case .decimal(let precision, let scale) where scale > 0:
      let result = DataType.decimal(precision: precision, scale: 0)
      return ScalarOverload(name: name, [type], result, canFail: true) {
        arguments, count throws(QueryError) in
        try decimals(arguments[0], mode, drop: scale, restore: 0, to: result, count)
      }
    case .decimal:
      // HUGEINT has no floor of its own.
      if type == .hugeint, mode == .down || mode == .up { return doubles(name, mode) }
      return ScalarOverload(name: name, [type], type) { arguments, _ in arguments[0] }
    case .integer, .bigint:
      if mode == .half || mode == .zero {
        return ScalarOverload(name: name, [type], type) { arguments, _ in arguments[0] }
      }
      return doubles(name, mode)
    case .double, .varchar: return doubles(name, mode)
    default: throw ImplicitCast.mismatch(name, [type], signature)
    }
  }

  private static func doubles(_ name: String, _ mode: Mode) -> ScalarOverload {
    ScalarOverload(name: name, [.double], .double) { arguments, _ in
      switch mode {
      case .half:
        mapUnary(arguments[0], Double.self, Double.self, to: .double) {
          $0.rounded(.toNearestOrAwayFromZero)
        }
      case .down:
        mapUnary(arguments[0], Double.self, Double.self, to: .double) { $0.rounded(.down) }
      case .up: mapUnary(arguments[0], Double.self, Double.self, to: .double) { $0.rounded(.up) }
      case .zero:
        mapUnary(arguments[0], Double.self, Double.self, to: .double) { $0.rounded(.towardZero) }
      }
    }
  }

  /// With digits: those of a DECIMAL must be a literal, as they make the result's type.
  private static func digits(
    _ name: String, _ mode: Mode, _ type: DataType, _ literals: [Value?], _ types: [DataType],
    _ signature: String
  ) throws(QueryError) -> ScalarOverload {
    switch type {
    case .decimal(let precision, let scale):
      if literals.count > 1, literals[1] == .null {
        return ScalarOverload(name: name, [type, .bigint], type) { arguments, _ in arguments[0] }
      }
      guard literals.count > 1, case .int64(let given)? = literals[1] else {
        return doubleDigits(name, mode)
      }
      let digits = Int(max(min(given, 38), -38))
      if digits >= scale {
        return ScalarOverload(name: name, [type, .bigint], type) { arguments, _ in arguments[0] }
      }
      let kept = max(digits, 0)
      // What is rounded up may need a digit more.
      let width =
        mode == .half && scale == 0 && type != .hugeint ? min(precision + 1, 38) : precision
      let result = DataType.decimal(precision: width, scale: kept)
      let drop = scale - digits
      return ScalarOverload(name: name, [type, .bigint], result, canFail: true) {
        arguments, count throws(QueryError) in
        try decimals(
          arguments[0], mode, drop: drop, restore: digits < 0 ? -digits : 0, to: result, count)
      }
    case .integer, .bigint:
      return ScalarOverload(name: name, [type, .bigint], type, canFail: true) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: type, count: count,
          filler: 0
        ) { value, digits throws(QueryError) in
          if digits >= 0 { return value }
          if digits < -18 { return 0 }
          let unit = Int128(powersOfTen64[Int(-digits)])
          let result = rounded(Int128(value), unit, mode) * unit
          let limit = type == .integer ? Int128(Int32.max) : Int128(Int64.max)
          guard result <= limit, result >= -limit - 1 else {
            throw QueryError(.value, "\(name)(\(value), \(digits)) is out of range for \(type)")
          }
          return Int64(result)
        }
      }
    case .double, .varchar: return doubleDigits(name, mode)
    default: throw ImplicitCast.mismatch(name, types, signature)
    }
  }

  private static func doubleDigits(_ name: String, _ mode: Mode) -> ScalarOverload {
    ScalarOverload(name: name, [.double, .bigint], .double) { arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], Double.self, Int64.self, Double.self, to: .double,
        count: count, filler: 0
      ) { value, digits in
        if !value.isFinite { return value }
        let power = Glibc.pow(10, Double(digits.magnitude))
        let scaled = digits >= 0 ? value * power : value / power
        let whole =
          mode == .zero ? scaled.rounded(.towardZero) : scaled.rounded(.toNearestOrAwayFromZero)
        let result = digits >= 0 ? whole / power : whole * power
        if scaled.isFinite && result.isFinite { return result }
        return digits >= 0 ? value : 0
      }
    }
  }

  /// `value / unit`, rounded.
  @inline(__always)
  private static func rounded<Number: FixedWidthInteger & SignedInteger>(
    _ value: Number, _ unit: Number, _ mode: Mode
  ) -> Number {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: unit)
    switch mode {
    case .half:
      return rest.magnitude >= unit.magnitude - rest.magnitude
        ? quotient + (value < 0 ? -1 : 1) : quotient
    case .down: return rest < 0 ? quotient - 1 : quotient
    case .up: return rest > 0 ? quotient + 1 : quotient
    case .zero: return quotient
    }
  }

  /// Drops digits, and puts zeros back where they stood before the point.
  private static func decimals(
    _ vector: Vector, _ mode: Mode, drop: Int, restore: Int, to result: DataType, _ count: Int
  ) throws(QueryError) -> Vector {
    // Results of 18 digits have arguments of 18 digits.
    if result.physical == .int64, drop < powersOfTen64.count, restore < powersOfTen64.count {
      let (unit, factor) = (Int64(powersOfTen64[drop]), Int64(powersOfTen64[restore]))
      return mapUnary(vector, Int64.self, Int64.self, to: result) {
        rounded($0, unit, mode) &* factor
      }
    }
    let unit = drop > 38 ? Int128.max : powersOfTen128[drop]
    let factor = restore > 38 ? 0 : powersOfTen128[restore]
    let narrowInput = vector.type.physical == .int64
    if result.physical == .int64 {
      return try mapRows(
        vector, Int64.self, Int64.self, to: result, count: count, filler: 0
      ) { Int64(truncatingIfNeeded: rounded(Int128($0), unit, mode) &* factor) }
    }
    if narrowInput {
      return try mapRows(
        vector, Int64.self, Int128.self, to: result, count: count, filler: 0
      ) { rounded(Int128($0), unit, mode) &* factor }
    }
    return try mapRows(
      vector, Int128.self, Int128.self, to: result, count: count, filler: 0
    ) { rounded($0, unit, mode) &* factor }
  }

  private static let absolute = ScalarFunction("abs", aliases: ["@"], signature: "abs(number)") {
    types, _ throws(QueryError) in
    guard types.count == 1 else { throw ImplicitCast.mismatch("abs", types, "abs(number)") }
    let type = types[0] == .null ? .bigint : types[0]
    switch type {
    case .double:
      return ScalarOverload(name: "abs", [type], type) { arguments, _ in
        mapUnary(arguments[0], Double.self, Double.self, to: .double) { $0.magnitude }
      }
    case .integer, .bigint:
      let lowest = type == .integer ? Int64(Int32.min) : Int64.min
      return ScalarOverload(name: "abs", [type], type, canFail: true) {
        arguments, count throws(QueryError) in
        try mapChecked(
          arguments[0], arguments[0], Int64.self, Int64.self, Int64.self, to: type, count: count,
          { value, _ in (value < 0 ? 0 &- value : value, value == lowest) },
          explain: { value, _ in QueryError(.value, "abs(\(value)) is out of range for \(type)") })
      }
    case .decimal:
      return ScalarOverload(name: "abs", [type], type) { arguments, _ in
        type.physical == .int64
          ? mapUnary(arguments[0], Int64.self, Int64.self, to: type) { $0 < 0 ? 0 &- $0 : $0 }
          : mapUnary(arguments[0], Int128.self, Int128.self, to: type) { $0 < 0 ? 0 &- $0 : $0 }
      }
    default: throw ImplicitCast.mismatch("abs", types, "abs(number)")
    }
  }

  private static let sign = ScalarFunction("sign", signature: "sign(number)") {
    types, _ throws(QueryError) in
    guard types.count == 1, types[0].isNumeric || types[0] == .null else {
      throw ImplicitCast.mismatch("sign", types, "sign(number)")
    }
    let type = types[0] == .null ? .double : types[0]
    return ScalarOverload(name: "sign", [type], .integer) { arguments, _ in
      switch type.physical {
      case .int64:
        mapUnary(arguments[0], Int64.self, Int64.self, to: .integer) { $0.signum() }
      case .int128:
        mapUnary(arguments[0], Int128.self, Int64.self, to: .integer) { Int64($0.signum()) }
      default:
        mapUnary(arguments[0], Double.self, Int64.self, to: .integer) {
          $0 > 0 ? 1 : ($0 < 0 ? -1 : 0)
        }
      }
    }
  }

  /// The next even number away from zero.
  private static let even = ScalarFunction(
    "even", signature: "even(number)",
    overloads: [
      ScalarOverload(name: "even", [.double], .double) { arguments, _ in
        mapUnary(arguments[0], Double.self, Double.self, to: .double) {
          // Half of the least double is zero.
          $0 != 0 && $0.magnitude < 2 ? ($0 < 0 ? -2 : 2) : ($0 / 2).rounded(.awayFromZero) * 2
        }
      }
    ])
}
