import ColStore

/// substring, left, right, split_part: parts of a text, by code point.
enum Slices {
  static let functions: [ScalarFunction] = [
    ScalarFunction(
      "substring", aliases: ["substr", "mid"], signature: "substring(text, start[, length])",
      overloads: [
        TextFunctions.overload("substring", [.varchar, .bigint]) { row, _ in
          let text = row.text(0)
          let count = CodePoints.count(text)
          return CodePoints.slice(text, start(row.number(1), count), count)
        },
        TextFunctions.overload("substring", [.varchar, .bigint, .bigint]) { row, _ in
          substring(row.text(0), row.number(1), row.number(2))
        },
      ]),
    ScalarFunction(
      "left", signature: "left(text, count)",
      overloads: [
        TextFunctions.overload("left", [.varchar, .bigint]) { row, _ in
          let text = row.text(0)
          let wanted = clamp(row.number(1))
          let end = wanted >= 0 ? wanted : CodePoints.count(text) + wanted
          return CodePoints.slice(text, 0, max(end, 0))
        }
      ]),
    ScalarFunction(
      "right", signature: "right(text, count)",
      overloads: [
        TextFunctions.overload("right", [.varchar, .bigint]) { row, _ in
          let text = row.text(0)
          let count = CodePoints.count(text)
          let wanted = clamp(row.number(1))
          let taken = wanted >= 0 ? min(wanted, count) : max(count + wanted, 0)
          return CodePoints.slice(text, count - taken, count)
        }
      ]),
    ScalarFunction(
      "split_part", signature: "split_part(text, separator, index)",
      overloads: [
        TextFunctions.overload("split_part", [.varchar, .varchar, .bigint]) { row, _ in
          part(row.text(0), row.text(1), clamp(row.number(2)))
        }
      ]),
  ]

  static func clamp(_ value: Int64) -> Int { Int(max(min(value, 1 << 40), -(1 << 40))) }

  /// The code point that a 1-based start means; negative ones count from the end.
  private static func start(_ given: Int64, _ count: Int) -> Int {
    let value = clamp(given)
    if value > 0 { return value - 1 }
    return value < 0 ? max(count + value, 0) : 0
  }

  private static func substring(_ text: StringView, _ from: Int64, _ length: Int64) -> StringView {
    let range = range(from, length, CodePoints.count(text))
    return CodePoints.slice(text, range.lowerBound, range.upperBound)
  }

  /// The characters, of `count`, that a 1-based start and a length mean.
  static func range(_ from: Int64, _ length: Int64, _ count: Int) -> Range<Int> {
    let given = clamp(from)
    let begin = given > 0 ? given - 1 : (given < 0 ? count + given : -1)
    let span = clamp(length)
    let (low, high) = span >= 0 ? (begin, begin + span) : (begin + span, begin)
    let start = min(max(low, 0), count)
    return start..<max(min(max(high, 0), count), start)
  }

  /// The index-th piece, from 1, or from the end where negative; empty outside.
  private static func part(_ text: StringView, _ separator: StringView, _ index: Int) -> StringView
  {
    let pieces = pieces(text, separator)
    let wanted = index > 0 ? index - 1 : pieces.count + index
    return index != 0 && pieces.indices.contains(wanted) ? pieces[wanted] : .empty
  }

  /// The text cut at its separators; at every character where that is empty.
  static func pieces(_ text: StringView, _ separator: StringView) -> [StringView] {
    var pieces: [StringView] = []
    if text.count == 0 { return [text] }
    if separator.count == 0 {
      let count = CodePoints.count(text)
      for at in 0..<count { pieces.append(CodePoints.slice(text, at, at + 1)) }
    } else {
      var at = 0
      while let found = TextSearch.find(separator.bytes, in: text, from: at) {
        pieces.append(StringView(start: text.start + at, count: found - at))
        at = found + separator.count
      }
      pieces.append(StringView(start: text.start + at, count: text.count - at))
    }
    return pieces
  }
}
