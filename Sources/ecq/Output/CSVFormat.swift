import ColStore
import Query

/// RFC 4180 with LF line ends; `tsv` is the same with tabs.
///
/// NULL is an empty field and the empty text `""`. Results are separated by an empty line.
struct CSVFormat: RowFormat {
  let style: CSVStyle

  private let hasHeader: Bool

  init(delimiter: Unicode.Scalar, hasHeader: Bool = true, null: NullText? = nil) {
    style = CSVStyle(delimiter: UInt8(ascii: delimiter), nullText: null)
    self.hasHeader = hasHeader
  }

  func template(for schema: [Field], index: Int) -> RowTemplate {
    let delimiter = String(UnicodeScalar(style.delimiter))
    let names = schema.map { style.escaped($0.name) }
    return RowTemplate(
      header: (index > 0 ? "\n" : "")
        + (hasHeader ? names.joined(separator: delimiter) + "\n" : ""),
      prefixes: schema.indices.map { $0 == 0 ? "" : delimiter },
      suffix: "\n")
  }
}

struct CSVStyle: CellStyle {
  let delimiter: UInt8
  let nullText: NullText?
  var null: StringView { nullText?.view ?? .empty }

  func needsEscaping(_ text: StringView) -> Bool {
    let (start, count) = (text.start, text.count)
    if count == 0 { return true }
    var found: UInt8 = 0
    var at = 0
    while at < count {
      let byte = start[at]
      found |=
        (byte == delimiter ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x0a ? 1 : 0)
        | (byte == 0x0d ? 1 : 0)
      at &+= 1
    }
    return found != 0
  }

  func escapedBytesMax(_ count: Int) -> Int { 2 * count + 2 }

  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int {
    output[0] = UInt8(ascii: "\"")
    var written = 1
    for byte in text.bytes {
      if byte == UInt8(ascii: "\"") {
        output[written] = byte
        written += 1
      }
      output[written] = byte
      written += 1
    }
    output[written] = UInt8(ascii: "\"")
    return written + 1
  }
}
