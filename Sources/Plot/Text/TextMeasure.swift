import CCairo

/// Says how wide texts are, and fits them into given widths.
///
/// Widths are those of outlines, free of hinting, so that they hold at every scale.
final class TextMeasure {
  private let surface: OpaquePointer?
  private let context: OpaquePointer?
  private var widths: [TextStyle: [String: Double]] = [:]

  init() {
    surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    context = cairo_create(surface)
    Font.prepare(context)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  func width(_ text: String, _ style: TextStyle) -> Double {
    var shape = style
    shape.color = .white
    if let known = widths[shape]?[text] { return known }
    Font.select(shape, in: context)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    let width = extents.x_advance.isFinite ? max(extents.x_advance, 0) : 0
    widths[shape, default: [:]][text] = width
    return width
  }

  func width(widest texts: some Sequence<String>, _ style: TextStyle) -> Double {
    texts.reduce(0) { max($0, width($1, style)) }
  }

  /// The text, cut and ended with … where it is wider than `limit`; empty where nothing fits.
  func shortened(_ text: String, to limit: Double, _ style: TextStyle) -> String {
    if width(text, style) <= limit { return text }
    let characters = Array(text)
    var (low, high) = (0, characters.count)
    while low + 1 < high {
      let middle = (low + high) / 2
      let candidate = String(characters[..<middle]) + "…"
      if width(candidate, style) <= limit { low = middle } else { high = middle }
    }
    guard low > 0 else { return "" }
    var cut = characters[..<low]
    while cut.count > 1, let last = cut.last, last == " " || last == "," { cut.removeLast() }
    return String(cut) + "…"
  }

  /// The text in at most `lines` lines that are no wider than `limit`, broken between words.
  func wrapped(_ text: String, to limit: Double, lines: Int, _ style: TextStyle) -> [String] {
    if width(text, style) <= limit { return text.isEmpty ? [] : [text] }
    var done: [String] = []
    var line = ""
    var words = TextCleaning.words(text)[...]
    while let word = words.first {
      let longer = line.isEmpty ? word : line + word
      if done.count == lines - 1 {
        // The last line takes the rest.
        return done + [
          shortened(trimmed(line + words.joined()), to: limit, style)
        ]
      }
      if width(trimmed(longer), style) <= limit || line.isEmpty {
        line = longer
        words = words.dropFirst()
      } else {
        done.append(shortened(trimmed(line), to: limit, style))
        line = ""
      }
    }
    if !line.isEmpty { done.append(shortened(trimmed(line), to: limit, style)) }
    return done
  }

  private func trimmed(_ text: String) -> String {
    var part = text[...]
    while part.last == " " { part.removeLast() }
    while part.first == " " { part.removeFirst() }
    return String(part)
  }
}
