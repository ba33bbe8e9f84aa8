import ColStore

/// length, strlen, bit_length, ascii: numbers made of a text.
enum Lengths {
  static let functions: [ScalarFunction] = [
    TextFunctions.measure(
      "length", aliases: ["len", "char_length", "character_length"], to: .bigint
    ) { Int64(CodePoints.count($0)) },
    TextFunctions.measure("strlen", aliases: ["octet_length"], to: .bigint) { Int64($0.count) },
    TextFunctions.measure("bit_length", to: .bigint) { Int64($0.count) * 8 },
    TextFunctions.measure("ascii", aliases: ["unicode", "ord"], to: .integer) {
      CodePoints.first($0).map { Int64($0.value) } ?? 0
    },
  ]
}
