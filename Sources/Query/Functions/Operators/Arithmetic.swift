import ColStore
import Glibc

/// `+ - * / // %` and unary minus over numbers, exact and checked.
///
/// DECIMAL(38,0) stands for HUGEINT, so integers of any width stay integers.
enum Arithmetic: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case integerDivide = "//"
  case remainder = "%"

  static let functions: [ScalarFunction] = [
    ScalarFunction("+", aliases: ["add"], signature: "a + b") {
      types, literals throws(QueryError) in
      if types.count == 1 {
        guard types[0].isNumeric || types[0] == .null else {
          throw ImplicitCast.mismatch("+", types, "+ number")
        }
        let type = types[0] == .null ? .bigint : types[0]
        return ScalarOverload(name: "+", [type], type) { arguments, _ in arguments[0] }
      }
      return try resolve(.add, types, literals)
    },
    ScalarFunction("-", aliases: ["subtract"], signature: "a - b") {
      types, literals throws(QueryError) in
      try types.count == 1 ? negate(types[0]) : resolve(.subtract, types, literals)
    },
    ScalarFunction("*", aliases: ["multiply"], signature: "a * b") {
      types, literals throws(QueryError) in
      try resolve(.multiply, types, literals)
    },
    ScalarFunction("/", signature: "a / b") { types, literals throws(QueryError) in
      try resolve(.divide, types, literals)
    },
    ScalarFunction("//", aliases: ["divide"], signature: "a // b") {
      types, literals throws(QueryError) in
      try resolve(.integerDivide, types, literals)
    },
    ScalarFunction("%", aliases: ["mod"], signature: "a % b") {
      types, literals throws(QueryError) in
      try resolve(.remainder, types, literals)
    },
  ]

  private static func resolve(
    _ operation: Arithmetic, _ given: [DataType], _ literals: [Value?]
  ) throws(QueryError) -> ScalarOverload {
    let name = operation.rawValue
    let signature = "number \(name) number"
    guard given.count == 2 else { throw ImplicitCast.mismatch(name, given, signature) }
    var types = given
    if let place = types.firstIndex(of: .null) {
      types[place] = typeOfNull(operation, isFirst: place == 0, beside: types[1 - place])
      if types[1 - place] == .null || types[1 - place] == .varchar { types[1 - place] = .bigint }
    }
    if let temporal = try TemporalArithmetic.resolve(operation, types, literals) {
      return temporal
    }
    for index in 0..<2 where types[index] == .varchar && index < literals.count {
      // A text literal takes the type of its partner.
      if literals[index] != nil, types[1 - index].isNumeric { types[index] = types[1 - index] }
    }
    guard types[0].isNumeric, types[1].isNumeric else {
      throw ImplicitCast.mismatch(name, given, signature)
    }
    if operation == .divide { return doubles(operation) }
    if types[0] == .double || types[1] == .double { return doubles(operation) }
    let integral = types.allSatisfy { $0.isInteger || $0 == .hugeint }
    if integral && !types.contains(.hugeint) {
      return integers(operation, types.contains(.bigint) ? .bigint : .integer)
    }
    if operation == .integerDivide {
      return integral ? decimals(operation, types, .hugeint) : doubles(operation)
    }
    return decimals(operation, types, try resultType(operation, types))
  }

  /// The type that a NULL without one has beside another operand.
  private static func typeOfNull(
    _ operation: Arithmetic, isFirst: Bool, beside other: DataType
  ) -> DataType {
    switch (operation, other) {
    case (_, .null), (_, .varchar): .bigint
    case (.add, .date): .integer
    case (.add, .timestamp), (.add, .time): .interval
    case (.subtract, .date) where !isFirst: .integer
    case (.subtract, .timestamp) where !isFirst, (.subtract, .time) where !isFirst: .interval
    case (.multiply, .interval), (.divide, .interval): .bigint
    default: other
    }
  }

  private static func resultType(
    _ operation: Arithmetic, _ types: [DataType]
  ) throws(QueryError) -> DataType {
    guard let (leftDigits, leftScale) = ImplicitCast.decimalShape(types[0]),
      let (rightDigits, rightScale) = ImplicitCast.decimalShape(types[1])
    else { return .hugeint }
    let scale = max(leftScale, rightScale)
    let whole = max(leftDigits - leftScale, rightDigits - rightScale)
    switch operation {
    case .add, .subtract:
      return .decimal(precision: min(whole + scale + 1, 38), scale: scale)
    case .remainder:
      return .decimal(precision: min(whole + scale, 38), scale: scale)
    case .multiply:
      let product = leftScale + rightScale
      if product > 38 {
        throw QueryError(
          .type,
          "the product of \(types[0]) and \(types[1]) needs a scale of \(product) digits, "
            + "more than 38", hint: "cast one of them to a smaller scale")
      }
      let digits = leftDigits + rightDigits
      if digits > 18 && max(leftDigits, rightDigits) <= 18 && product < 18 {
        return .decimal(precision: 18, scale: product)
      }
      return .decimal(precision: min(digits, 38), scale: product)
    case .divide, .integerDivide: return .double
    }
  }

  // MARK: INTEGER, BIGINT

  private static func integers(_ operation: Arithmetic, _ type: DataType) -> ScalarOverload {
    ScalarOverload(name: operation.rawValue, [type, type], type, canFail: true) {
      arguments, count throws(QueryError) in
      let (left, right) = (arguments[0], arguments[1])
      let narrow = type == .integer
      let explain: (Int64, Int64) -> QueryError = { a, b in
        if operation == .integerDivide || operation == .remainder, b == 0 {
          return QueryError(.value, "division by zero: \(a) \(operation.rawValue) 0")
        }
        return QueryError(.value, "\(a) \(operation.rawValue) \(b) is out of range for \(type)")
      }
      typealias I = Int64
      switch operation {
      case .add:
        return try mapChecked(
          left, right, I.self, I.self, I.self, to: type, count: count,
          {
            let (value, bad) = $0.addingReportingOverflow($1)
            return (value, bad || (narrow && Int64(Int32(truncatingIfNeeded: value)) != value))
          }, explain: explain)
      case .subtract:
        return try mapChecked(
          left, right, I.self, I.self, I.self, to: type, count: count,
          {
            let (value, bad) = $0.subtractingReportingOverflow($1)
            return (value, bad || (narrow && Int64(Int32(truncatingIfNeeded: value)) != value))
          }, explain: explain)
      case .multiply:
        return try mapChecked(
          left, right, I.self, I.self, I.self, to: type, count: count,
          {
            let (value, bad) = $0.multipliedReportingOverflow(by: $1)
            return (value, bad || (narrow && Int64(Int32(truncatingIfNeeded: value)) != value))
          }, explain: explain)
      case .divide, .integerDivide:
        return try mapChecked(
          left, right, I.self, I.self, I.self, to: type, count: count,
          {
            let (value, bad) = $0.dividedReportingOverflow(by: $1)
            return (value, bad || (narrow && Int64(Int32(truncatingIfNeeded: value)) != value))
          }, explain: explain)
      case .remainder:
        return try mapChecked(
          left, right, I.self, I.self, I.self, to: type, count: count,
          {
            let (value, bad) = $0.remainderReportingOverflow(dividingBy: $1)
            return (value, bad || (narrow && $1 == -1 && $0 == Int64(Int32.min)))
          }, explain: explain)
      }
    }
  }

  // MARK: DOUBLE

  private static func doubles(_ operation: Arithmetic) -> ScalarOverload {
    typealias D = Double
    return ScalarOverload(
      name: operation.rawValue, [.double, .double], .double, canFail: operation == .integerDivide
    ) { arguments, count throws(QueryError) in
      let (left, right) = (arguments[0], arguments[1])
      switch operation {
      case .add:
        return mapBinary(left, right, D.self, D.self, D.self, to: .double, count: count) { $0 + $1 }
      case .subtract:
        return mapBinary(left, right, D.self, D.self, D.self, to: .double, count: count) { $0 - $1 }
      case .multiply:
        return mapBinary(left, right, D.self, D.self, D.self, to: .double, count: count) { $0 * $1 }
      case .divide:
        return mapBinary(left, right, D.self, D.self, D.self, to: .double, count: count) { $0 / $1 }
      case .integerDivide:
        return try mapChecked(
          left, right, D.self, D.self, D.self, to: .double, count: count,
          { ($0 / $1, $1 == 0) },
          explain: { a, _ in QueryError(.value, "division by zero: \(a) // 0") })
      case .remainder:
        return mapBinary(left, right, D.self, D.self, D.self, to: .double, count: count) {
          fmod($0, $1)
        }
      }
    }
  }

  // MARK: DECIMAL

  private static func decimals(
    _ operation: Arithmetic, _ types: [DataType], _ result: DataType
  ) -> ScalarOverload {
    guard case .decimal(let precision, let scale) = result,
      let (leftDigits, leftScale) = ImplicitCast.decimalShape(types[0]),
      let (rightDigits, rightScale) = ImplicitCast.decimalShape(types[1])
    else { preconditionFailure("decimal arithmetic has a decimal result") }
    // Operands keep their own scale in a product, and take the result's elsewhere; all have the
    // result's physical type.
    let width = precision <= 18 ? 18 : 38
    let parameters: [DataType] =
      operation == .multiply
      ? [
        .decimal(precision: width, scale: leftScale), .decimal(precision: width, scale: rightScale),
      ]
      : [
        .decimal(precision: precision, scale: scale), .decimal(precision: precision, scale: scale),
      ]
    let digits =
      operation == .multiply
      ? leftDigits + rightDigits
      : max(leftDigits - leftScale, rightDigits - rightScale) + scale + 1
    if digits <= precision, operation != .remainder,
      let sure = unchecked(operation, parameters, result)
    {
      return sure
    }
    let explain: @Sendable (Int128, Int128) -> QueryError = { a, b in
      if b == 0 && (operation == .integerDivide || operation == .remainder) {
        return QueryError(.value, "division by zero: \(operation.rawValue) 0")
      }
      return QueryError(
        .value,
        "a result of \(types[0]) \(operation.rawValue) \(types[1]) does not fit in \(result)")
    }
    return ScalarOverload(name: operation.rawValue, parameters, result, canFail: true) {
      arguments, count throws(QueryError) in
      let (left, right) = (arguments[0], arguments[1])
      if width == 18 {
        return try checked(
          operation, left, right, Int64.self, result, limit: powersOfTen64[precision], count: count,
          explain: { explain(Int128($0), Int128($1)) })
      }
      return try checked(
        operation, left, right, Int128.self, result, limit: powersOfTen128[precision], count: count,
        explain: explain)
    }
  }

  /// The operation between operands of which all results are of their type, and no divisor is 0; nil
  /// of `/`, and of more than 64 bits.
  static func unchecked(
    _ operation: Arithmetic, _ parameters: [DataType], _ result: DataType
  ) -> ScalarOverload? {
    guard result.physical == .int64, parameters.allSatisfy({ $0.physical == .int64 }) else {
      return nil
    }
    func overload(
      _ body: @escaping @Sendable (Vector, Vector, Int) -> Vector
    ) -> ScalarOverload {
      ScalarOverload(name: operation.rawValue, parameters, result) { arguments, count in
        body(arguments[0], arguments[1], count)
      }
    }
    typealias I = Int64
    switch operation {
    case .add:
      return overload {
        mapBinary($0, $1, I.self, I.self, I.self, to: result, count: $2) { $0 &+ $1 }
      }
    case .subtract:
      return overload {
        mapBinary($0, $1, I.self, I.self, I.self, to: result, count: $2) { $0 &- $1 }
      }
    case .multiply:
      return overload {
        mapBinary($0, $1, I.self, I.self, I.self, to: result, count: $2) { $0 &* $1 }
      }
    // Rows without a value may have any, so also a divisor of 0.
    case .integerDivide:
      return overload {
        mapBinary($0, $1, I.self, I.self, I.self, to: result, count: $2) {
          $0.dividedReportingOverflow(by: $1).partialValue
        }
      }
    case .remainder:
      return overload {
        mapBinary($0, $1, I.self, I.self, I.self, to: result, count: $2) {
          $0.remainderReportingOverflow(dividingBy: $1).partialValue
        }
      }
    case .divide: return nil
    }
  }

  @inline(__always)
  private static func checked<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
    _ operation: Arithmetic, _ left: Vector, _ right: Vector, _ number: Number.Type,
    _ result: DataType, limit: Number, count: Int, explain: (Number, Number) -> QueryError
  ) throws(QueryError) -> Vector {
    @inline(__always)
    func fits(_ value: Number, _ overflow: Bool) -> (Number, Bool) {
      (value, overflow || value >= limit || value <= 0 &- limit)
    }
    switch operation {
    case .add:
      return try mapChecked(
        left, right, number, number, number, to: result, count: count,
        {
          let (value, overflow) = $0.addingReportingOverflow($1)
          return fits(value, overflow)
        }, explain: explain)
    case .subtract:
      return try mapChecked(
        left, right, number, number, number, to: result, count: count,
        {
          let (value, overflow) = $0.subtractingReportingOverflow($1)
          return fits(value, overflow)
        }, explain: explain)
    case .multiply:
      return try mapChecked(
        left, right, number, number, number, to: result, count: count,
        {
          let (value, overflow) = $0.multipliedReportingOverflow(by: $1)
          return fits(value, overflow)
        }, explain: explain)
    case .divide, .integerDivide:
      return try mapChecked(
        left, right, number, number, number, to: result, count: count,
        {
          let (value, overflow) = $0.dividedReportingOverflow(by: $1)
          return fits(value, overflow)
        }, explain: explain)
    case .remainder:
      return try mapChecked(
        left, right, number, number, number, to: result, count: count,
        { a, b in
          if b == -1 { return (0, false) }
          let (value, overflow) = a.remainderReportingOverflow(dividingBy: b)
          return (value, overflow)
        }, explain: explain)
    }
  }

  // MARK: Unary minus

  private static func negate(_ given: DataType) throws(QueryError) -> ScalarOverload {
    let type = given == .null ? .bigint : given
    switch type {
    case .interval:
      return ScalarOverload(name: "-", [type], type) { arguments, _ in
        mapUnary(arguments[0], Interval.self, Interval.self, to: .interval) {
          Interval(
            months: 0 &- $0.months, days: 0 &- $0.days, microseconds: 0 &- $0.microseconds)
        }
      }
    case .double:
      return ScalarOverload(name: "-", [type], type) { arguments, _ in
        mapUnary(arguments[0], Double.self, Double.self, to: .double) { -$0 }
      }
    case .integer, .bigint:
      let lowest = type == .integer ? Int64(Int32.min) : Int64.min
      return ScalarOverload(name: "-", [type], type, canFail: true) {
        arguments, count throws(QueryError) in
        try mapChecked(
          arguments[0], arguments[0], Int64.self, Int64.self, Int64.self, to: type, count: count,
          { value, _ in (0 &- value, value == lowest) },
          explain: { value, _ in QueryError(.value, "-(\(value)) is out of range for \(type)") })
      }
    case .decimal:
      return ScalarOverload(name: "-", [type], type) { arguments, _ in
        type.physical == .int64
          ? mapUnary(arguments[0], Int64.self, Int64.self, to: type) { 0 &- $0 }
          : mapUnary(arguments[0], Int128.self, Int128.self, to: type) { 0 &- $0 }
      }
    default: throw ImplicitCast.mismatch("-", [given], "- number")
    }
  }
}
