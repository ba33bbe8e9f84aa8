import ColStore

/// trim, ltrim, rtrim: characters taken off the ends.
enum Trimming {
  static let functions: [ScalarFunction] = [
    function("trim", left: true, right: true),
    function("ltrim", left: true, right: false),
    function("rtrim", left: false, right: true),
  ]

  private static func function(_ name: String, left: Bool, right: Bool) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text[, characters])",
      overloads: [
        TextFunctions.overload(name, [.varchar]) { row, _ in
          let text = row.text(0)
          var start = 0
          var end = text.count
          while left, start < end, text.start[start] == 0x20 { start += 1 }
          while right, end > start, text.start[end - 1] == 0x20 { end -= 1 }
          return StringView(start: text.start + start, count: end - start)
        },
        TextFunctions.overload(name, [.varchar, .varchar]) { row, _ in
          trim(row.text(0), of: Set(row.text(1).string.unicodeScalars), left, right)
        },
      ])
  }

  private static func trim(
    _ text: StringView, of set: Set<Unicode.Scalar>, _ left: Bool, _ right: Bool
  ) -> StringView {
    let scalars = Array(text.string.unicodeScalars)
    var low = 0
    var high = scalars.count
    while left, low < high, set.contains(scalars[low]) { low += 1 }
    while right, high > low, set.contains(scalars[high - 1]) { high -= 1 }
    return CodePoints.slice(text, low, high)
  }
}
