import ColStore

/// length, strlen, bit_length, ascii: numbers made of a text.
enum Lengths {
  static let functions: [ScalarFunction] = [
    length,
    TextFunctions.measure("strlen", aliases: ["octet_length"], to: .bigint) { Int64($0.count) },
    TextFunctions.measure("bit_length", to: .bigint) { Int64($0.count) * 8 },
    TextFunctions.measure("ascii", to: .integer) {
      CodePoints.first($0).map { Int64($0.value) } ?? 0
    },
    TextFunctions.measure("unicode", aliases: ["ord"], to: .integer) {
      CodePoints.first($0).map { Int64($0.value) } ?? -1
    },
    TextFunctions.measure("length_grapheme", to: .bigint) { Int64($0.string.count) },
  ]

  /// Code points of a text, elements of a list.
  private static let length = ScalarFunction(
    "length",
    aliases: ["len", "char_length", "character_length", "array_length", "list_length"],
    signature: "length(text or list)"
  ) { types, literals throws(QueryError) in
    if types.count == 1, types[0].isList { return ListParts.count(name: "length", types[0]) }
    let overload = ScalarOverload(name: "length", [.varchar], .bigint) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], StringView.self, Int64.self, to: .bigint, count: count, filler: 0
      ) { Int64(CodePoints.count($0)) }
    }
    return try ImplicitCast.choose(
      [overload], for: types, literals: literals, of: "length", signature: "length(text or list)")
  }
}
