import ColStore

/// gcd, lcm, factorial and bit operations.
enum IntegerFunctions {
  static let functions: [ScalarFunction] = [
    bits("&") { $0 & $1 },
    bits("|") { $0 | $1 },
    bits("xor") { $0 ^ $1 },
    complement,
    shift("<<"), shift(">>"),
    bitCount, gcd, lcm, factorial,
  ]

  private static func bits(
    _ name: String, _ body: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> ScalarFunction {
    func overload(_ type: DataType) -> ScalarOverload {
      ScalarOverload(name: name, [type, type], type) { arguments, count in
        mapBinary(
          arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: type, count: count,
          body)
      }
    }
    return ScalarFunction(
      name, signature: "integer \(name) integer",
      overloads: [overload(.integer), overload(.bigint)])
  }

  private static let complement = ScalarFunction(
    "~", signature: "~ integer",
    overloads: [DataType.integer, .bigint].map { type in
      ScalarOverload(name: "~", [type], type) { arguments, _ in
        mapUnary(arguments[0], Int64.self, Int64.self, to: type) { ~$0 }
      }
    })

  private static func shift(_ name: String) -> ScalarFunction {
    ScalarFunction(
      name, signature: "integer \(name) count",
      overloads: [DataType.integer, .bigint].map { type in
        ScalarOverload(name: name, [type, type], type, canFail: true) {
          arguments, count throws(QueryError) in
          try mapRows(
            arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: type,
            count: count, filler: 0
          ) { value, amount throws(QueryError) in
            let width: Int64 = type == .integer ? 32 : 64
            if name == ">>" { return amount < 0 || amount >= width ? 0 : value >> amount }
            let result = amount < 0 || amount >= width ? 0 : value << amount
            let isLost =
              amount < 0 || (value != 0 && (amount >= width || result >> amount != value))
            if value < 0 || isLost || (type == .integer && result > Int64(Int32.max)) {
              throw QueryError(.value, "\(value) << \(amount) is out of range for \(type)")
            }
            return result
          }
        }
      })
  }

  private static let bitCount = ScalarFunction(
    "bit_count", signature: "bit_count(integer)",
    overloads: [DataType.integer, .bigint].map { type in
      ScalarOverload(name: "bit_count", [type], .integer) { arguments, _ in
        mapUnary(arguments[0], Int64.self, Int64.self, to: .integer) {
          type == .integer
            ? Int64(Int32(truncatingIfNeeded: $0).nonzeroBitCount) : Int64($0.nonzeroBitCount)
        }
      }
    })

  private static func divisor(_ a: Int64, _ b: Int64) -> UInt64 {
    var (x, y) = (a.magnitude, b.magnitude)
    while y != 0 { (x, y) = (y, x % y) }
    return x
  }

  private static let gcd = ScalarFunction(
    "gcd", aliases: ["greatest_common_divisor"], signature: "gcd(a, b)",
    overloads: [
      ScalarOverload(name: "gcd", [.bigint, .bigint], .bigint, canFail: true) {
        arguments, count throws(QueryError) in
        try mapChecked(
          arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .bigint,
          count: count,
          { a, b in
            let result = divisor(a, b)
            return (Int64(truncatingIfNeeded: result), result > UInt64(Int64.max))
          }, explain: { a, b in QueryError(.value, "gcd(\(a), \(b)) is out of range for BIGINT") })
      }
    ])

  private static let lcm = ScalarFunction(
    "lcm", aliases: ["least_common_multiple"], signature: "lcm(a, b)",
    overloads: [
      ScalarOverload(name: "lcm", [.bigint, .bigint], .bigint, canFail: true) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .bigint,
          count: count, filler: 0
        ) { a, b throws(QueryError) in
          if a == 0 || b == 0 { return 0 }
          let (product, overflow) = (a.magnitude / divisor(a, b)).multipliedReportingOverflow(
            by: b.magnitude)
          guard !overflow, let result = Int64(exactly: product) else {
            throw QueryError(.value, "lcm(\(a), \(b)) is out of range for BIGINT")
          }
          return result
        }
      }
    ])

  private static let factorial = ScalarFunction(
    "factorial", aliases: ["!"], signature: "factorial(integer)",
    overloads: [
      ScalarOverload(name: "factorial", [.integer], .hugeint, canFail: true) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], Int64.self, Int128.self, to: .hugeint, count: count, filler: 0
        ) { value throws(QueryError) in
          guard value >= 0, value <= 33 else {
            throw QueryError(.value, "factorial(\(value)) is out of range")
          }
          return value < 2 ? 1 : (2...Int128(value)).reduce(1, *)
        }
      }
    ])
}
