/// Reads Universal Binary JSON (ubjson.org, draft 12), in which XGBoost saves models by default.
///
///     value   Z T F · i U I l L integers · d D reals · C a character · S length text · [ … ] · { … }
///     length  an integer with its marker; all numbers are big-endian
///     [ and { may begin with  # length  or  $ type # length, and then have no end marker
struct UBJSONParser {
  private let bytes: [UInt8]
  private var at = 0
  private static let depthMax = 200

  /// Whether the bytes begin like such an object, not like one of JSON text.
  static func accepts(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 2, bytes[0] == UInt8(ascii: "{") else { return false }
    return "iUIlL#$".utf8.contains(bytes[1])
  }

  /// - Throws: ``ModelError`` with the byte at which the text is not UBJSON.
  static func parse(_ bytes: [UInt8]) throws(ModelError) -> JSONValue {
    var parser = UBJSONParser(bytes: bytes)
    let value = try parser.value(try parser.marker(), depth: 0)
    guard parser.at == bytes.count else { throw parser.failure("there are bytes after its end") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ reason: String) -> ModelError {
    ModelError("this is no UBJSON: \(reason), at byte \(at)")
  }

  /// The next type's letter; no-ops are skipped.
  private mutating func marker() throws(ModelError) -> UInt8 {
    while at < bytes.count {
      at += 1
      if bytes[at - 1] != UInt8(ascii: "N") { return bytes[at - 1] }
    }
    throw failure("it ends too early")
  }

  private mutating func bits(_ count: Int) throws(ModelError) -> UInt64 {
    guard count <= bytes.count - at else { throw failure("it ends too early") }
    var bits: UInt64 = 0
    for byte in bytes[at..<at + count] { bits = bits << 8 | UInt64(byte) }
    at += count
    return bits
  }

  private mutating func integer(_ type: UInt8) throws(ModelError) -> Int? {
    switch type {
    case UInt8(ascii: "i"): return Int(Int8(truncatingIfNeeded: try bits(1)))
    case UInt8(ascii: "U"): return Int(try bits(1))
    case UInt8(ascii: "I"): return Int(Int16(truncatingIfNeeded: try bits(2)))
    case UInt8(ascii: "l"): return Int(Int32(truncatingIfNeeded: try bits(4)))
    case UInt8(ascii: "L"): return Int(truncatingIfNeeded: try bits(8))
    default: return nil
    }
  }

  private mutating func length() throws(ModelError) -> Int {
    guard let length = try integer(try marker()), length >= 0 else {
      throw failure("a length is missing")
    }
    return length
  }

  private mutating func text() throws(ModelError) -> String {
    let count = try length()
    guard count <= bytes.count - at else { throw failure("a text ends too early") }
    guard let text = String(validating: bytes[at..<at + count], as: UTF8.self) else {
      throw failure("a text is not UTF-8")
    }
    at += count
    return text
  }

  private mutating func value(_ type: UInt8, depth: Int) throws(ModelError) -> JSONValue {
    guard depth < Self.depthMax else { throw failure("it is nested too deeply") }
    switch type {
    case UInt8(ascii: "Z"): return .null
    case UInt8(ascii: "T"): return .bool(true)
    case UInt8(ascii: "F"): return .bool(false)
    case UInt8(ascii: "d"):
      return .number(Double(Float(bitPattern: UInt32(try bits(4)))))
    case UInt8(ascii: "D"): return .number(Double(bitPattern: try bits(8)))
    case UInt8(ascii: "S"): return .string(try text())
    case UInt8(ascii: "C"):
      return .string(String(Unicode.Scalar(UInt8(try bits(1)) & 0x7F)))
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "{"): return try object(depth)
    default:
      guard let integer = try integer(type) else { throw failure("there is an unknown type") }
      return .number(Double(integer))
    }
  }

  /// What stands behind `[` or `{`: the type and the number of the values, where they are given.
  private mutating func header() throws(ModelError) -> (type: UInt8?, count: Int?) {
    guard at < bytes.count else { throw failure("it ends too early") }
    var type: UInt8?
    if bytes[at] == UInt8(ascii: "$") {
      at += 1
      type = try marker()
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: "#") else {
      guard type == nil else { throw failure("a type without a length") }
      return (nil, nil)
    }
    at += 1
    let count = try length()
    // A value takes a byte at least, but for those of a type that is all there is to say.
    guard count <= bytes.count - at else { throw failure("a length is too large") }
    return (type, count)
  }

  private mutating func isAtEnd(_ mark: Character, _ left: Int?) throws(ModelError) -> Bool {
    if let left { return left == 0 }
    guard at < bytes.count else { throw failure("it ends too early") }
    guard bytes[at] == mark.asciiValue else { return false }
    at += 1
    return true
  }

  /// The type that all values have, or the next one's.
  private mutating func type(_ common: UInt8?) throws(ModelError) -> UInt8 {
    guard let common else { return try marker() }
    return common
  }

  private mutating func array(_ depth: Int) throws(ModelError) -> JSONValue {
    let (type, count) = try header()
    var values: [JSONValue] = []
    while try !isAtEnd("]", count.map { $0 - values.count }) {
      values.append(try value(try self.type(type), depth: depth + 1))
    }
    return .array(values)
  }

  private mutating func object(_ depth: Int) throws(ModelError) -> JSONValue {
    let (type, count) = try header()
    var members: [String: JSONValue] = [:]
    var done = 0
    while try !isAtEnd("}", count.map { $0 - done }) {
      let key = try text()
      members[key] = try value(try self.type(type), depth: depth + 1)
      done += 1
    }
    return .object(members)
  }
}
