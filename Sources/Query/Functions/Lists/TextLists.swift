import ColStore

/// string_split, regexp_split_to_array, regexp_extract_all: texts cut into lists.
enum TextLists {
  static let functions: [ScalarFunction] = [split, splitByExpression, extractAll]

  private static let split = ScalarFunction(
    "string_split", aliases: ["str_split", "string_to_array", "split"],
    signature: "string_split(text, separator)",
    overloads: [
      ScalarOverload(
        name: "string_split", [.varchar, .varchar], .list(.varchar), nulls: .custom
      ) { arguments, count in
        let (texts, separators) = (Rows<StringView>(arguments[0]), Rows<StringView>(arguments[1]))
        var output = TextListBuilder(count: count)
        for row in 0..<count {
          if texts.isNull(row) {
            output.endNull()
            continue
          }
          let start = output.elementCount
          if separators.isNull(row) {
            output.append(texts[row])
          } else {
            for piece in Slices.pieces(texts[row], separators[row]) { output.append(piece) }
          }
          output.endList(from: start)
        }
        return output.finish(borrowing: arguments)
      }
    ])

  private static let splitByExpression = ScalarFunction(
    "string_split_regex",
    aliases: ["str_split_regex", "regexp_split_to_array"],
    signature: "string_split_regex(text, pattern[, options])",
    overloads: [2, 3].map { parameterCount in
      ScalarOverload(
        name: "string_split_regex", [DataType](repeating: .varchar, count: parameterCount),
        .list(.varchar), nulls: .custom, canFail: true
      ) { arguments, count throws(QueryError) in
        let columns = arguments.map { Rows<StringView>($0) }
        let cache = MachineCache()
        var output = TextListBuilder(count: count)
        for row in 0..<count {
          if columns[0].isNull(row) {
            output.endNull()
            continue
          }
          let start = output.elementCount
          let text = columns[0][row]
          if columns.dropFirst().contains(where: { $0.isNull(row) }) {
            output.append(text)
          } else {
            let machine = try cache.machine(
              columns[1][row], parameterCount > 2 ? columns[2][row] : nil)
            for piece in pieces(text, machine) { output.append(piece) }
          }
          output.endList(from: start)
        }
        return output.finish(borrowing: arguments)
      }
    })

  private static func pieces(_ text: StringView, _ machine: RegexMachine) -> [StringView] {
    machine.load(text)
    func piece(_ from: Int, _ to: Int) -> StringView {
      let start = machine.byteOffset(from)
      return StringView(start: text.start + start, count: machine.byteOffset(to) - start)
    }
    var pieces: [StringView] = []
    var copied = 0
    while copied < machine.scalarCount, let places = machine.match(from: copied) {
      if places[1] == places[0] {
        // An empty match cuts behind one character.
        if copied + 1 >= machine.scalarCount { break }
        pieces.append(piece(copied, copied + 1))
        copied += 1
        continue
      }
      pieces.append(piece(copied, places[0]))
      copied = places[1]
    }
    pieces.append(piece(copied, machine.scalarCount))
    return pieces
  }

  private static let extractAll = ScalarFunction(
    "regexp_extract_all", signature: "regexp_extract_all(text, pattern[, group[, options]])",
    overloads: [
      [DataType.varchar, .varchar], [.varchar, .varchar, .bigint],
      [.varchar, .varchar, .bigint, .varchar],
    ].map { parameters in
      ScalarOverload(
        name: "regexp_extract_all", parameters, .list(.varchar), canFail: true
      ) { arguments, count throws(QueryError) in
        var row = TextRow(arguments)
        var output = TextListBuilder(count: count)
        for index in 0..<count {
          row.index = index
          if row.hasNull {
            output.endNull()
            continue
          }
          let machine = try row.cache.machine(
            row.text(1), parameters.count > 3 ? row.text(3) : nil)
          let group = parameters.count > 2 ? row.number(2) : 0
          guard group >= 0, group <= Int64(machine.program.groupCount) else {
            throw QueryError(.value, "the pattern has no group \(group)")
          }
          let text = row.text(0)
          machine.load(text)
          let start = output.elementCount
          var from = 0
          while from <= machine.scalarCount, let places = machine.match(from: from) {
            let (low, high) = (places[Int(group) * 2], places[Int(group) * 2 + 1])
            if low < 0 {
              output.appendNull()
            } else {
              let begin = machine.byteOffset(low)
              output.append(
                StringView(start: text.start + begin, count: machine.byteOffset(high) - begin))
            }
            from = places[1] == places[0] ? places[1] + 1 : places[1]
          }
          output.endList(from: start)
        }
        return output.finish(borrowing: arguments)
      }
    })
}
