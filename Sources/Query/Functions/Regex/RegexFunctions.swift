import ColStore

/// regexp_matches, regexp_full_match, regexp_replace, regexp_extract.
enum RegexFunctions {
  static let functions: [ScalarFunction] = [
    test("regexp_matches", isWhole: false), test("regexp_full_match", isWhole: true), replace,
    extract,
  ]

  private static func test(_ name: String, isWhole: Bool) -> ScalarFunction {
    func overload(_ count: Int) -> ScalarOverload {
      let parameters = [DataType](repeating: .varchar, count: count)
      return ScalarOverload(name: name, parameters, .boolean, canFail: true) {
        arguments, rowCount throws(QueryError) in
        let columns = arguments.map { Rows<StringView>($0) }
        let cache = MachineCache()
        let output = FlatBuilder<UInt8>(count: rowCount)
        for row in 0..<rowCount {
          output[row] = 0
          if columns.contains(where: { $0.isNull(row) }) { continue }
          let machine = try cache.machine(columns[1][row], count > 2 ? columns[2][row] : nil)
          machine.load(columns[0][row])
          output[row] = machine.match(from: 0, isWhole: isWhole) != nil ? 1 : 0
        }
        return withExtendedLifetime(arguments) { output.finish(.boolean) }
      }
    }
    return ScalarFunction(
      name, signature: "\(name)(text, pattern[, options])", overloads: [overload(2), overload(3)])
  }

  /// `\1` in the replacement is the first group, `\0` the whole match; all matches with option `g`.
  private static let replace = ScalarFunction(
    "regexp_replace", signature: "regexp_replace(text, pattern, replacement[, options])",
    overloads: [3, 4].map { count in
      let parameters = [DataType](repeating: .varchar, count: count)
      return ScalarOverload(name: "regexp_replace", parameters, .varchar, canFail: true) {
        arguments, rowCount throws(QueryError) in
        let columns = arguments.map { Rows<StringView>($0) }
        let cache = MachineCache()
        let buffer = TextBuilder.rowBuffer()
        var output = TextBuilder(count: rowCount)
        for row in 0..<rowCount {
          output.set(row, .empty)
          if columns.contains(where: { $0.isNull(row) }) { continue }
          let machine = try cache.machine(columns[1][row], count > 3 ? columns[3][row] : nil)
          try check(columns[2][row], groupCount: machine.program.groupCount)
          buffer.removeAll()
          replaceMatches(machine, columns[0][row], columns[2][row], buffer)
          try output.set(row, copying: buffer)
        }
        return withExtendedLifetime(arguments) { output.finish() }
      }
    })

  /// Fails where a replacement names a group that the pattern has not, or nothing behind a backslash.
  private static func check(_ replacement: StringView, groupCount: Int) throws(QueryError) {
    var at = 0
    while at < replacement.count {
      let byte = replacement.start[at]
      at += 1
      guard byte == 0x5c else { continue }
      guard at < replacement.count else {
        throw QueryError(.value, "the replacement ends with a backslash", hint: "\\\\ is one")
      }
      let next = replacement.start[at]
      at += 1
      if next >= 0x30, next <= 0x39 {
        guard Int(next - 0x30) <= groupCount else {
          throw QueryError(.value, "the pattern has no group \(next - 0x30)")
        }
      } else if next != 0x5c {
        throw QueryError(
          .value, "a backslash in a replacement stands before a digit or a backslash")
      }
    }
  }

  private static func replaceMatches(
    _ machine: RegexMachine, _ text: StringView, _ replacement: StringView, _ buffer: TextBuffer
  ) {
    machine.load(text)
    func append(_ from: Int, _ to: Int) {
      let start = machine.byteOffset(from)
      buffer.append(StringView(start: text.start + start, count: machine.byteOffset(to) - start))
    }
    var copied = 0
    var from = 0
    var hasMatched = false
    while !buffer.hasOverflowed, from <= machine.scalarCount,
      let places = machine.match(from: from)
    {
      if hasMatched && places[0] == places[1] && places[0] == copied {
        // An empty match right behind another match is none.
        from = places[1] + 1
        continue
      }
      hasMatched = true
      append(copied, places[0])
      var at = 0
      while at < replacement.count {
        let byte = replacement.start[at]
        at += 1
        guard byte == 0x5c, at < replacement.count else {
          buffer.append(byte)
          continue
        }
        let next = replacement.start[at]
        at += 1
        guard next >= 0x30, next <= 0x39 else {
          buffer.append(next)
          continue
        }
        let group = Int(next - 0x30)
        if group * 2 + 1 < places.count, places[group * 2] >= 0 {
          append(places[group * 2], places[group * 2 + 1])
        }
      }
      copied = places[1]
      // An empty match moves on by one character, which is copied with the next piece.
      from = places[1] == places[0] ? places[1] + 1 : places[1]
      if !machine.program.options.isGlobal { break }
    }
    append(copied, machine.scalarCount)
  }

  /// The text of a group of the first match; empty where there is none.
  private static let extract = ScalarFunction(
    "regexp_extract", signature: "regexp_extract(text, pattern[, group[, options]])",
    overloads: [
      [DataType.varchar, .varchar], [.varchar, .varchar, .bigint],
      [.varchar, .varchar, .bigint, .varchar],
    ].map { parameters in
      TextFunctions.overload("regexp_extract", parameters, canFail: true) {
        row, _ throws(QueryError) in
        let cache = row.cache
        let machine = try cache.machine(row.text(1), parameters.count > 3 ? row.text(3) : nil)
        let group = parameters.count > 2 ? row.number(2) : 0
        guard group >= 0, group <= 9 else {
          throw QueryError(.value, "the number of a group lies between 0 and 9")
        }
        guard group <= Int64(machine.program.groupCount) else { return .empty }
        let text = row.text(0)
        machine.load(text)
        guard let places = machine.match(from: 0), places[Int(group) * 2] >= 0 else {
          return .empty
        }
        let start = machine.byteOffset(places[Int(group) * 2])
        let end = machine.byteOffset(places[Int(group) * 2 + 1])
        return StringView(start: text.start + start, count: end - start)
      }
    })
}

/// Keeps the machine of the last pattern, which most calls repeat.
final class MachineCache {
  private var known: (pattern: String, options: String, machine: RegexMachine)?
  private var lastPattern: [UInt8] = []

  func machine(_ pattern: StringView, _ options: StringView?) throws(QueryError) -> RegexMachine {
    let optionText = options?.string ?? ""
    if let known, known.options == optionText, lastPattern.count == pattern.count,
      lastPattern.elementsEqual(pattern.bytes)
    {
      return known.machine
    }
    let text = pattern.string
    let machine = RegexMachine(try RegexProgram(text, try RegexProgram.Options(optionText)))
    known = (text, optionText, machine)
    lastPattern = Array(pattern.bytes)
    return machine
  }
}
