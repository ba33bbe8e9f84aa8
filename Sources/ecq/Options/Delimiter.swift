import ArgumentParser

/// The byte between the fields of a CSV.
struct Delimiter: ExpressibleByArgument {
  let byte: UInt8

  static let comma = Delimiter(byte: UInt8(ascii: ","))

  private init(byte: UInt8) { self.byte = byte }

  /// One ASCII character that is neither a quote nor a line end; `tab` or `\t`.
  init?(argument: String) {
    let text = argument == "tab" || argument == "\\t" ? "\t" : argument
    guard let byte = text.utf8.first, text.utf8.count == 1, byte < 0x80,
      ![0x22, 0x0a, 0x0d].contains(byte)
    else { return nil }
    self.byte = byte
  }

  var defaultValueDescription: String { "," }
}
