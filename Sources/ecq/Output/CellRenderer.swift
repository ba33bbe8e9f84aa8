import ColStore
import Glibc

/// Renders a column's rows as texts, a few thousand at a time: one loop a type, no branch on it.
///
/// A rendered cell is a view: into the renderer's memory, into the vector, or into the texts of a
/// dictionary, which are made once. It is valid until the next call of ``render(_:from:count:to:)``.
struct CellRenderer<Style: CellStyle> {
  private let style: Style
  private let scratch = TextBuffer()
  private var dictionary: DictionaryTexts?

  init(style: Style) { self.style = style }

  /// Renders rows `first ..< first + count` of `vector` to `cells`.
  mutating func render(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>
  ) {
    scratch.removeAll()
    switch vector.layout {
    case .flat:
      renderFlat(vector, from: first, count: count, to: cells, with: scratch)
    case .constant:
      let single = vector.slice(offset: 0, count: min(1, vector.count))
      guard count > 0 else { return }
      renderConstant(single, to: cells)
      let cell = cells[0]
      cells.update(repeating: cell, count: count)
    case .dictionary:
      renderDictionary(vector, from: first, count: count, to: cells)
    }
  }

  private func renderConstant(_ vector: Vector, to cells: UnsafeMutablePointer<StringView>) {
    if let validity = vector.validity, validity[0] == 0 {
      cells[0] = style.null
      return
    }
    let flat = Vector(
      flat: vector.type, count: 1, values: vector.values, child: vector.child,
      mapValues: vector.mapValues, owners: [vector])
    renderFlat(flat, from: 0, count: 1, to: cells, with: scratch)
  }

  private mutating func renderDictionary(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>
  ) {
    guard let entries = vector.dictionary, let codes = vector.codes else { return }
    if dictionary?.entries !== entries { dictionary = DictionaryTexts(entries) }
    guard let texts = dictionary else { return }
    let known = texts.known
    var row = 0
    while row < count {
      let code = Int(codes[first &+ row])
      if let start = known[code].start {
        cells[row] = StringView(start: start, count: known[code].count)
      } else {
        renderFlat(entries, from: code, count: 1, to: cells + row, with: scratch)
        cells[row] = texts.keep(cells[row], for: code)
        scratch.removeAll()
      }
      row &+= 1
    }
  }

  private func renderFlat(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>,
    with scratch: TextBuffer
  ) {
    switch vector.type {
    case .null: cells.update(repeating: style.null, count: count)
    case .boolean: renderBooleans(vector, from: first, count: count, to: cells)
    case .varchar: renderTexts(vector, from: first, count: count, to: cells, with: scratch)
    case .list, .map: renderNested(vector, from: first, count: count, to: cells, with: scratch)
    case .double:
      let values = vector.pointer(Double.self) + first
      let words = style.nonFinite
      renderFixed(vector, from: first, count: count, isQuoted: false, to: cells, with: scratch) {
        row, output in
        let value = values[row]
        if value.isFinite { return TextWriting.double(value, to: output) }
        let word = words.word(for: value)
        memcpy(output, word.utf8Start, word.utf8CodeUnitCount)
        return word.utf8CodeUnitCount
      }
    case .integer, .bigint:
      let values = vector.pointer(Int64.self) + first
      let isQuoted = style.quotes(vector.type)
      renderFixed(vector, from: first, count: count, isQuoted: isQuoted, to: cells, with: scratch) {
        TextWriting.integer(values[$0], to: $1)
      }
    case .decimal(let precision, let scale):
      let isQuoted = style.quotes(vector.type)
      if precision <= 18 {
        let values = vector.pointer(Int64.self) + first
        renderFixed(vector, from: first, count: count, isQuoted: isQuoted, to: cells, with: scratch)
        {
          TextWriting.decimal(values[$0], scale: scale, to: $1)
        }
      } else {
        let values = vector.pointer(Int128.self) + first
        renderFixed(vector, from: first, count: count, isQuoted: isQuoted, to: cells, with: scratch)
        {
          TextWriting.decimal(values[$0], scale: scale, to: $1)
        }
      }
    case .timestamp:
      let values = vector.pointer(Int64.self) + first
      var days = DayText()
      renderFixed(
        vector, from: first, count: count, isQuoted: style.quotesTimes, to: cells, with: scratch
      ) { row, output in
        days.write(values[row], to: output)
      }
    case .uuid:
      let values = vector.pointer(Int128.self) + first
      renderFixed(
        vector, from: first, count: count, isQuoted: style.quotesTimes, to: cells, with: scratch
      ) { TextWriting.uuid(values[$0], to: $1) }
    case .date, .time, .interval:
      let (values, type) = (vector.values, vector.type)
      renderFixed(
        vector, from: first, count: count, isQuoted: style.quotesTimes, to: cells, with: scratch
      ) { TextWriting.fixedWidth(values, at: first + $0, type: type, to: $1) }
    }
  }

  /// Values whose texts are short and hold nothing to escape.
  @inline(__always)
  private func renderFixed(
    _ vector: Vector, from first: Int, count: Int, isQuoted: Bool,
    to cells: UnsafeMutablePointer<StringView>, with scratch: TextBuffer,
    write: (_ row: Int, _ output: UnsafeMutablePointer<UInt8>) -> Int
  ) {
    let validity = vector.validity.map { $0 + first }
    let null = style.null
    let quote = isQuoted ? 1 : 0
    var output = scratch.reserve(count * (TextWriting.bytesMax + 2))
    var row = 0
    while row < count {
      if let validity, validity[row] == 0 {
        cells[row] = null
      } else {
        if isQuoted { output[0] = UInt8(ascii: "\"") }
        let written = write(row, output + quote)
        if isQuoted { output[written + 1] = UInt8(ascii: "\"") }
        cells[row] = StringView(start: output, count: written + 2 * quote)
        output += written + 2 * quote
      }
      row &+= 1
    }
  }

  private func renderBooleans(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>
  ) {
    let values = vector.pointer(UInt8.self) + first
    let validity = vector.validity.map { $0 + first }
    let null = style.null
    let words = (StaticString("false").view, StaticString("true").view)
    for row in 0..<count {
      if let validity, validity[row] == 0 {
        cells[row] = null
      } else {
        cells[row] = values[row] != 0 ? words.1 : words.0
      }
    }
  }

  /// Texts: those that need no escaping stay where they are.
  private func renderTexts(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>,
    with scratch: TextBuffer
  ) {
    let values = vector.pointer(StringView.self) + first
    let validity = vector.validity.map { $0 + first }
    let null = style.null
    // First mark what is to be escaped by a negative count, so that its memory can be reserved at
    // once and does not move.
    var escapedBytes = 0
    for row in 0..<count {
      if let validity, validity[row] == 0 {
        cells[row] = null
      } else if style.needsEscaping(values[row]) {
        cells[row] = StringView(start: values[row].start, count: -1)
        escapedBytes += style.escapedBytesMax(values[row].count)
      } else {
        cells[row] = values[row]
      }
    }
    guard escapedBytes > 0 else { return }
    var output = scratch.reserve(escapedBytes)
    for row in 0..<count where cells[row].count < 0 {
      let written = style.escape(values[row], to: output)
      cells[row] = StringView(start: output, count: written)
      output += written
    }
  }

  /// Lists and maps, one at a time.
  private func renderNested(
    _ vector: Vector, from first: Int, count: Int, to cells: UnsafeMutablePointer<StringView>,
    with scratch: TextBuffer
  ) {
    let text = TextBuffer()
    var ends: [Int] = []
    ends.reserveCapacity(count)
    for row in first..<first + count {
      if vector.isNull(row) {
        scratch.append(style.null)
      } else if style.nestedIsFinal {
        style.appendNested(vector, row: row, to: scratch)
      } else {
        text.removeAll()
        style.appendNested(vector, row: row, to: text)
        let view = StringView(start: UnsafePointer(text.start), count: text.count)
        if style.needsEscaping(view) {
          let output = scratch.reserve(style.escapedBytesMax(view.count))
          scratch.commit(style.escape(view, to: output))
        } else {
          scratch.append(view)
        }
      }
      ends.append(scratch.count)
    }
    var start = 0
    for row in 0..<count {
      cells[row] = StringView(
        start: UnsafePointer(scratch.start) + start, count: ends[row] - start)
      start = ends[row]
    }
  }
}

/// Writes times and keeps the text of the last one's day, which the next one mostly shares.
private struct DayText {
  private var day = Int64.min
  private var text = SIMD16<UInt8>()
  private static let dayBytes = 10

  mutating func write(_ time: Int64, to output: UnsafeMutablePointer<UInt8>) -> Int {
    let day = floorDivide(time, Int64(microsecondsPerDay))
    let target = UnsafeMutableRawPointer(output)
    if day != self.day {
      let written = TextWriting.date(day, to: output)
      guard written == Self.dayBytes else { return TextWriting.timestamp(time, to: output) }
      self.day = day
      text = UnsafeRawPointer(target).loadUnaligned(as: SIMD16<UInt8>.self)
      text[Self.dayBytes] = UInt8(ascii: " ")
    }
    target.storeBytes(of: text, as: SIMD16<UInt8>.self)
    let ofDay = time - day * Int64(microsecondsPerDay)
    return Self.dayBytes + 1 + TextWriting.time(ofDay, to: output + Self.dayBytes + 1)
  }
}

/// The rendered texts of a dictionary's entries, made when they are first asked for.
private final class DictionaryTexts {
  struct Text {
    /// Nil until the entry is rendered.
    var start: UnsafePointer<UInt8>?
    var count: Int
  }

  let entries: Vector
  /// A text an entry, zeroed by the system page by page: a few rows of a large dictionary are cheap.
  let known: UnsafeMutablePointer<Text>
  private var chunks: [Buffer] = []
  private var chunkUsed = 0

  init(_ entries: Vector) {
    self.entries = entries
    guard let memory = calloc(max(entries.count, 1), MemoryLayout<Text>.stride) else {
      preconditionFailure("there is memory for the texts of a dictionary")
    }
    known = memory.bindMemory(to: Text.self, capacity: max(entries.count, 1))
  }

  deinit { free(known) }

  /// Copies the text of entry `code` to memory that lives as long as this.
  func keep(_ text: StringView, for code: Int) -> StringView {
    if chunkUsed + text.count > (chunks.last?.byteCount ?? -1) {
      chunks.append(Buffer(byteCount: max(text.count, 1 << 16)))
      chunkUsed = 0
    }
    guard let chunk = chunks.last else { return text }
    let start = chunk.pointer(UInt8.self) + chunkUsed
    memcpy(start, text.start, text.count)
    chunkUsed += text.count
    known[code] = Text(start: UnsafePointer(start), count: text.count)
    return StringView(start: start, count: text.count)
  }
}
