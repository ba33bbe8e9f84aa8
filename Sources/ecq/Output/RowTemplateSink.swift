import ColStore
import Query

/// The fixed text around the cells of a row-wise format.
struct RowTemplate {
  /// Before all rows.
  var header = ""
  /// Before each cell: one a column.
  var prefixes: [String]
  /// After the last cell of each row.
  var suffix: String
  /// Between a row and the next.
  var separator = ""
  /// After all rows.
  var footer = ""
}

/// A format that writes rows one after another as cells between fixed texts.
protocol RowFormat {
  associatedtype Style: CellStyle
  var style: Style { get }
  /// The template of a result; `index` counts the results before it.
  func template(for schema: [Field], index: Int) -> RowTemplate
}

/// Writes results in a ``RowFormat``: cells are rendered column by column for a block of rows, then
/// laid out row by row.
final class RowTemplateSink<Format: RowFormat>: ResultSink {
  private let format: Format
  private let stream: OutputStream
  private var resultCount = 0
  private var renderers: [CellRenderer<Format.Style>] = []
  private var template = RowTemplate(prefixes: [], suffix: "")
  /// Every fixed text of the template, in one buffer: prefixes, suffix, separator.
  private let fixedText = TextBuffer()
  private var prefixes: [StringView] = []
  private var suffix = StringView.empty
  private var separator = StringView.empty
  private var hasRows = false
  private var cells = Buffer(byteCount: 0)
  private var blockRows = 1

  init(_ format: Format, to stream: OutputStream) {
    self.format = format
    self.stream = stream
  }

  func begin(schema: [Field]) throws {
    template = format.template(for: schema, index: resultCount)
    resultCount += 1
    hasRows = false
    renderers = schema.map { _ in CellRenderer(style: format.style) }
    layOutFixedText()
    // As many rows as keep the cells of a block in the second-level cache.
    blockRows = max(1, min(1024, 65_536 / max(1, schema.count)))
    cells = Buffer(StringView.self, count: schema.count * cellStride)
    stream.buffer.append(template.header)
  }

  /// Cells between the columns of a block; not a power of two, which would fill few cache sets.
  private var cellStride: Int { blockRows + 12 }

  private func layOutFixedText() {
    fixedText.removeAll()
    let texts = template.prefixes + [template.suffix, template.separator]
    for text in texts { fixedText.append(text) }
    var start = UnsafePointer(fixedText.start)
    let views = texts.map { text in
      let view = StringView(start: start, count: text.utf8.count)
      start += view.count
      return view
    }
    prefixes = Array(views.dropLast(2))
    suffix = views[views.count - 2]
    separator = views[views.count - 1]
  }

  func consume(_ batch: Batch) throws {
    var first = 0
    while first < batch.rowCount {
      let count = min(blockRows, batch.rowCount - first)
      let base = cells.pointer(StringView.self)
      for column in renderers.indices {
        renderers[column].render(
          batch.columns[column], from: first, count: count, to: base + column * cellStride)
      }
      layOutRows(count)
      try stream.flushIfFull()
      first += count
    }
  }

  private func layOutRows(_ count: Int) {
    let base = UnsafePointer(cells.pointer(StringView.self))
    let (stride, columns) = (cellStride, renderers.count)
    var bytes = count * (fixedText.count + 1) + copySlack
    for column in 0..<columns {
      let column = base + column * stride
      var row = 0
      while row < count {
        bytes &+= column[row].count
        row &+= 1
      }
    }
    let start = stream.buffer.reserve(bytes)
    var output = start
    let (suffix, separator, isContinued) = (suffix, separator, hasRows)
    hasRows = true
    prefixes.withUnsafeBufferPointer { prefixes in
      for row in 0..<count {
        if separator.count > 0 && (row > 0 || isContinued) { copy(separator, to: &output) }
        var cell = base + row
        for column in 0..<columns {
          copy(prefixes[column], to: &output)
          copy(cell.pointee, to: &output)
          cell += stride
        }
        copy(suffix, to: &output)
      }
    }
    stream.buffer.commit(output - start)
  }

  func end() throws {
    stream.buffer.append(template.footer)
    try stream.flush()
  }
}

/// Bytes that a copy may write behind the text's end.
private let copySlack = 64

/// Copies a text, short ones without a call: 32 bytes at a time, however many count. Reading past
/// the text's end is safe as long as the page does not end.
@inline(__always)
private func copy(_ text: StringView, to output: inout UnsafeMutablePointer<UInt8>) {
  let count = text.count
  let source = UnsafeRawPointer(text.start)
  if count == 1 {
    output[0] = text.start[0]
  } else if count <= 64 && UInt(bitPattern: source) & 4095 <= 4096 - 64 {
    let target = UnsafeMutableRawPointer(output)
    target.storeBytes(
      of: source.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    if count > 32 {
      target.storeBytes(
        of: source.loadUnaligned(fromByteOffset: 32, as: SIMD32<UInt8>.self), toByteOffset: 32,
        as: SIMD32<UInt8>.self)
    }
  } else {
    output.update(from: text.start, count: count)
  }
  output += count
}
