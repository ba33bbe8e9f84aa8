import ColStore
import Query

/// One array of objects a result, an object a line.
///
/// Numbers are exact literals, times are strings, and non-finite numbers are bare words.
struct JSONFormat: RowFormat {
  var style = JSONStyle()

  func template(for schema: [Field], index: Int) -> RowTemplate {
    RowTemplate(
      header: "[", prefixes: style.keyPrefixes(schema), suffix: "}", separator: ",\n",
      footer: "]\n")
  }
}

/// One object a line.
struct JSONLinesFormat: RowFormat {
  var style = JSONStyle()

  func template(for schema: [Field], index: Int) -> RowTemplate {
    RowTemplate(prefixes: style.keyPrefixes(schema), suffix: "}\n")
  }
}

private let jsonNull = ("null" as StaticString).view

struct JSONStyle: CellStyle {
  var quotesLargeNumbers = false
  var null: StringView { jsonNull }
  var quotesTimes: Bool { true }
  var nonFinite: NonFiniteWords { .long }
  var nestedIsFinal: Bool { true }

  /// What stands before each cell: `{"a":`, then `,"b":`. A repeated name gets `_1`.
  func keyPrefixes(_ schema: [Field]) -> [String] {
    uniqueNames(schema.map(\.name)).enumerated().map { index, name in
      (index == 0 ? "{" : ",") + escaped(name) + ":"
    }
  }

  func needsEscaping(_ text: StringView) -> Bool { true }

  func escapedBytesMax(_ count: Int) -> Int { 6 * count + 2 }

  func escape(_ text: StringView, to output: UnsafeMutablePointer<UInt8>) -> Int {
    output[0] = UInt8(ascii: "\"")
    var written = 1
    for byte in text.bytes {
      if byte >= 0x20 && byte != 0x22 && byte != 0x5c {
        output[written] = byte
        written += 1
      } else {
        written += escapeSpecial(byte, to: output + written)
      }
    }
    output[written] = UInt8(ascii: "\"")
    return written + 1
  }

  private func escapeSpecial(_ byte: UInt8, to output: UnsafeMutablePointer<UInt8>) -> Int {
    output[0] = UInt8(ascii: "\\")
    switch byte {
    case 0x22, 0x5c: output[1] = byte
    case 0x08: output[1] = UInt8(ascii: "b")
    case 0x09: output[1] = UInt8(ascii: "t")
    case 0x0a: output[1] = UInt8(ascii: "n")
    case 0x0c: output[1] = UInt8(ascii: "f")
    case 0x0d: output[1] = UInt8(ascii: "r")
    default:
      output[1] = UInt8(ascii: "u")
      output[2] = UInt8(ascii: "0")
      output[3] = UInt8(ascii: "0")
      output[4] = byte >> 4 == 0 ? UInt8(ascii: "0") : UInt8(ascii: "1")
      let low = byte & 15
      output[5] = low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10
      return 6
    }
    return 2
  }

  /// A list as an array, a map as an object.
  func appendNested(_ vector: Vector, row: Int, to buffer: TextBuffer) {
    guard let keys = vector.child else { return buffer.append(null) }
    let list = vector.pointer(ListView.self)[vector.position(of: row)]
    buffer.append(UInt8(ascii: vector.mapValues == nil ? "[" : "{"))
    for index in list.offset..<list.offset + list.count {
      if index > list.offset { buffer.append(UInt8(ascii: ",")) }
      if let values = vector.mapValues {
        let key = TextBuffer()
        key.append(keys, row: index)
        appendText(StringView(start: UnsafePointer(key.start), count: key.count), to: buffer)
        buffer.append(UInt8(ascii: ":"))
        appendElement(values, index, to: buffer)
      } else {
        appendElement(keys, index, to: buffer)
      }
    }
    buffer.append(UInt8(ascii: vector.mapValues == nil ? "]" : "}"))
  }

  private func appendElement(_ vector: Vector, _ row: Int, to buffer: TextBuffer) {
    if vector.isNull(row) { return buffer.append(null) }
    switch vector.type {
    case .list, .map:
      appendNested(vector, row: row, to: buffer)
    case .double:
      let value = vector.pointer(Double.self)[vector.position(of: row)]
      if value.isFinite {
        buffer.append(vector, row: row)
      } else {
        buffer.append(nonFinite.word(for: value))
      }
    case .null, .boolean, .integer, .bigint, .decimal:
      let quote = quotes(vector.type) ? "\"" : ""
      buffer.append(quote)
      buffer.append(vector, row: row)
      buffer.append(quote)
    case .varchar, .timestamp, .date, .time, .uuid, .interval:
      let text = TextBuffer()
      text.append(vector, row: row)
      appendText(StringView(start: UnsafePointer(text.start), count: text.count), to: buffer)
    }
  }

  private func appendText(_ text: StringView, to buffer: TextBuffer) {
    let output = buffer.reserve(escapedBytesMax(text.count))
    buffer.commit(escape(text, to: output))
  }
}

/// The names, with `_1`, `_2` … after those that have come before.
func uniqueNames(_ names: [String]) -> [String] {
  var taken = Set(names)
  var seen: Set<String> = []
  var next: [String: Int] = [:]
  return names.map { name in
    if seen.insert(name).inserted { return name }
    var number = next[name, default: 1]
    while !taken.insert("\(name)_\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)_\(number)"
  }
}
