import ColStore

/// strftime, strptime and try_strptime: dates as text in a given format.
enum DateText {
  static let functions: [ScalarFunction] = [
    strftime, parsing("strptime", isTry: false), parsing("try_strptime", isTry: true),
  ]

  private static let strftime = ScalarFunction(
    "strftime", signature: "strftime(date, format)"
  ) { types, literals throws(QueryError) in
    let granule = literals.lazy.compactMap { literal -> Int64? in
      guard case .string(let format)? = literal else { return nil }
      return (try? DateFormat(format))?.granule
    }.first
    let forms: [ScalarOverload] = [
      formatting([.timestamp, .varchar], date: 0, format: 1, granule: granule ?? 1),
      formatting([.varchar, .timestamp], date: 1, format: 0, granule: granule ?? 1),
    ]
    // Either order of arguments is common; the format is the one that is no date.
    if types.count == 2, types[1] == .timestamp || types[1] == .date { return forms[1] }
    return try ImplicitCast.choose(
      [forms[0]], for: types, literals: literals, of: "strftime",
      signature: "strftime(date, format)")
  }

  private static func formatting(
    _ parameters: [DataType], date: Int, format: Int, granule: Int64
  ) -> ScalarOverload {
    ScalarOverload(name: "strftime", parameters, .varchar, canFail: true, granule: granule) {
      arguments, count throws(QueryError) in
      let times = Rows<Int64>(arguments[date])
      let formats = Rows<StringView>(arguments[format])
      var known: (StringView, DateFormat)?
      let buffer = TextBuilder.rowBuffer()
      var output = TextBuilder(count: count)
      let texts = LastResults<StringView>(filler: .empty)
      for row in 0..<count {
        if times.isNull(row) || formats.isNull(row) {
          output.set(row, .empty)
          continue
        }
        let parsed = try compiled(formats[row], &known)
        func text() throws(QueryError) -> StringView {
          buffer.removeAll()
          parsed.write(times[row], to: buffer)
          return try output.copy(buffer)
        }
        output.set(
          row,
          granule > 1
            ? try texts.of(FloorDivision.quotient(times[row], granule), make: text) : try text())
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

  /// With a list of formats, the first that fits.
  private static func parsing(_ name: String, isTry: Bool) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text, format or formats)",
      overloads: [
        ScalarOverload(name: name, [.varchar, .list(.varchar)], .timestamp, canFail: true) {
          arguments, count throws(QueryError) in
          let texts = Rows<StringView>(arguments[0])
          let lists = ListRows(arguments[1])
          let formats = Rows<StringView>(lists.elements)
          var known: [String: DateFormat] = [:]
          var output = FlatBuilder<Int64>(count: count)
          for row in 0..<count {
            var value: Int64?
            if !texts.isNull(row) && !lists.isNull(row) {
              for element in lists[row] where value == nil && !formats.isNull(element) {
                let format = formats[element].string
                let parsed: DateFormat
                if let found = known[format] {
                  parsed = found
                } else {
                  parsed = try DateFormat(format)
                  known[format] = parsed
                }
                value = try parsed.read(texts[row])
              }
              if value == nil && !isTry {
                throw QueryError(
                  .value, "the text '\(texts[row].string)' has none of the formats")
              }
            }
            if let value { output[row] = value } else { output.setNull(row, filler: 0) }
          }
          return withExtendedLifetime(arguments) { output.finish(.timestamp) }
        },
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
        },
      ])
  }
}
