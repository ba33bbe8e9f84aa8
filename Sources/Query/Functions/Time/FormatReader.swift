import ColStore

/// Collects the fields of a date from text.
struct FormatReader {
  /// The fields beside the year that make up the date.
  private enum Form {
    /// As long as there are none: the first day of the default year, or of one that was read.
    case none, year
    /// The number of the month or the day, which win over all others.
    case calendar
    case dayOfYear
    /// Weeks from Sunday or from Monday on, the first of them in the year being number 1.
    case sundayWeeks, mondayWeeks
    /// The ISO year or its week.
    case isoWeeks
  }

  private let text: StringView
  private var at = 0
  private var form = Form.none
  private var year = 1900
  private var month = 1
  private var day = 1
  private var dayOfYear = 1
  private var week = 0
  /// From 0, Sunday.
  private var weekday: Int?
  private var isoYear: Int?
  private var isoWeek: Int?
  /// From 1, Monday.
  private var isoWeekday: Int?
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var fraction = 0
  private var isAfternoon: Bool?
  private var zoneSeconds = 0

  init(_ text: StringView) { self.text = text }

  private var next: UInt8? { at < text.count ? text.start[at] : nil }

  mutating func skipSpaces() {
    while let next, LenientText.isSpace(next) { at += 1 }
  }

  /// Whether `literal` is next, in which a run of spaces stands for any other.
  mutating func skip(_ literal: [UInt8]) -> Bool {
    var isBehindSpace = false
    for byte in literal {
      let isSpace = LenientText.isSpace(byte)
      defer { isBehindSpace = isSpace }
      if isSpace && isBehindSpace { continue }
      guard let next, isSpace ? LenientText.isSpace(next) : next == byte else { return false }
      at += 1
      if isSpace { skipSpaces() }
    }
    return true
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func digits(_ most: Int) -> Int? {
    var value = 0
    let first = at
    while let next, at - first < most, 0x30...0x39 ~= next {
      value = value * 10 + Int(next - 0x30)
      at += 1
    }
    return at > first ? value : nil
  }

  /// Exactly two digits.
  private mutating func pair() -> Int? {
    let first = at
    guard let value = digits(2), at - first == 2 else {
      at = first
      return nil
    }
    return value
  }

  /// A fraction of a second in microseconds.
  private mutating func fraction(digits most: Int) -> Int? {
    let first = at
    guard let value = digits(most) else { return nil }
    let count = at - first
    return count <= 6
      ? value * Int(powersOfTen64[6 - count]) : value / Int(powersOfTen64[count - 6])
  }

  /// The place of the name that is next.
  private mutating func name(of names: [String], short: Bool) -> Int? {
    for (index, name) in names.enumerated() {
      let word = Array((short ? String(name.prefix(3)) : name).lowercased().utf8)
      guard text.count - at >= word.count else { continue }
      if word.indices.allSatisfy({ text.start[at + $0] | 0x20 == word[$0] }) {
        at += word.count
        return index
      }
    }
    return nil
  }

  /// Reads the field of a letter; false where the text has another there, or one that does not go
  /// together with those before it.
  mutating func read(_ letter: UInt8) throws(QueryError) -> Bool {
    switch letter {
    case UInt8(ascii: "Y"):
      guard let value = digits(4) else { return false }
      set(year: value)
    case UInt8(ascii: "y"):
      guard let value = digits(2) else { return false }
      set(year: value < 69 ? 2000 + value : 1900 + value)
    case UInt8(ascii: "G"): return digits(4).map { readISO(\.isoYear, $0) } ?? false
    case UInt8(ascii: "V"):
      guard let value = digits(2), 1...53 ~= value, form != .year else { return false }
      return readISO(\.isoWeek, value)
    case UInt8(ascii: "u"):
      guard isoWeekday == nil, let value = digits(1), 1...7 ~= value else { return false }
      isoWeekday = value
    case UInt8(ascii: "w"): return set(\.weekday, digits(1), in: 0...6)
    case UInt8(ascii: "U"): return set(\.week, digits(2), in: 0...53) && take(.sundayWeeks)
    case UInt8(ascii: "W"): return set(\.week, digits(2), in: 0...53) && take(.mondayWeeks)
    case UInt8(ascii: "j"): return set(\.dayOfYear, digits(3), in: 1...366) && take(.dayOfYear)
    case UInt8(ascii: "m"): return set(\.month, digits(2), in: 1...12) && take(.calendar)
    case UInt8(ascii: "d"): return set(\.day, digits(2), in: 1...31) && take(.calendar)
    case UInt8(ascii: "b"):
      return set(\.month, name(of: CalendarNames.months, short: true).map { $0 + 1 }, in: 1...12)
    case UInt8(ascii: "B"):
      return set(\.month, name(of: CalendarNames.months, short: false).map { $0 + 1 }, in: 1...12)
    case UInt8(ascii: "a"): return name(of: CalendarNames.days, short: true) != nil
    case UInt8(ascii: "A"): return name(of: CalendarNames.days, short: false) != nil
    case UInt8(ascii: "H"): return set(\.hour, digits(2), in: 0...23)
    case UInt8(ascii: "I"): return set(\.hour, digits(2), in: 1...12)
    case UInt8(ascii: "M"): return set(\.minute, digits(2), in: 0...59)
    case UInt8(ascii: "S"): return set(\.second, digits(2), in: 0...59)
    case UInt8(ascii: "f"): return set(\.fraction, fraction(digits: 6), in: 0...999_999)
    case UInt8(ascii: "g"): return set(\.fraction, fraction(digits: 3), in: 0...999_999)
    case UInt8(ascii: "n"): return set(\.fraction, fraction(digits: 9), in: 0...999_999)
    case UInt8(ascii: "p"): return readHalfOfDay()
    case UInt8(ascii: "Z"): return try readZoneName()
    case UInt8(ascii: "z"): return readZoneOffset()
    default: preconditionFailure("a format has no other fields")
    }
    return true
  }

  private mutating func set(
    _ field: WritableKeyPath<FormatReader, Int>, _ value: Int?, in range: ClosedRange<Int>
  ) -> Bool {
    guard let value, range ~= value else { return false }
    self[keyPath: field] = value
    return true
  }

  private mutating func set(
    _ field: WritableKeyPath<FormatReader, Int?>, _ value: Int?, in range: ClosedRange<Int>
  ) -> Bool {
    guard let value, range ~= value else { return false }
    self[keyPath: field] = value
    return true
  }

  /// A year beside an ISO year wins.
  private mutating func set(year value: Int) {
    year = value
    if form == .none || form == .isoWeeks { form = .year }
  }

  /// Whether a field of the form `new` may follow those before it.
  private mutating func take(_ new: Form) -> Bool {
    switch form {
    case .none, .year: form = new
    case .calendar: break
    case .dayOfYear, .sundayWeeks, .mondayWeeks, .isoWeeks:
      guard new == .calendar else { return false }
      form = new
    }
    return true
  }

  private mutating func readISO(
    _ field: WritableKeyPath<FormatReader, Int?>, _ value: Int
  ) -> Bool {
    switch form {
    case .none: form = .isoWeeks
    case .isoWeeks: if self[keyPath: field] != nil { return false }
    case .year, .calendar: return true
    case .dayOfYear, .sundayWeeks, .mondayWeeks: return false
    }
    self[keyPath: field] = value
    return true
  }

  private mutating func readHalfOfDay() -> Bool {
    guard let letter = next else { return false }
    switch letter | 0x20 {
    case UInt8(ascii: "a"): isAfternoon = false
    case UInt8(ascii: "p"): isAfternoon = true
    default: return false
    }
    at += 1
    guard let letter = next, letter | 0x20 == UInt8(ascii: "m") else { return false }
    at += 1
    return true
  }

  /// Names of the only time zone that is known.
  private static let universalTime: Set<String> = [
    "utc", "uct", "gmt", "zulu", "universal", "greenwich",
  ]

  private mutating func readZoneName() throws(QueryError) -> Bool {
    skipSpaces()
    let first = at
    while let next, FormatReader.isOfZoneName(next) { at += 1 }
    if at == first { return false }
    let name = StringView(start: text.start + first, count: at - first).string
    let lowercased = name.lowercased()
    let last = lowercased.hasPrefix("etc/") ? String(lowercased.dropFirst(4)) : lowercased
    guard FormatReader.universalTime.contains(last) else {
      throw QueryError(.unsupported, "the time zone '\(name)' is not known, only UTC")
    }
    return true
  }

  private static func isOfZoneName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
    case UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// `±HH`, `±HHMM`, `±HH:MM` or `±HH:MM:SS`.
  private mutating func readZoneOffset() -> Bool {
    let isNegative = next == UInt8(ascii: "-")
    guard isNegative || next == UInt8(ascii: "+") else { return false }
    at += 1
    guard let hours = pair() else { return false }
    let needsMinutes = skip(UInt8(ascii: ":"))
    let minutes = pair()
    if needsMinutes && minutes == nil { return false }
    var seconds = 0
    if minutes != nil, skip(UInt8(ascii: ":")) {
      guard let value = pair() else { return false }
      seconds = value
    }
    let total = (hours * 60 + (minutes ?? 0)) * 60 + seconds
    zoneSeconds = isNegative ? -total : total
    return true
  }

  /// The microseconds since the epoch; nil where text is left over, or the date does not exist.
  mutating func finish() -> Int64? {
    skipSpaces()
    guard at == text.count else { return nil }
    if let isAfternoon {
      guard hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard let days = date() else { return nil }
    let seconds = Int64((hour * 60 + minute) * 60 + second - zoneSeconds)
    let (start, overflow) = days.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
    return overflow ? nil : start &+ seconds &* 1_000_000 &+ Int64(fraction)
  }

  /// The day since the epoch.
  private func date() -> Int64? {
    let firstOfYear = CalendarMath.day(year: year, month: 1, day: 1)
    switch form {
    case .none, .year, .calendar:
      let date = CivilDate(year: year, month: month, day: day)
      return date.isValid ? Int64(date.daysSinceEpoch) : nil
    case .dayOfYear: return firstOfYear + Int64(dayOfYear) - 1
    case .sundayWeeks:
      let first = firstOfYear - CalendarMath.dayOfWeek(firstOfYear)
      let skipped = first == firstOfYear ? 1 : 0
      return first + Int64(7 * (week - skipped) + (weekday ?? 0))
    case .mondayWeeks:
      let first = firstOfYear - CalendarMath.isoDayOfWeek(firstOfYear) + 1
      let skipped = first == firstOfYear ? 1 : 0
      return first + Int64(7 * (week - skipped) + ((weekday ?? 1) + 6) % 7)
    case .isoWeeks:
      // The fourth of January lies in the first week.
      let fourth = CalendarMath.day(year: isoYear ?? 1900, month: 1, day: 4)
      let first = fourth - CalendarMath.isoDayOfWeek(fourth) + 1
      return first + Int64(7 * ((isoWeek ?? 1) - 1) + (isoWeekday ?? 1) - 1)
    }
  }
}
