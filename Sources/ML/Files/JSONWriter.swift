import ColStore

/// Writes JSON text into a buffer: commas and quotes are its business, nesting the caller's.
struct JSONWriter {
  let buffer = TextBuffer(capacity: 1 << 16)
  private var needsComma = false

  private mutating func separate() {
    if needsComma { buffer.append(",") }
    needsComma = true
  }

  mutating func key(_ name: String) {
    separate()
    quote(name)
    buffer.append(":")
    needsComma = false
  }

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    separate()
    buffer.append("{")
    needsComma = false
    body(&self)
    buffer.append("}")
    needsComma = true
  }

  mutating func array(_ body: (inout JSONWriter) -> Void) {
    separate()
    buffer.append("[")
    needsComma = false
    body(&self)
    buffer.append("]")
    needsComma = true
  }

  mutating func array<Element>(
    _ values: [Element], _ body: (inout JSONWriter, Element) -> Void
  ) {
    array { writer in for value in values { body(&writer, value) } }
  }

  mutating func string(_ text: String) {
    separate()
    quote(text)
  }

  mutating func integer(_ value: Int) {
    separate()
    buffer.append(String(value))
  }

  mutating func bool(_ value: Bool) {
    separate()
    buffer.append(value ? "true" : "false")
  }

  mutating func null() {
    separate()
    buffer.append("null")
  }

  /// The shortest text that reads back equal.
  mutating func number(_ value: Double) {
    separate()
    buffer.append(value.description)
  }

  mutating func number(_ value: Float) {
    separate()
    buffer.append(value.description)
  }

  private func quote(_ text: String) {
    buffer.append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): buffer.append("\\\"")
      case UInt8(ascii: "\\"): buffer.append("\\\\")
      case 0x0a: buffer.append("\\n")
      case 0..<0x20:
        buffer.append("\\u00")
        for digit in [byte >> 4, byte & 15] {
          buffer.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
      default: buffer.append(byte)
      }
    }
    buffer.append("\"")
  }
}
