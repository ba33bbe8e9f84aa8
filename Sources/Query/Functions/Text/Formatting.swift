import ColStore

/// format, printf, format_bytes, bar: values laid out in a text.
enum Formatting {
  static let functions: [ScalarFunction] = [
    function("format", aliases: [], isPrintf: false),
    function("printf", aliases: [], isPrintf: true),
    size("format_bytes", aliases: ["formatreadablesize", "pg_size_pretty"], unit: 1024, "KiB"),
    size("formatreadabledecimalsize", aliases: [], unit: 1000, "kB"), bar,
  ]

  private static func function(_ name: String, aliases: [String], isPrintf: Bool) -> ScalarFunction
  {
    let signature = "\(name)(format, value, …)"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, _ throws(QueryError) in
      guard let first = types.first, first == .varchar || first == .null else {
        throw ImplicitCast.mismatch(name, types, signature)
      }
      let parameters = types.map { type -> DataType in
        switch type {
        case .integer, .bigint: .bigint
        case .double, .decimal: .double
        case .boolean: .boolean
        default: .varchar
        }
      }
      let all = [DataType.varchar] + parameters.dropFirst()
      return ScalarOverload(name: name, all, .varchar, canFail: true) {
        arguments, count throws(QueryError) in
        var output = TextBuilder(count: count)
        for row in 0..<count {
          if arguments.contains(where: { $0.isNull(row) }) {
            output.set(row, .empty)
            continue
          }
          let values = arguments.map { $0.value(at: row) }
          guard case .string(let format) = values[0] else { continue }
          let layout = FormatLayout(Array(format.utf8), Array(values.dropFirst()))
          output.set(
            row, copying: try isPrintf ? layout.percentDirectives() : layout.braceDirectives())
        }
        return output.finish()
      }
    }
  }

  private static func size(
    _ name: String, aliases: [String], unit: UInt64, _ first: String
  ) -> ScalarFunction {
    ScalarFunction(
      name, aliases: aliases, signature: "\(name)(bytes)",
      overloads: [
        TextFunctions.overload(name, [.bigint]) { row, buffer in
          let number = row.number(0)
          if number < 0 { buffer.append("-") }
          if number.magnitude < unit {
            buffer.append("\(number.magnitude) byte\(number.magnitude == 1 ? "" : "s")")
            return buffer.view
          }
          let suffix = first.dropFirst()
          let letters = [String(first.prefix(1)), "M", "G", "T", "P", "E"]
          var (size, rest, index) = (number.magnitude / unit, number.magnitude % unit, 0)
          while size >= unit && index + 1 < 5 {
            rest = size % unit
            size /= unit
            index += 1
          }
          buffer.append("\(size).\(rest * 10 / unit) \(letters[index])\(suffix)")
          return buffer.view
        }
      ])
  }

  /// A bar of blocks from `low` to `value` on a scale up to `high`, in eighths of a character.
  private static let bar = ScalarFunction(
    "bar", signature: "bar(value, low, high[, width])",
    overloads: [3, 4].map { parameterCount in
      ScalarOverload(
        name: "bar", [DataType](repeating: .double, count: parameterCount), .varchar, canFail: true
      ) { arguments, count throws(QueryError) in
        let columns = arguments.map { Rows<Double>($0) }
        var output = TextBuilder(count: count)
        for row in 0..<count {
          if columns.contains(where: { $0.isNull(row) }) {
            output.set(row, .empty)
            continue
          }
          let width = parameterCount > 3 ? columns[3][row] : 80
          guard width.isFinite, width >= 1, width <= 1000 else {
            throw QueryError(.value, "the width of bar lies between 1 and 1000")
          }
          let (value, low, high) = (columns[0][row], columns[1][row], columns[2][row])
          guard value.isFinite, low.isFinite, high.isFinite else {
            throw QueryError(.value, "bar takes finite numbers")
          }
          let share = value <= low ? 0 : (value >= high ? 1 : (value - low) / (high - low))
          let eighths = Int((share * width * 8).rounded(.towardZero))
          let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
          let filled = String(repeating: "█", count: eighths / 8) + partial
          let used = eighths / 8 + (eighths % 8 > 0 ? 1 : 0)
          output.set(
            row,
            copying: Array((filled + String(repeating: " ", count: max(Int(width) - used, 0))).utf8)
          )
        }
        return output.finish()
      }
    })
}
