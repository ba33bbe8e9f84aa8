import ColStore
@_spi(_Unicode) import Swift

/// left_grapheme, right_grapheme, substring_grapheme, regexp_escape, strip_accents: texts by what a
/// reader sees as one character.
enum Graphemes {
  static let functions: [ScalarFunction] = [
    sliced("left_grapheme") { text, count, _ in
      count >= 0 ? text.prefix(count) : text.dropLast(-count)
    },
    sliced("right_grapheme") { text, count, _ in
      count >= 0 ? text.suffix(count) : text.dropFirst(-count)
    },
    substring, escape,
    mapped("strip_accents") { text in
      var bare = String.UnicodeScalarView()
      for scalar in text._nfd where scalar.properties.generalCategory != .nonspacingMark {
        bare.append(scalar)
      }
      return String(bare)
    },
    mapped("nfc_normalize") { text in
      var composed = String.UnicodeScalarView()
      for scalar in text._nfc { composed.append(scalar) }
      return String(composed)
    },
  ]

  private static func mapped(
    _ name: String, _ body: @escaping @Sendable (String) -> String
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text)",
      overloads: [
        TextFunctions.overload(name, [.varchar]) { row, buffer in
          buffer.append(body(row.text(0).string))
          return buffer.view
        }
      ])
  }

  private static func sliced(
    _ name: String, _ body: @escaping @Sendable ([Character], Int, Int) -> ArraySlice<Character>
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text, count)",
      overloads: [
        TextFunctions.overload(name, [.varchar, .bigint]) { row, buffer in
          let count = Slices.clamp(row.number(1))
          buffer.append(String(body(Array(row.text(0).string), count, 0)))
          return buffer.view
        }
      ])
  }

  private static let substring = ScalarFunction(
    "substring_grapheme", signature: "substring_grapheme(text, start[, length])",
    overloads: [[DataType.varchar, .bigint], [.varchar, .bigint, .bigint]].map { parameters in
      TextFunctions.overload("substring_grapheme", parameters) { row, buffer in
        let text = Array(row.text(0).string)
        let length = parameters.count > 2 ? row.number(2) : Int64.max
        let range = Slices.range(row.number(1), length, text.count)
        buffer.append(String(text[range]))
        return buffer.view
      }
    })

  /// A backslash before everything that is no letter, digit or underscore of ASCII, as RE2 quotes.
  private static let escape = ScalarFunction(
    "regexp_escape", signature: "regexp_escape(text)",
    overloads: [
      TextFunctions.overload("regexp_escape", [.varchar]) { row, buffer in
        for byte in row.text(0).bytes {
          switch byte {
          case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x80...: break
          default: buffer.append(0x5c)
          }
          buffer.append(byte)
        }
        return buffer.view
      }
    ])
}
