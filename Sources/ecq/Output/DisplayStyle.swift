import ColStore

/// Text for people: what would break a line or steer the terminal is written as an escape.
struct DisplayStyle: CellStyle {
  var nullText: NullText?
  var null: StringView { nullText?.view ?? ("NULL" as StaticString).view }

  func needsEscaping(_ text: StringView) -> Bool {
    var found: UInt8 = 0
    for byte in text.bytes { found |= (byte < 0x20 ? 1 : 0) | (byte == 0x7f ? 1 : 0) }
    return found != 0
  }

  func escapedBytesMax(_ count: Int) -> Int { 4 * count }

  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int {
    var written = 0
    for byte in text.bytes {
      guard byte < 0x20 || byte == 0x7f else {
        output[written] = byte
        written += 1
        continue
      }
      output[written] = UInt8(ascii: "\\")
      switch byte {
      case 0x09: output[written + 1] = UInt8(ascii: "t")
      case 0x0a: output[written + 1] = UInt8(ascii: "n")
      case 0x0d: output[written + 1] = UInt8(ascii: "r")
      default:
        output[written + 1] = UInt8(ascii: "x")
        output[written + 2] = UInt8(ascii: "0") + (byte >> 4)
        let low = byte & 15
        output[written + 3] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
        written += 2
      }
      written += 2
    }
    return written
  }
}
