/// Numbers as text, without a locale.
enum NumberText {
  /// `1,234,567`.
  static func grouped(_ digits: String) -> String {
    var text = digits
    var at = text.utf8.count - 3
    while at > 0 {
      text.insert(",", at: text.utf8.index(text.startIndex, offsetBy: at))
      at -= 3
    }
    return text
  }

  /// `-1,234.50`: exactly `decimals` digits behind the point.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    let decimals = min(max(decimals, 0), 9)
    let factor = power(10, Double(decimals))
    let scaled = (value.magnitude * factor).rounded()
    guard scaled < 9e15 else { return scientific(value) }
    let whole = Int(scaled)
    let (units, fraction) = whole.quotientAndRemainder(dividingBy: Int(factor))
    var text = grouped(String(units))
    if decimals > 0 {
      let digits = String(fraction)
      text += "." + String(repeating: "0", count: decimals - digits.utf8.count) + digits
    }
    return value < 0 && whole > 0 ? "−" + text : text
  }

  /// `1.5e21`.
  static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    var exponent = logarithm10(value.magnitude).rounded(.down)
    var mantissa = value.magnitude / power(10, exponent)
    if !mantissa.isFinite || mantissa < 1 || mantissa.rounded() >= 10 {
      exponent += 1
      mantissa = max(1, value.magnitude / power(10, exponent))
    }
    return (value < 0 ? "−" : "") + trimmed(mantissa, 2) + "e\(Int(exponent))"
  }

  /// At most `decimals` digits behind the point, and no zeros at the end.
  static func trimmed(_ value: Double, _ decimals: Int) -> String {
    var text = fixed(value, decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return text == "−0" ? "0" : text
  }

  /// `digits` significant digits, without zeros at the end.
  static func significant(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    let exponent = Int(logarithm10(value.magnitude).rounded(.down))
    if exponent < -5 { return scientific(value) }
    return trimmed(value, digits - 1 - exponent)
  }

  /// `1.2M`: a short form with a unit of thousands.
  ///
  /// - Parameter keepsZeros: Whether all have so many digits, `1.20M` among `1.25M`.
  static func compact(_ value: Double, digits: Int = 3, keepsZeros: Bool = false) -> String {
    guard value.isFinite else { return "–" }
    let magnitude = value.magnitude
    if magnitude < 1000 { return significant(value, digits) }
    for (limit, divisor, unit) in [
      (999_500.0, 1e3, "k"), (999.5e6, 1e6, "M"), (999.5e9, 1e9, "G"), (999.5e12, 1e12, "T"),
    ] where magnitude < limit {
      let scaled = value / divisor
      guard keepsZeros else { return significant(scaled, digits) + unit }
      let whole = scaled.magnitude < 9.995 ? 1 : scaled.magnitude < 99.95 ? 2 : 3
      return fixed(scaled, digits - whole) + unit
    }
    return scientific(value)
  }
}
