import ColStore

/// Reads intervals: `3 days`, `1 year 2 months 05:06:07.5`, `-1 hour`, `2 hours ago`.
enum IntervalText {
  static func read(_ text: String) -> Interval? {
    var months = 0.0
    var days = 0.0
    var microseconds = 0.0
    let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map { $0.lowercased() }
    guard !words.isEmpty else { return nil }
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "ago" && index == words.count {
        (months, days, microseconds) = (-months, -days, -microseconds)
        continue
      }
      if word.contains(":") {
        let isNegative = word.hasPrefix("-")
        let bare = Array(word.drop(while: { $0 == "-" || $0 == "+" }).utf8)
        let time = bare.withUnsafeBufferPointer { bytes -> Int64? in
          guard let start = bytes.baseAddress else { return nil }
          return LenientText.time(StringView(start: start, count: bytes.count))
        }
        guard let time else { return nil }
        microseconds += Double(isNegative ? -time : time)
        continue
      }
      let digits = word.prefix { $0.isNumber || $0 == "-" || $0 == "+" || $0 == "." }
      guard let amount = Double(digits), !digits.hasPrefix("+"),
        !digits.hasPrefix(".")
      else { return nil }
      var unit = String(word.dropFirst(digits.count))
      if unit.isEmpty, index == words.count {
        unit = "s"
      } else if unit.isEmpty {
        unit = words[index]
        index += 1
      }
      switch unit {
      case "year", "years", "y", "yr", "yrs": months += amount * 12
      case "quarter", "quarters": months += amount * 3
      case "month", "months", "mon", "mons": months += amount
      case "decade", "decades": months += amount * 120
      case "century", "centuries": months += amount * 1200
      case "millennium", "millennia": months += amount * 12000
      case "week", "weeks", "w": days += amount * 7
      case "day", "days", "d": days += amount
      case "hour", "hours", "h", "hr", "hrs": microseconds += amount * 3.6e9
      case "minute", "minutes", "m", "min", "mins": microseconds += amount * 6e7
      case "second", "seconds", "s", "sec", "secs": microseconds += amount * 1e6
      case "millisecond", "milliseconds", "ms": microseconds += amount * 1e3
      case "microsecond", "microseconds", "us": microseconds += amount
      default: return nil
      }
    }
    let wholeMonths = months.rounded(.towardZero)
    days += (months - wholeMonths) * 30
    let wholeDays = days.rounded(.towardZero)
    microseconds += (days - wholeDays) * Double(microsecondsPerDay)
    guard let monthCount = Int32(exactly: wholeMonths), let dayCount = Int32(exactly: wholeDays),
      let microsecondCount = Int64(exactly: microseconds.rounded())
    else { return nil }
    return Interval(months: monthCount, days: dayCount, microseconds: microsecondCount)
  }
}
