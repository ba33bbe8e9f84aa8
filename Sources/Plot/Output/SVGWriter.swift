/// Writes pictures as SVG 1.1: shapes as paths, texts as texts, which stay searchable.
///
/// Each text says how long it is, so that another font does not push it over its neighbours.
enum SVGWriter {
  static func svg(of picture: Picture) -> [UInt8] {
    let (width, height) = (number(picture.size.width), number(picture.size.height))
    var svg = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="'DejaVu Sans', Verdana, sans-serif">

      """
    var clips = 0
    for shape in picture.shapes {
      switch shape {
      case .fill(let path, let color):
        svg += "<path d=\"\(data(path))\" fill=\"\(code(color))\"\(opacity("fill", color))/>\n"
      case .stroke(let path, let stroke):
        svg += "<path d=\"\(data(path))\" fill=\"none\" stroke=\"\(code(stroke.color))\""
        svg += opacity("stroke", stroke.color)
        svg += " stroke-width=\"\(number(stroke.width))\" stroke-linejoin=\"round\""
        if !stroke.dashes.isEmpty {
          svg += " stroke-dasharray=\"\(stroke.dashes.map(number).joined(separator: " "))\""
        }
        svg += "/>\n"
      case .text(let text): svg += element(text)
      case .clip(let area):
        clips += 1
        svg += "<clipPath id=\"clip\(clips)\"><rect x=\"\(number(area.x))\" y=\"\(number(area.y))\""
        svg += " width=\"\(number(area.width))\" height=\"\(number(area.height))\"/></clipPath>\n"
        svg += "<g clip-path=\"url(#clip\(clips))\">\n"
      case .unclip: svg += "</g>\n"
      }
    }
    svg += "</svg>\n"
    return Array(svg.utf8)
  }

  private static func element(_ text: PlacedText) -> String {
    let (x, y) = (number(text.origin.x), number(text.origin.y))
    var element = "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(number(text.style.size))\""
    if text.style.isBold { element += " font-weight=\"bold\"" }
    element += " fill=\"\(code(text.style.color))\" textLength=\"\(number(text.width))\""
    element += " lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\""
    if text.isUpright { element += " transform=\"rotate(-90 \(x) \(y))\"" }
    return element + ">\(escaped(text.text))</text>\n"
  }

  private static func data(_ path: Path) -> String {
    func pair(_ point: Point) -> String { "\(number(point.x)) \(number(point.y))" }
    var data = ""
    for segment in path.segments {
      switch segment {
      case .move(let point): data += "M\(pair(point))"
      case .line(let point): data += "L\(pair(point))"
      case .curve(let first, let second, let end):
        data += "C\(pair(first)) \(pair(second)) \(pair(end))"
      case .close: data += "Z"
      }
    }
    return data
  }

  /// At most two digits behind the point.
  private static func number(_ value: Double) -> String {
    guard value.magnitude < 1e12 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole)."
      + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
  }

  private static func code(_ color: Color) -> String {
    let parts = [color.red, color.green, color.blue].map { part in
      let value = Int((part.clamped(to: 0...1) * 255).rounded())
      return (value < 16 ? "0" : "") + String(value, radix: 16)
    }
    return "#" + parts.joined()
  }

  private static func opacity(_ what: String, _ color: Color) -> String {
    color.opacity < 1 ? " \(what)-opacity=\"\(number(color.opacity))\"" : ""
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      // XML knows no such characters.
      case "\u{FFFE}", "\u{FFFF}": continue
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
