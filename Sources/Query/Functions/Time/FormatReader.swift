import ColStore

/// Collects the fields of a date from text.
struct FormatReader {
  private let text: StringView
  private var at = 0
  private var year: Int?
  private var month: Int?
  private var day: Int?
  private var dayOfYear: Int?
  /// Of the year, beginning with its first Sunday or Monday.
  private var sundayWeek: Int?
  private var mondayWeek: Int?
  private var isoYear: Int?
  private var isoWeek: Int?
  /// From 0, Sunday; from 1, Monday.
  private var weekday: Int?
  private var isoWeekday: Int?
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var fraction = 0
  private var isAfternoon: Bool?
  private var zoneSeconds = 0

  init(_ text: StringView) { self.text = text }

  mutating func skipSpaces() {
    while at < text.count, LenientText.isSpace(text.start[at]) { at += 1 }
  }

  /// Whether `byte` is next; a space stands for one or more.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text.start[at] == byte else { return false }
    at += 1
    if LenientText.isSpace(byte) { skipSpaces() }
    return true
  }

  private mutating func digits(_ most: Int) -> Int? {
    var value = 0
    let first = at
    while at < text.count, at - first < most, text.start[at] >= 0x30, text.start[at] <= 0x39 {
      value = value * 10 + Int(text.start[at] - 0x30)
      at += 1
    }
    return at > first ? value : nil
  }

  /// A number of as many digits as are there, as a fraction of a second in microseconds.
  private mutating func fractionDigits(_ most: Int) -> Int? {
    let first = at
    guard let value = digits(most) else { return nil }
    var micros = value
    var count = at - first
    while count < 6 {
      micros *= 10
      count += 1
    }
    while count > 6 {
      micros /= 10
      count -= 1
    }
    return micros
  }

  private mutating func name(_ names: [String], short: Bool) -> Int? {
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

  mutating func read(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "Y"): return set(\.year, digits(4))
    case UInt8(ascii: "G"): return set(\.isoYear, digits(4))
    case UInt8(ascii: "U"): return set(\.sundayWeek, digits(2), in: 0...53)
    case UInt8(ascii: "W"): return set(\.mondayWeek, digits(2), in: 0...53)
    case UInt8(ascii: "V"): return set(\.isoWeek, digits(2), in: 1...53)
    case UInt8(ascii: "w"): return set(\.weekday, digits(1), in: 0...6)
    case UInt8(ascii: "u"): return set(\.isoWeekday, digits(1), in: 1...7)
    case UInt8(ascii: "y"):
      guard let value = digits(2) else { return false }
      year = value < 69 ? 2000 + value : 1900 + value
    case UInt8(ascii: "m"): return set(\.month, digits(2))
    case UInt8(ascii: "d"): return set(\.day, digits(2))
    case UInt8(ascii: "j"): return set(\.dayOfYear, digits(3), in: 1...366)
    case UInt8(ascii: "H"), UInt8(ascii: "I"): return set(\.hour, digits(2))
    case UInt8(ascii: "M"): return set(\.minute, digits(2))
    case UInt8(ascii: "S"): return set(\.second, digits(2))
    case UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "g"):
      return set(\.fraction, fractionDigits(letter == UInt8(ascii: "g") ? 3 : 9))
    case UInt8(ascii: "p"):
      guard at + 1 < text.count, text.start[at + 1] | 0x20 == UInt8(ascii: "m") else {
        return false
      }
      switch text.start[at] | 0x20 {
      case UInt8(ascii: "a"): isAfternoon = false
      case UInt8(ascii: "p"): isAfternoon = true
      default: return false
      }
      at += 2
    case UInt8(ascii: "b"):
      return set(\.month, name(CalendarNames.months, short: true).map { $0 + 1 })
    case UInt8(ascii: "B"):
      return set(\.month, name(CalendarNames.months, short: false).map { $0 + 1 })
    case UInt8(ascii: "a"): return name(CalendarNames.days, short: true) != nil
    case UInt8(ascii: "A"): return name(CalendarNames.days, short: false) != nil
    case UInt8(ascii: "Z"):
      while at < text.count, text.start[at] | 0x20 >= 0x61, text.start[at] | 0x20 <= 0x7a {
        at += 1
      }
    case UInt8(ascii: "z"): return zone()
    default: return digits(2) != nil
    }
    return true
  }

  private mutating func set(_ field: WritableKeyPath<FormatReader, Int>, _ value: Int?) -> Bool {
    guard let value else { return false }
    self[keyPath: field] = value
    return true
  }

  private mutating func set(
    _ field: WritableKeyPath<FormatReader, Int?>, _ value: Int?, in range: ClosedRange<Int>? = nil
  ) -> Bool {
    guard let value, range?.contains(value) ?? true else { return false }
    self[keyPath: field] = value
    return true
  }

  private mutating func zone() -> Bool {
    if skip(0x5a) { return true }
    let isNegative = skip(0x2d)
    guard isNegative || skip(0x2b), let hours = digits(2) else { return false }
    _ = skip(0x3a)
    let total = (hours * 60 + (digits(2) ?? 0)) * 60
    zoneSeconds = isNegative ? -total : total
    return true
  }

  mutating func finish() -> Int64? {
    skipSpaces()
    guard at == text.count else { return nil }
    if let isAfternoon {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, minute < 60, second < 60 else { return nil }
    guard let days = date() else { return nil }
    let seconds = Int64((hour * 60 + minute) * 60 + second - zoneSeconds)
    let (start, overflow) = days.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
    return overflow ? nil : start &+ seconds &* 1_000_000 &+ Int64(fraction)
  }

  /// The day since the epoch: that of a year, else that of the calendar, else that of a week.
  private func date() -> Int64? {
    let firstOfYear = CalendarMath.day(year: year ?? 1900, month: 1, day: 1)
    if let dayOfYear {
      return sundayWeek == nil && mondayWeek == nil ? firstOfYear + Int64(dayOfYear) - 1 : nil
    }
    if month == nil && day == nil {
      if let sundayWeek {
        let first = firstOfYear - CalendarMath.dayOfWeek(firstOfYear)
        let skipped = first == firstOfYear ? 1 : 0
        return first + Int64(7 * (sundayWeek - skipped) + (weekday ?? 0))
      }
      if let mondayWeek {
        let first = firstOfYear - CalendarMath.isoDayOfWeek(firstOfYear) + 1
        let skipped = first == firstOfYear ? 1 : 0
        return first + Int64(7 * (mondayWeek - skipped) + ((weekday ?? 1) + 6) % 7)
      }
      if year == nil, isoYear != nil || isoWeek != nil {
        // The fourth of January lies in the first week.
        let fourth = CalendarMath.day(year: isoYear ?? 1900, month: 1, day: 4)
        let first = fourth - CalendarMath.isoDayOfWeek(fourth) + 1
        return first + Int64(7 * ((isoWeek ?? 1) - 1) + (isoWeekday ?? 1) - 1)
      }
    }
    let date = CivilDate(year: year ?? 1900, month: month ?? 1, day: day ?? 1)
    return date.isValid ? Int64(date.daysSinceEpoch) : nil
  }
}
