import ColStore
import Query

/// A `<table>` a result, ready to be put into a page.
struct HTMLFormat: RowFormat {
  var style: HTMLStyle { HTMLStyle() }

  func template(for schema: [Field], index: Int) -> RowTemplate {
    let names = schema.map { "<th>\(style.escaped($0.name))</th>" }
    let opening = schema.map { field in
      field.type.isNumeric ? "<td align=\"right\">" : "<td>"
    }
    return RowTemplate(
      header: "<table>\n<thead>\n<tr>\(names.joined())</tr>\n</thead>\n<tbody>\n",
      prefixes: opening.enumerated().map { $0 == 0 ? "<tr>\($1)" : "</td>\($1)" },
      suffix: "</td></tr>\n",
      footer: "</tbody>\n</table>\n")
  }
}

struct HTMLStyle: CellStyle {
  func needsEscaping(_ text: StringView) -> Bool {
    text.bytes.contains { $0 == 0x26 || $0 == 0x3c || $0 == 0x3e || $0 == 0x22 }
  }

  func escapedBytesMax(_ count: Int) -> Int { 6 * count }

  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int {
    var written = 0
    func put(_ text: StaticString) {
      output.advanced(by: written).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
      written += text.utf8CodeUnitCount
    }
    for byte in text.bytes {
      switch byte {
      case UInt8(ascii: "&"): put("&amp;")
      case UInt8(ascii: "<"): put("&lt;")
      case UInt8(ascii: ">"): put("&gt;")
      case UInt8(ascii: "\""): put("&quot;")
      default:
        output[written] = byte
        written += 1
      }
    }
    return written
  }
}
