import ColStore
import Glibc

/// Puts values in the places of a format, in the syntax of the fmt library or of C's printf.
struct FormatLayout {
  private let format: [UInt8]
  private let values: [Value]

  init(_ format: [UInt8], _ values: [Value]) {
    self.format = format
    self.values = values
  }

  /// How one value is written.
  private struct Specification {
    var fill: UInt8 = 0x20
    var alignment: UInt8?
    var sign: UInt8?
    var isAlternate = false
    var padsZeros = false
    var width = 0
    var precision: Int?
    var thousands: UInt8?
    var kind: UInt8?
  }

  private func failure(_ what: String) -> QueryError { QueryError(.value, "bad format: \(what)") }

  private func number(_ at: inout Int) -> Int? {
    var value: Int?
    while at < format.count, format[at] >= 0x30, format[at] <= 0x39 {
      value = min((value ?? 0) * 10 + Int(format[at] - 0x30), 1 << 20)
      at += 1
    }
    return value
  }

  // MARK: fmt

  /// `{}`, `{1}`, `{:>8.2f}`; `{{` and `}}` stand for braces.
  func braceDirectives() throws(QueryError) -> [UInt8] {
    var output: [UInt8] = []
    var at = 0
    var next = 0
    while at < format.count {
      let byte = format[at]
      at += 1
      if byte == 0x7d {
        guard at < format.count, format[at] == 0x7d else { throw failure("a single }") }
        at += 1
        output.append(byte)
        continue
      }
      guard byte == 0x7b else {
        output.append(byte)
        continue
      }
      if at < format.count, format[at] == 0x7b {
        at += 1
        output.append(byte)
        continue
      }
      let place: Int
      if let given = number(&at) {
        place = given
      } else {
        place = next
        next += 1
      }
      var specification = Specification()
      if at < format.count, format[at] == 0x3a {
        at += 1
        try read(&specification, &at)
      }
      guard at < format.count, format[at] == 0x7d else { throw failure("a { without its }") }
      at += 1
      guard values.indices.contains(place) else { throw failure("there is no value \(place)") }
      try write(values[place], specification, rightByDefault: false, to: &output)
    }
    return output
  }

  /// `[[fill]align][sign][#][0][width][separator][.precision][separator][type]`, where a separator of
  /// thousands is a comma, `_`, `'`, or `t` and any character.
  private func read(_ specification: inout Specification, _ at: inout Int) throws(QueryError) {
    func isAlignment(_ index: Int) -> Bool {
      index < format.count && [0x3c, 0x3e, 0x5e].contains(format[index])
    }
    if isAlignment(at + 1), format[at] != 0x7d {
      specification.fill = format[at]
      specification.alignment = format[at + 1]
      at += 2
    } else if isAlignment(at) {
      specification.alignment = format[at]
      at += 1
    }
    if at < format.count, [0x2b, 0x2d, 0x20].contains(format[at]) {
      specification.sign = format[at]
      at += 1
    }
    if at < format.count, format[at] == 0x23 {
      specification.isAlternate = true
      at += 1
    }
    if at < format.count, format[at] == 0x30 {
      specification.padsZeros = true
      at += 1
    }
    if let width = number(&at) { specification.width = width }
    readSeparator(&specification, &at)
    if at < format.count, format[at] == 0x2e {
      at += 1
      specification.precision = number(&at) ?? 0
    }
    readSeparator(&specification, &at)
    if at < format.count, format[at] != 0x7d {
      specification.kind = format[at]
      at += 1
    }
  }

  private func readSeparator(_ specification: inout Specification, _ at: inout Int) {
    if at < format.count, format[at] == 0x2c || format[at] == 0x5f || format[at] == 0x27 {
      specification.thousands = format[at]
      at += 1
    } else if at + 1 < format.count, format[at] == 0x74 {
      specification.thousands = format[at + 1]
      at += 2
    }
  }

  // MARK: printf

  /// `%d`, `%-8.2f`, `%05d`, `%%`.
  func percentDirectives() throws(QueryError) -> [UInt8] {
    var output: [UInt8] = []
    var at = 0
    var next = 0
    while at < format.count {
      let byte = format[at]
      at += 1
      guard byte == 0x25 else {
        output.append(byte)
        continue
      }
      if at < format.count, format[at] == 0x25 {
        output.append(byte)
        at += 1
        continue
      }
      var specification = Specification()
      flags: while at < format.count {
        switch format[at] {
        case 0x2d: specification.alignment = 0x3c
        case 0x2b: specification.sign = 0x2b
        case 0x20: specification.sign = specification.sign ?? 0x20
        case 0x30: specification.padsZeros = true
        case 0x23: specification.isAlternate = true
        case 0x2c, 0x27, 0x5f: specification.thousands = format[at]
        default: break flags
        }
        at += 1
      }
      if let width = number(&at) { specification.width = width }
      if at < format.count, format[at] == 0x2e {
        at += 1
        specification.precision = number(&at) ?? 0
      }
      while at < format.count, [0x6c, 0x68, 0x7a, 0x6a, 0x74].contains(format[at]) { at += 1 }
      guard at < format.count else { throw failure("it ends in a %") }
      specification.kind = format[at] == 0x69 || format[at] == 0x75 ? 0x64 : format[at]
      at += 1
      guard values.indices.contains(next) else { throw failure("there is no value \(next)") }
      try write(values[next], specification, rightByDefault: true, to: &output)
      next += 1
    }
    return output
  }

  // MARK: Values

  private func write(
    _ value: Value, _ specification: Specification, rightByDefault: Bool, to output: inout [UInt8]
  ) throws(QueryError) {
    var sign: [UInt8] = []
    var body: [UInt8]
    var isNumber = true
    switch value {
    case .int64(let number):
      if let kind = specification.kind, "eEfFgGaA".utf8.contains(kind) {
        throw failure("the type \(Character(UnicodeScalar(kind))) for a whole number")
      }
      if number < 0 { sign = [0x2d] }
      body = try integer(number.magnitude, specification)
    case .bool(let flag):
      if specification.kind == nil || specification.kind == 0x73 {
        body = Array((flag ? "true" : "false").utf8)
        isNumber = false
      } else {
        body = try integer(flag ? 1 : 0, specification)
      }
    case .double(let number):
      if number.sign == .minus && !number.isNaN { sign = [0x2d] }
      body = try floating(number.magnitude, specification)
    case .string(let text):
      guard specification.kind == nil || specification.kind == 0x73 else {
        throw failure("a number's type for a text")
      }
      isNumber = false
      var shown = text[...]
      if let precision = specification.precision { shown = text.prefix(precision) }
      body = Array(shown.utf8)
    default: throw failure("a value that cannot be written")
    }
    if sign.isEmpty, isNumber, let plus = specification.sign, plus != 0x2d { sign = [plus] }
    let count = sign.count + String(decoding: body, as: UTF8.self).unicodeScalars.count
    let missing = max(specification.width - count, 0)
    if isNumber, specification.padsZeros, specification.alignment == nil {
      output += sign + [UInt8](repeating: 0x30, count: missing) + body
      return
    }
    let before: Int
    switch specification.alignment ?? (isNumber || rightByDefault ? 0x3e : 0x3c) {
    case 0x3c: before = 0
    case 0x5e: before = missing / 2
    default: before = missing
    }
    output += [UInt8](repeating: specification.fill, count: before) + sign + body
    output += [UInt8](repeating: specification.fill, count: missing - before)
  }

  private func integer(
    _ number: UInt64, _ specification: Specification
  ) throws(QueryError) -> [UInt8] {
    switch specification.kind {
    case nil, 0x64: break
    case 0x78:
      return Array(((specification.isAlternate ? "0x" : "") + String(number, radix: 16)).utf8)
    case 0x58:
      return Array(
        ((specification.isAlternate ? "0X" : "") + String(number, radix: 16, uppercase: true)).utf8)
    case 0x62, 0x42:
      return Array(((specification.isAlternate ? "0b" : "") + String(number, radix: 2)).utf8)
    case 0x6f:
      return Array(((specification.isAlternate ? "0" : "") + String(number, radix: 8)).utf8)
    case 0x63:
      guard let code = UInt32(exactly: number), let scalar = Unicode.Scalar(code) else {
        throw failure("\(number) is no character")
      }
      return Array(String(Character(scalar)).utf8)
    default: throw failure("an unknown type of number")
    }
    let digits = Array(String(number).utf8)
    guard let separator = specification.thousands else { return digits }
    return grouped(digits, separator)
  }

  private func grouped(_ digits: [UInt8], _ separator: UInt8) -> [UInt8] {
    var output: [UInt8] = []
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { output.append(separator) }
      output.append(digit)
    }
    return output
  }

  private func floating(
    _ number: Double, _ specification: Specification
  ) throws(QueryError) -> [UInt8] {
    if number.isNaN { return Array("nan".utf8) }
    if number.isInfinite { return Array("inf".utf8) }
    var text: [UInt8]
    switch specification.kind {
    case nil:
      if let precision = specification.precision {
        text = printed(number, "g", precision)
      } else {
        let buffer = TextBuffer()
        buffer.append(Vector(.double, [.double(number)]), row: 0)
        text = Array(buffer.bytes)
      }
    case let kind? where "eEfFgG".utf8.contains(kind):
      text = printed(number, String(UnicodeScalar(kind)), specification.precision ?? 6)
    default: throw failure("an unknown type of number")
    }
    if let separator = specification.thousands {
      let end = text.firstIndex { $0 < 0x30 || $0 > 0x39 } ?? text.count
      text = grouped(Array(text[..<end]), separator) + text[end...]
    }
    return text
  }

  /// As C writes it.
  private func printed(_ number: Double, _ kind: String, _ precision: Int) -> [UInt8] {
    let count = min(precision, 1000)
    var bytes = [CChar](repeating: 0, count: 1500)
    let written = withVaList([Int32(count), number]) {
      vsnprintf(&bytes, bytes.count, "%.*\(kind)", $0)
    }
    return bytes.prefix(max(Int(written), 0)).map { UInt8(bitPattern: $0) }
  }
}
