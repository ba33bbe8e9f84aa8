import ColStore

/// Upper and lower case of UTF-8 text.
enum CaseMapping {
  static let functions: [ScalarFunction] = [
    ScalarFunction(
      "lower", aliases: ["lcase"], signature: "lower(text)",
      overloads: [overload("lower") { lower($0, $1) }]),
    ScalarFunction(
      "upper", aliases: ["ucase"], signature: "upper(text)",
      overloads: [overload("upper") { upper($0, $1) }]),
  ]

  private static func overload(
    _ name: String, _ map: @escaping @Sendable (StringView, TextBuffer) -> StringView
  ) -> ScalarOverload {
    ScalarOverload(name: name, [.varchar], .varchar) { arguments, count in
      let rows = Rows<StringView>(arguments[0])
      let buffer = TextBuffer()
      var output = TextBuilder(count: count)
      for row in 0..<count {
        if rows.isNull(row) {
          output.set(row, .empty)
        } else {
          output.set(row, output.arena.copy(map(rows[row], buffer).bytes))
        }
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  /// The text in lower case, in `buffer` until that is used again.
  static func lower(_ view: StringView, _ buffer: TextBuffer) -> StringView {
    map(view, buffer, from: 0x41, to: 0x5a) { scalar in
      // One code point stays one: the dotted capital i loses its dot.
      scalar == "İ" ? "i" : scalar.properties.lowercaseMapping
    }
  }

  static func upper(_ view: StringView, _ buffer: TextBuffer) -> StringView {
    map(view, buffer, from: 0x61, to: 0x7a) { scalar in
      // One code point stays one: the capital sharp s, not two letters.
      if scalar == "ß" { return "ẞ" }
      let mapped = scalar.properties.uppercaseMapping
      return mapped.unicodeScalars.count == 1 ? mapped : String(scalar)
    }
  }

  @inline(__always)
  private static func map(
    _ view: StringView, _ buffer: TextBuffer, from: UInt8, to: UInt8,
    _ other: (Unicode.Scalar) -> String
  ) -> StringView {
    buffer.removeAll()
    let place = buffer.reserve(view.count + 1)
    var isASCII: UInt8 = 0
    for index in 0..<view.count {
      let byte = view.start[index]
      isASCII |= byte
      place[index] = byte >= from && byte <= to ? byte ^ 0x20 : byte
    }
    if isASCII < 0x80 {
      buffer.commit(view.count)
    } else {
      for scalar in view.string.unicodeScalars {
        if scalar.isASCII {
          let byte = UInt8(scalar.value)
          buffer.append(byte >= from && byte <= to ? byte ^ 0x20 : byte)
        } else {
          buffer.append(other(scalar))
        }
      }
    }
    return StringView(start: buffer.start, count: buffer.count)
  }
}
