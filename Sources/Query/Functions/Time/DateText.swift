import ColStore

/// strftime, strptime and try_strptime: dates as text in a given format.
enum DateText {
  static let functions: [ScalarFunction] = [
    strftime, parsing("strptime", isTry: false), parsing("try_strptime", isTry: true),
  ]

  private static let strftime = ScalarFunction(
    "strftime", signature: "strftime(date, format)"
  ) { types, literals throws(QueryError) in
    let forms: [ScalarOverload] = [
      formatting([.timestamp, .varchar], date: 0, format: 1),
      formatting([.varchar, .timestamp], date: 1, format: 0),
    ]
    // Either order of arguments is common; the format is the one that is no date.
    if types.count == 2, types[1] == .timestamp || types[1] == .date { return forms[1] }
    return try ImplicitCast.choose(
      [forms[0]], for: types, literals: literals, of: "strftime",
      signature: "strftime(date, format)")
  }

  private static func formatting(
    _ parameters: [DataType], date: Int, format: Int
  ) -> ScalarOverload {
    ScalarOverload(name: "strftime", parameters, .varchar, canFail: true) {
      arguments, count throws(QueryError) in
      let times = Rows<Int64>(arguments[date])
      let formats = Rows<StringView>(arguments[format])
      var known: (StringView, DateFormat)?
      let buffer = TextBuffer()
      var output = TextBuilder(count: count)
      for row in 0..<count {
        if times.isNull(row) || formats.isNull(row) {
          output.set(row, .empty)
          continue
        }
        let parsed = try compiled(formats[row], &known)
        buffer.removeAll()
        parsed.write(times[row], to: buffer)
        output.set(row, output.arena.copy(buffer.bytes))
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  private static func compiled(
    _ format: StringView, _ known: inout (StringView, DateFormat)?
  ) throws(QueryError) -> DateFormat {
    if let known, known.0 == format { return known.1 }
    let parsed = try DateFormat(format.string)
    known = (format, parsed)
    return parsed
  }

  private static func parsing(_ name: String, isTry: Bool) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text, format)",
      overloads: [
        ScalarOverload(name: name, [.varchar, .varchar], .timestamp, canFail: true) {
          arguments, count throws(QueryError) in
          var known: (StringView, DateFormat)?
          return try mapRows(
            arguments[0], arguments[1], StringView.self, StringView.self, Int64.self,
            to: .timestamp, count: count, filler: 0
          ) { text, format throws(QueryError) in
            if let value = try compiled(format, &known).read(text) { return value }
            if isTry { return nil }
            throw QueryError(
              .value, "the text '\(text.string)' does not have the format '\(format.string)'")
          }
        }
      ])
  }
}
