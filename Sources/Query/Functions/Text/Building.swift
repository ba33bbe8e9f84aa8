import CKernels
import ColStore

/// `||`, concat, concat_ws, repeat, replace, reverse, lpad, rpad, chr: new texts from old.
enum Building {
  static let functions: [ScalarFunction] = [
    concatenation, concat, concatWithSeparator, replace, reverse, repetition,
    padding("lpad", onLeft: true), padding("rpad", onLeft: false), character, translate, overlay,
  ]

  private static let concatenation = ScalarFunction("||", signature: "text || text") {
    types, _ throws(QueryError) in
    if types.count == 2, types.contains(where: isList) {
      return try ListOrder.concatenated(types, name: "||", nullIsEmpty: false)
    }
    guard types.count == 2 else { throw ImplicitCast.mismatch("||", types, "text || text") }
    return ScalarOverload(name: "||", [.varchar, .varchar], .varchar) {
      arguments, count throws(QueryError) in
      var output = TextBuilder(count: count)
      let (left, right) = (Rows<StringView>(arguments[0]), Rows<StringView>(arguments[1]))
      for row in 0..<count {
        left.prefetch(behind: row, count: count)
        right.prefetch(behind: row, count: count)
        if left.isNull(row) || right.isNull(row) {
          output.setNull(row)
          continue
        }
        let byteCount = left[row].count + right[row].count
        let start = try output.room(byteCount)
        _ = start.append(left[row]).append(right[row])
        output.set(row, StringView(start: start, count: byteCount))
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  private static func isList(_ type: DataType) -> Bool { type.physical == .list }

  /// NULLs are skipped.
  private static let concat = ScalarFunction("concat", signature: "concat(value, …)") {
    types, _ throws(QueryError) in
    if types.contains(where: isList) {
      return try ListOrder.concatenated(types, name: "concat", nullIsEmpty: true)
    }
    guard !types.isEmpty else {
      throw ImplicitCast.mismatch("concat", types, "concat(value, …)")
    }
    return joined("concat", types.count, hasSeparator: false)
  }

  private static let concatWithSeparator = ScalarFunction(
    "concat_ws", signature: "concat_ws(separator, value, …)"
  ) { types, _ throws(QueryError) in
    guard types.count > 1, !isList(types[0]) else {
      throw ImplicitCast.mismatch("concat_ws", types, "concat_ws(separator, value, …)")
    }
    guard types.contains(where: isList) else {
      return joined("concat_ws", types.count, hasSeparator: true)
    }
    return joinedLists(types)
  }

  /// concat_ws with the elements of lists among the values.
  private static func joinedLists(_ types: [DataType]) -> ScalarOverload {
    let parameters = types.map { isList($0) ? DataType.list(.varchar) : .varchar }
    return ScalarOverload(name: "concat_ws", parameters, .varchar, nulls: .custom) {
      arguments, count throws(QueryError) in
      let separators = Rows<StringView>(arguments[0])
      let texts = arguments.map { isList($0.type) ? nil : Rows<StringView>($0) }
      let lists = arguments.map { isList($0.type) ? ListRows($0) : nil }
      let elements = lists.map { list in list.map { Rows<StringView>($0.elements) } }
      let buffer = TextBuilder.rowBuffer()
      var output = TextBuilder(count: count)
      for row in 0..<count {
        guard !separators.isNull(row) else {
          output.setNull(row)
          continue
        }
        buffer.removeAll()
        var isFirst = true
        func append(_ part: StringView) {
          if !isFirst { buffer.append(separators[row]) }
          isFirst = false
          buffer.append(part)
        }
        for index in 1..<arguments.count {
          if let texts = texts[index], !texts.isNull(row) { append(texts[row]) }
          guard let list = lists[index], let elements = elements[index] else { continue }
          for place in list[row] where !elements.isNull(place) { append(elements[place]) }
        }
        try output.set(row, copying: buffer)
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  private static func joined(_ name: String, _ count: Int, hasSeparator: Bool) -> ScalarOverload {
    let parameters = [DataType](repeating: .varchar, count: count)
    return ScalarOverload(name: name, parameters, .varchar, nulls: .custom) {
      arguments, count throws(QueryError) in
      var output = TextBuilder(count: count)
      let parts = arguments.dropFirst(hasSeparator ? 1 : 0).map { Rows<StringView>($0) }
      let separators = hasSeparator ? Rows<StringView>(arguments[0]) : nil
      for row in 0..<count {
        for part in parts { part.prefetch(behind: row, count: count) }
        if separators?.isNull(row) ?? false {
          output.setNull(row)
        } else {
          output.set(row, try join(parts, row, separators?[row] ?? .empty, in: output))
        }
      }
      return withExtendedLifetime(arguments) { output.finish() }
    }
  }

  /// The texts of a row that are not NULL, one behind the other, with the separator between them.
  @inline(__always)
  private static func join(
    _ parts: [Rows<StringView>], _ row: Int, _ separator: StringView, in output: TextBuilder
  ) throws(QueryError) -> StringView {
    var (byteCount, partCount) = (0, 0)
    for part in parts where !part.isNull(row) {
      byteCount += part[row].count
      partCount += 1
    }
    byteCount += separator.count * max(partCount - 1, 0)
    if byteCount == 0 { return .empty }
    let start = try output.room(byteCount)
    var end = start
    var isFirst = true
    for part in parts where !part.isNull(row) {
      if !isFirst { end = end.append(separator) }
      isFirst = false
      end = end.append(part[row])
    }
    return StringView(start: start, count: byteCount)
  }

  private static let replace = ScalarFunction(
    "replace", signature: "replace(text, from, to)",
    overloads: [
      TextFunctions.overload("replace", [.varchar, .varchar, .varchar]) { row, buffer in
        let (text, from, to) = (row.text(0), row.text(1), row.text(2))
        if from.count == 0 { return text }
        var at = 0
        while !buffer.hasOverflowed, let found = TextSearch.find(from.bytes, in: text, from: at) {
          buffer.append(StringView(start: text.start + at, count: found - at))
          buffer.append(to)
          at = found + from.count
        }
        if at == 0 { return text }
        buffer.append(StringView(start: text.start + at, count: text.count - at))
        return buffer.view
      }
    ])

  /// By grapheme cluster, so that accents stay on their letters.
  private static let reverse = ScalarFunction(
    "reverse", signature: "reverse(text)",
    overloads: [
      TextFunctions.overload("reverse", [.varchar]) { row, buffer in
        buffer.append(String(row.text(0).string.reversed()))
        return buffer.view
      }
    ])

  private static let repetition = ScalarFunction(
    "repeat", signature: "repeat(text, count)",
    overloads: [
      TextFunctions.overload("repeat", [.varchar, .bigint], canFail: true) {
        row, buffer throws(QueryError) in
        let text = row.text(0)
        let times = Slices.clamp(row.number(1))
        if times <= 0 || text.count == 0 { return .empty }
        guard times <= TextBuilder.bytesMax / text.count else { throw tooLong("repeat") }
        for _ in 0..<times { buffer.append(text) }
        return buffer.view
      }
    ])

  private static func tooLong(_ name: String) -> QueryError {
    QueryError(.value, "the result of \(name) is longer than \(TextBuilder.bytesMax) bytes")
  }

  private static func padding(_ name: String, onLeft: Bool) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(text, length, filler)",
      overloads: [
        TextFunctions.overload(name, [.varchar, .bigint, .varchar], canFail: true) {
          row, buffer throws(QueryError) in
          let (text, filler) = (row.text(0), row.text(2))
          let wanted = max(Slices.clamp(row.number(1)), 0)
          let count = CodePoints.count(text)
          if count >= wanted { return CodePoints.slice(text, 0, wanted) }
          let fillerCount = CodePoints.count(filler)
          guard fillerCount > 0 else {
            throw QueryError(.value, "\(name) has nothing to fill with")
          }
          guard wanted <= TextBuilder.bytesMax / 4 else { throw tooLong(name) }
          if !onLeft { buffer.append(text) }
          var missing = wanted - count
          while missing >= fillerCount {
            buffer.append(filler)
            missing -= fillerCount
          }
          buffer.append(CodePoints.slice(filler, 0, missing))
          if onLeft { buffer.append(text) }
          return buffer.view
        }
      ])
  }

  /// `part` in place of `length` characters from `start` on; as many as `part` has, if not said or less
  /// than none.
  private static let overlay = ScalarFunction(
    "overlay", signature: "overlay(text PLACING part FROM start [FOR length])",
    overloads: [3, 4].map { count in
      TextFunctions.overload(
        "overlay", [.varchar, .varchar] + [DataType](repeating: .bigint, count: count - 2)
      ) { row, buffer in
        let (text, part) = (row.text(0), row.text(1))
        let length = CodePoints.count(text)
        let start = Slices.clamp(row.number(2))
        let given = count == 4 ? Slices.clamp(row.number(3)) : -1
        let replaced = given < 0 ? CodePoints.count(part) : given
        buffer.append(CodePoints.slice(text, 0, min(max(start - 1, 0), length)))
        buffer.append(part)
        buffer.append(
          CodePoints.slice(text, min(max(start - 1 + replaced, 0), length), length))
        return buffer.view
      }
    })

  private static let character = ScalarFunction(
    "chr", signature: "chr(code)",
    overloads: [
      TextFunctions.overload("chr", [.bigint], canFail: true) { row, buffer throws(QueryError) in
        guard let code = UInt32(exactly: row.number(0)), let scalar = Unicode.Scalar(code) else {
          throw QueryError(.value, "\(row.number(0)) is no code point")
        }
        buffer.append(String(Character(scalar)))
        return buffer.view
      }
    ])

  /// Each character of `from` becomes the one at its place in `to`, or goes.
  private static let translate = ScalarFunction(
    "translate", signature: "translate(text, from, to)",
    overloads: [
      TextFunctions.overload("translate", [.varchar, .varchar, .varchar]) { row, buffer in
        let from = Array(row.text(1).string.unicodeScalars)
        let to = Array(row.text(2).string.unicodeScalars)
        for scalar in row.text(0).string.unicodeScalars {
          if let index = from.firstIndex(of: scalar) {
            if index < to.count { buffer.append(String(Character(to[index]))) }
          } else {
            buffer.append(String(Character(scalar)))
          }
        }
        return buffer.view
      }
    ])
}

extension Rows<StringView> {
  /// Asks for texts that lie far apart in a dictionary some rows before they are read.
  @inline(__always)
  fileprivate func prefetch(behind row: Int, count: Int) {
    guard let codes, row + 16 < count else { return }
    ecq_prefetch(values + Int(codes[row + 16]))
    ecq_prefetch(values[Int(codes[row + 8])].start)
  }
}

extension UnsafeMutablePointer<UInt8> {
  /// Copies `text` here, and returns where it ends.
  @inline(__always)
  fileprivate func append(_ text: StringView) -> UnsafeMutablePointer<UInt8> {
    // Most texts are short, and not worth a call.
    let (source, target) = (UnsafeRawPointer(text.start), UnsafeMutableRawPointer(self))
    let count = text.count
    switch count {
    case 0: break
    case 1...3:
      self[0] = text.start[0]
      self[count >> 1] = text.start[count >> 1]
      self[count - 1] = text.start[count - 1]
    case 4...7:
      let last = source.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
      target.storeBytes(of: last, toByteOffset: count - 4, as: UInt32.self)
    case 8...16:
      let last = source.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
      target.storeBytes(of: last, toByteOffset: count - 8, as: UInt64.self)
    default: target.copyMemory(from: source, byteCount: count)
    }
    return self + count
  }
}
