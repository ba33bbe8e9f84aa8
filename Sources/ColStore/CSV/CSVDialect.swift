/// How a CSV's bytes are cut into fields; quoting is always RFC 4180's.
public struct CSVDialect: Sendable {
  public var delimiter = UInt8(ascii: ",")
  public var hasHeader = true

  public init() {}

  static let quote = UInt8(ascii: "\"")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
}
