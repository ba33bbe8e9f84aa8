import ColStore
import Glibc

/// contains, starts_with, ends_with, position: a text in a text.
enum Search {
  static let functions: [ScalarFunction] = [
    contains,
    TextFunctions.predicate(
      "starts_with", aliases: ["prefix", "^@"], signature: "starts_with(text, prefix)"
    ) { $0.count >= $1.count && memcmp($0.start, $1.start, $1.count) == 0 },
    TextFunctions.predicate(
      "ends_with", aliases: ["suffix"], signature: "ends_with(text, suffix)"
    ) { $0.count >= $1.count && memcmp($0.start + $0.count - $1.count, $1.start, $1.count) == 0 },
    position,
    swappedPosition,
  ]

  private static let contains = ScalarFunction("contains", signature: "contains(text, part)") {
    types, literals throws(QueryError) in
    if let first = types.first, first.isList {
      return try ListSearch.containment(types, literals)
    }
    let overload = ScalarOverload(name: "contains", [.varchar, .varchar], .boolean) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], StringView.self, StringView.self, UInt8.self, to: .boolean,
        count: count, filler: 0
      ) { TextSearch.find($1.bytes, in: $0) != nil ? 1 : 0 }
    }
    return try ImplicitCast.choose(
      [overload], for: types, literals: literals, of: "contains",
      signature: "contains(text, part)")
  }

  private static let position = ScalarFunction(
    "strpos", aliases: ["instr"], signature: "strpos(text, part)",
    overloads: [
      ScalarOverload(name: "strpos", [.varchar, .varchar], .bigint) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], arguments[1], StringView.self, StringView.self, Int64.self, to: .bigint,
          count: count, filler: 0
        ) { place(of: $1, in: $0) }
      }
    ])

  /// `position(part IN text)` comes as position(text, part).
  private static let swappedPosition = ScalarFunction(
    "position", signature: "position(part IN text)",
    overloads: [
      ScalarOverload(name: "position", [.varchar, .varchar], .bigint) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], arguments[1], StringView.self, StringView.self, Int64.self, to: .bigint,
          count: count, filler: 0
        ) { place(of: $1, in: $0) }
      }
    ])

  /// From 1, in code points; 0 where it is not there.
  private static func place(of part: StringView, in text: StringView) -> Int64 {
    guard let found = TextSearch.find(part.bytes, in: text) else { return 0 }
    return Int64(CodePoints.count(StringView(start: text.start, count: found)) + 1)
  }
}
