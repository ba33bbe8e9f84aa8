import Glibc

/// Reads JSON text (RFC 8259; `NaN`, `Infinity` and `-Infinity` are numbers too).
struct JSONParser {
  private let bytes: [UInt8]
  private var at = 0
  private static let depthMax = 200

  /// - Throws: ``ModelError`` with the byte at which the text is not JSON.
  static func parse(_ bytes: [UInt8]) throws(ModelError) -> JSONValue {
    // A zero after the end spares most checks for it.
    var parser = JSONParser(bytes: bytes + [0])
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.at == bytes.count else { throw parser.failure("there is text after its end") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ reason: String) -> ModelError {
    ModelError("this is no JSON: \(reason), at byte \(at)")
  }

  private mutating func skipSpace() {
    while bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 {
      at += 1
    }
  }

  private mutating func take(_ byte: Character) -> Bool {
    skipSpace()
    guard bytes[at] == byte.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard bytes[at...].starts(with: word.utf8) else { return false }
    at += word.utf8.count
    return true
  }

  private mutating func value(depth: Int) throws(ModelError) -> JSONValue {
    guard depth < Self.depthMax else { throw failure("it is nested too deeply") }
    skipSpace()
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where take(word: "true"): return .bool(true)
    case UInt8(ascii: "f") where take(word: "false"): return .bool(false)
    case UInt8(ascii: "n") where take(word: "null"): return .null
    case UInt8(ascii: "N") where take(word: "NaN"): return .number(.nan)
    case UInt8(ascii: "I") where take(word: "Infinity"): return .number(.infinity)
    case UInt8(ascii: "-") where take(word: "-Infinity"): return .number(-.infinity)
    default: return .number(try number())
    }
  }

  private mutating func object(_ depth: Int) throws(ModelError) -> JSONValue {
    at += 1
    var members: [String: JSONValue] = [:]
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard bytes[at] == UInt8(ascii: "\"") else { throw failure("a key is missing") }
      let key = try string()
      guard take(":") else { throw failure("a colon is missing") }
      members[key] = try value(depth: depth + 1)
    } while take(",")
    guard take("}") else { throw failure("a } is missing") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws(ModelError) -> JSONValue {
    at += 1
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw failure("a ] is missing") }
    return .array(values)
  }

  private mutating func number() throws(ModelError) -> Double {
    let start = at
    while true {
      switch bytes[at] {
      case 0x30...0x39, 0x2b, 0x2d, 0x2e, 0x45, 0x65: at += 1
      default:
        let length = at - start
        let parsed = bytes.withUnsafeBufferPointer { bytes -> Double? in
          guard let base = bytes.baseAddress, length > 0, length < 400 else { return nil }
          return UnsafeRawPointer(base + start).withMemoryRebound(
            to: CChar.self, capacity: length
          ) { text in
            var end: UnsafeMutablePointer<CChar>?
            let value = strtod(text, &end)
            return end == UnsafeMutablePointer(mutating: text + length) ? value : nil
          }
        }
        guard let parsed else {
          at = start
          throw failure("there is no value")
        }
        return parsed
      }
    }
  }

  private mutating func string() throws(ModelError) -> String {
    at += 1
    var text: [UInt8] = []
    while bytes[at] != UInt8(ascii: "\"") {
      guard at < bytes.count - 1, bytes[at] >= 0x20 else { throw failure("a string has no end") }
      if bytes[at] == UInt8(ascii: "\\") {
        text += try escape()
      } else {
        text.append(bytes[at])
        at += 1
      }
    }
    at += 1
    guard let result = String(validating: text, as: UTF8.self) else {
      throw failure("a string is not UTF-8")
    }
    return result
  }

  private mutating func escape() throws(ModelError) -> [UInt8] {
    at += 1
    let letter = bytes[at]
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var code = try hex()
      if code >> 10 == 0x36, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") {
        at += 2
        let low = try hex()
        if low >> 10 == 0x37 { code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF }
      }
      return Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    default: throw failure("there is an unknown escape")
    }
  }

  private mutating func hex() throws(ModelError) -> UInt32 {
    guard at + 4 < bytes.count,
      let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
    else { throw failure("there is an incomplete escape") }
    at += 4
    return code
  }
}
