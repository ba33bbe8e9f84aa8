import ColStore
import Query

/// A table of GitHub-flavoured Markdown, numbers to the right.
struct MarkdownFormat: RowFormat {
  var style: MarkdownStyle { MarkdownStyle() }

  func template(for schema: [Field], index: Int) -> RowTemplate {
    let names = schema.map { style.escaped($0.name) }
    let rules = schema.map { $0.type.isNumeric ? "--:" : "---" }
    return RowTemplate(
      header: (index > 0 ? "\n" : "") + line(names) + line(rules),
      prefixes: schema.indices.map { $0 == 0 ? "| " : " | " },
      suffix: " |\n")
  }

  private func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |\n"
  }
}

struct MarkdownStyle: CellStyle {
  func needsEscaping(_ text: StringView) -> Bool {
    text.bytes.contains { $0 == 0x7c || $0 == 0x5c || $0 == 0x0a || $0 == 0x0d }
  }

  func escapedBytesMax(_ count: Int) -> Int { 4 * count }

  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int {
    var written = 0
    func put(_ text: StaticString) {
      output.advanced(by: written).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
      written += text.utf8CodeUnitCount
    }
    for byte in text.bytes {
      switch byte {
      case UInt8(ascii: "|"): put("\\|")
      case UInt8(ascii: "\\"): put("\\\\")
      case UInt8(ascii: "\n"): put("<br>")
      case UInt8(ascii: "\r"): put(" ")
      default:
        output[written] = byte
        written += 1
      }
    }
    return written
  }
}
