import ColStore

/// A strftime format, cut into its parts once.
struct DateFormat: Sendable {
  enum Part: Sendable {
    case literal([UInt8])
    /// A letter behind `%`; `isBare` with `-` between: without padding.
    case field(UInt8, isBare: Bool)
  }

  let parts: [Part]

  init(_ format: String) throws(QueryError) {
    var parts: [Part] = []
    var literal: [UInt8] = []
    let bytes = Array(format.utf8)
    var at = 0
    while at < bytes.count {
      if bytes[at] != 0x25 {
        literal.append(bytes[at])
        at += 1
        continue
      }
      at += 1
      let isBare = at < bytes.count && bytes[at] == 0x2d
      if isBare { at += 1 }
      guard at < bytes.count else {
        throw QueryError(.value, "the date format '\(format)' ends with a lone %")
      }
      let letter = bytes[at]
      at += 1
      if letter == 0x25 {
        literal.append(letter)
        continue
      }
      let expanded: String?
      switch letter {
      case UInt8(ascii: "c"): expanded = "%Y-%m-%d %H:%M:%S"
      case UInt8(ascii: "x"): expanded = "%Y-%m-%d"
      case UInt8(ascii: "X"): expanded = "%H:%M:%S"
      default: expanded = nil
      }
      if !literal.isEmpty {
        parts.append(.literal(literal))
        literal = []
      }
      if let expanded {
        parts += try DateFormat(expanded).parts
      } else if "aAbBdHIjmMpSfgnyYwuUWVGzZ".utf8.contains(letter) {
        parts.append(.field(letter, isBare: isBare))
      } else {
        throw QueryError(
          .value, "the date format has an unknown field %\(Character(Unicode.Scalar(letter)))")
      }
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.parts = parts
  }

  /// The microseconds that all have the same text.
  var granule: Int64 {
    let granules = parts.map { part -> Int64 in
      guard case .field(let letter, _) = part else { return DatePart.day.granule }
      switch letter {
      case UInt8(ascii: "f"), UInt8(ascii: "n"): return 1
      case UInt8(ascii: "g"): return DatePart.millisecond.granule
      case UInt8(ascii: "S"): return DatePart.second.granule
      case UInt8(ascii: "M"): return DatePart.minute.granule
      case UInt8(ascii: "H"), UInt8(ascii: "I"), UInt8(ascii: "p"): return DatePart.hour.granule
      default: return DatePart.day.granule
      }
    }
    return granules.min() ?? DatePart.day.granule
  }

  /// Appends `timestamp` as text.
  func write(_ timestamp: Int64, to text: TextBuffer) {
    let day = CalendarMath.day(of: timestamp)
    let date = CalendarMath.civil(day)
    let micros = Int(CalendarMath.timeOfDay(timestamp))
    let hour = micros / 3_600_000_000
    func number(_ value: Int, _ width: Int, _ isBare: Bool) {
      if value < 0 { text.append(UInt8(ascii: "-")) }
      var length = 1
      var power: UInt = 1
      while value.magnitude / power >= 10 {
        power *= 10
        length += 1
      }
      if !isBare {
        for _ in 0..<max(width - length, 0) { text.append(UInt8(ascii: "0")) }
      }
      while power > 0 {
        text.append(UInt8(ascii: "0") + UInt8(value.magnitude / power % 10))
        power /= 10
      }
    }
    for part in parts {
      switch part {
      case .literal(let bytes): bytes.withUnsafeBufferPointer { text.append($0) }
      case .field(let letter, let isBare):
        switch letter {
        case UInt8(ascii: "a"):
          text.append(String(CalendarNames.days[Int(CalendarMath.dayOfWeek(day))].prefix(3)))
        case UInt8(ascii: "A"): text.append(CalendarNames.days[Int(CalendarMath.dayOfWeek(day))])
        case UInt8(ascii: "b"): text.append(String(CalendarNames.months[date.month - 1].prefix(3)))
        case UInt8(ascii: "B"): text.append(CalendarNames.months[date.month - 1])
        case UInt8(ascii: "d"): number(date.day, 2, isBare)
        case UInt8(ascii: "H"): number(hour, 2, isBare)
        case UInt8(ascii: "I"): number((hour + 11) % 12 + 1, 2, isBare)
        case UInt8(ascii: "j"): number(Int(CalendarMath.dayOfYear(day)), 3, isBare)
        case UInt8(ascii: "m"): number(date.month, 2, isBare)
        case UInt8(ascii: "M"): number(micros / 60_000_000 % 60, 2, isBare)
        case UInt8(ascii: "p"): text.append(hour < 12 ? "AM" : "PM")
        case UInt8(ascii: "S"): number(micros / 1_000_000 % 60, 2, isBare)
        case UInt8(ascii: "f"): number(micros % 1_000_000, 6, false)
        case UInt8(ascii: "g"): number(micros % 1_000_000 / 1000, 3, false)
        case UInt8(ascii: "n"): number(micros % 1_000_000 * 1000, 9, false)
        case UInt8(ascii: "y"): number(((date.year % 100) + 100) % 100, 2, isBare)
        case UInt8(ascii: "Y"): number(date.year, 4, isBare)
        case UInt8(ascii: "w"): number(Int(CalendarMath.dayOfWeek(day)), 1, true)
        case UInt8(ascii: "u"): number(Int(CalendarMath.isoDayOfWeek(day)), 1, true)
        case UInt8(ascii: "U"):
          let first = Int(CalendarMath.dayOfYear(day)) + 6 - Int(CalendarMath.dayOfWeek(day))
          number(first / 7, 2, isBare)
        case UInt8(ascii: "W"):
          let first = Int(CalendarMath.dayOfYear(day)) + 7 - Int(CalendarMath.isoDayOfWeek(day))
          number(first / 7, 2, isBare)
        case UInt8(ascii: "V"): number(CalendarMath.isoWeek(day).week, 2, isBare)
        case UInt8(ascii: "G"): number(CalendarMath.isoWeek(day).year, 4, isBare)
        case UInt8(ascii: "z"): text.append("+00")
        default: break
        }
      }
    }
  }

  /// The time that `text` is in this format; nil where it is not.
  func read(_ text: StringView) -> Int64? {
    var reader = FormatReader(text)
    for part in parts {
      switch part {
      case .literal(let bytes):
        for byte in bytes where !reader.skip(byte) { return nil }
      case .field(let letter, _):
        if !reader.read(letter) { return nil }
      }
    }
    return reader.finish()
  }
}

/// Collects the fields of a date from text.
private struct FormatReader {
  private let text: StringView
  private var at = 0
  private var year = 1900
  private var month = 1
  private var day = 1
  private var dayOfYear: Int?
  private var hour = 0
  private var minute = 0
  private var second = 0
  private var fraction = 0
  private var isAfternoon: Bool?
  private var zoneSeconds = 0

  init(_ text: StringView) { self.text = text }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard at < text.count, text.start[at] == byte else { return false }
    at += 1
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
    case UInt8(ascii: "Y"), UInt8(ascii: "G"):
      let isNegative = skip(0x2d)
      guard let value = digits(letter == UInt8(ascii: "Y") ? 6 : 4) else { return false }
      year = isNegative ? -value : value
    case UInt8(ascii: "y"):
      guard let value = digits(2) else { return false }
      year = value < 69 ? 2000 + value : 1900 + value
    case UInt8(ascii: "m"): return set(\.month, digits(2))
    case UInt8(ascii: "d"): return set(\.day, digits(2))
    case UInt8(ascii: "j"):
      guard let value = digits(3), value >= 1, value <= 366 else { return false }
      dayOfYear = value
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
    while at < text.count, LenientText.isSpace(text.start[at]) { at += 1 }
    guard at == text.count else { return nil }
    if let isAfternoon {
      guard hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    }
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let days: Int64
    if let dayOfYear {
      days = CalendarMath.day(year: year, month: 1, day: 1) + Int64(dayOfYear) - 1
    } else {
      let date = CivilDate(year: year, month: month, day: day)
      guard date.isValid else { return nil }
      days = Int64(date.daysSinceEpoch)
    }
    let seconds = Int64((hour * 60 + minute) * 60 + second - zoneSeconds)
    let (start, overflow) = days.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
    return overflow ? nil : start &+ seconds &* 1_000_000 &+ Int64(fraction)
  }
}
