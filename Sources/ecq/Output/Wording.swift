import ColStore

/// `1,234,567`.
func grouped(_ number: Int) -> String {
  var digits = String(number.magnitude)
  var at = digits.utf8.count - 3
  while at > 0 {
    digits.insert(",", at: digits.index(digits.startIndex, offsetBy: at))
    at -= 3
  }
  return number < 0 ? "-" + digits : digits
}

/// `1 row`, `1,234 rows`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// A number with `digits` digits after the point.
func fixed(_ value: Double, _ digits: Int) -> String {
  let scaled = (value * Double(powersOfTen64[digits])).rounded()
  guard scaled.magnitude < 9e18 else { return String(value) }
  let buffer = TextBuffer()
  let output = buffer.reserve(TextWriting.bytesMax)
  buffer.commit(TextWriting.decimal(Int64(scaled), scale: digits, to: output))
  return buffer.string
}

/// `1.49 GB`.
func byteText(_ bytes: Int) -> String {
  let units = ["bytes", "kB", "MB", "GB", "TB"]
  var (value, unit) = (Double(bytes), 0)
  while value >= 1000, unit + 1 < units.count {
    value /= 1000
    unit += 1
  }
  return unit == 0 ? counted(bytes, "byte") : "\(fixed(value, value < 10 ? 2 : 1)) \(units[unit])"
}
