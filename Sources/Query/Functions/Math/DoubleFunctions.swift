import ColStore
import Glibc

/// Functions of DOUBLE: roots, powers, logarithms, angles.
enum DoubleFunctions {
  static let functions: [ScalarFunction] = [
    unary("sqrt") { $0.squareRoot() },
    unary("cbrt") { Glibc.cbrt($0) },
    unary("exp") { Glibc.exp($0) },
    unary("ln") { Glibc.log($0) },
    unary("log2") { Glibc.log2($0) },
    unary("log10") { Glibc.log10($0) },
    logarithm,
    binary("pow", aliases: ["power", "**", "^"]) { Glibc.pow($0, $1) },
    unary("sin") { Glibc.sin($0) },
    unary("cos") { Glibc.cos($0) },
    unary("tan") { Glibc.tan($0) },
    unary("cot") { 1 / Glibc.tan($0) },
    unary("asin") { Glibc.asin($0) },
    unary("acos") { Glibc.acos($0) },
    unary("atan") { Glibc.atan($0) },
    unary("sinh") { Glibc.sinh($0) },
    unary("cosh") { Glibc.cosh($0) },
    unary("tanh") { Glibc.tanh($0) },
    unary("asinh") { Glibc.asinh($0) },
    unary("acosh") { Glibc.acosh($0) },
    unary("atanh") { Glibc.atanh($0) },
    unary("gamma") { Glibc.tgamma($0) },
    unary("lgamma") { Glibc.lgamma($0) },
    binary("fdiv") { ($0 / $1).rounded(.down) },
    binary("fmod") { $0 - $1 * ($0 / $1).rounded(.down) },
    binary("atan2") { Glibc.atan2($0, $1) },
    binary("nextafter") { Glibc.nextafter($0, $1) },
    unary("degrees") { $0 * 180 / Double.pi },
    unary("radians") { $0 * (Double.pi / 180) },
    test("isnan") { $0.isNaN },
    test("isinf", ofTimes: false) { $0.isInfinite },
    test("isfinite", ofTimes: true) { $0.isFinite },
    test("signbit") { $0.sign == .minus },
    constant("pi", Double.pi),
    constant("e", 2.718281828459045),
    random, uuid,
  ]

  private static func unary(
    _ name: String, _ body: @escaping @Sendable (Double) -> Double
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(number)",
      overloads: [
        ScalarOverload(name: name, [.double], .double) { arguments, _ in
          mapUnary(arguments[0], Double.self, Double.self, to: .double, body)
        }
      ])
  }

  private static func binary(
    _ name: String, aliases: [String] = [],
    _ body: @escaping @Sendable (Double, Double) -> Double
  ) -> ScalarFunction {
    ScalarFunction(
      name, aliases: aliases, signature: "\(name)(a, b)",
      overloads: [overload(name, body)])
  }

  private static func overload(
    _ name: String, _ body: @escaping @Sendable (Double, Double) -> Double
  ) -> ScalarOverload {
    ScalarOverload(name: name, [.double, .double], .double) { arguments, count in
      mapBinary(
        arguments[0], arguments[1], Double.self, Double.self, Double.self, to: .double,
        count: count, body)
    }
  }

  /// log(x) to base 10, log(base, x).
  private static let logarithm = ScalarFunction(
    "log", signature: "log([base, ]number)",
    overloads: [
      ScalarOverload(name: "log", [.double], .double) { arguments, _ in
        mapUnary(arguments[0], Double.self, Double.self, to: .double) { Glibc.log10($0) }
      },
      overload("log") { Glibc.log($1) / Glibc.log($0) },
    ])

  /// `ofTimes`: what the answer is for every date and timestamp, where it has one.
  private static func test(
    _ name: String, ofTimes: Bool? = nil, _ body: @escaping @Sendable (Double) -> Bool
  ) -> ScalarFunction {
    let numbers = ScalarOverload(name: name, [.double], .boolean) { arguments, _ in
      mapUnary(arguments[0], Double.self, UInt8.self, to: .boolean) { body($0) ? 1 : 0 }
    }
    let times = [DataType.date, .timestamp].compactMap { type in
      ofTimes.map { answer in
        ScalarOverload(name: name, [type], .boolean) { _, count in
          .constant(.boolean, .bool(answer), count: count)
        }
      }
    }
    return ScalarFunction(name, signature: "\(name)(number)", overloads: [numbers] + times)
  }

  private static func constant(_ name: String, _ value: Double) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)()",
      overloads: [
        ScalarOverload(name: name, [], .double) { _, count in
          .constant(.double, .double(value), count: count)
        }
      ])
  }

  /// A random UUID of version 4.
  private static let uuid = ScalarFunction(
    "uuid", aliases: ["gen_random_uuid", "uuidv4"], signature: "uuid()",
    overloads: [
      ScalarOverload(name: "uuid", [], .uuid, nulls: .custom, isDeterministic: false) {
        _, count in
        let output = FlatBuilder<Int128>(count: count)
        for row in 0..<count {
          let high = UInt64.random(in: 0 ... .max) & ~0xf000 | 0x4000
          let low = UInt64.random(in: 0 ... .max) & ~(3 << 62) | 1 << 63
          let bits = UInt128(high) << 64 | UInt128(low)
          output[row] = Int128(bitPattern: bits ^ 1 << 127)
        }
        return output.finish(.uuid)
      }
    ])

  private static let random = ScalarFunction(
    "random", signature: "random()",
    overloads: [
      ScalarOverload(name: "random", [], .double, nulls: .custom, isDeterministic: false) {
        _, count in
        let output = FlatBuilder<Double>(count: count)
        for row in 0..<count { output[row] = Double.random(in: 0..<1) }
        return output.finish(.double)
      }
    ])
}
