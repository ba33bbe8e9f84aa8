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
    if format.isEmpty { throw QueryError(.value, "the date format is empty") }
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
      var digits = isBare ? 1 : width
      while value.magnitude >= powersOfTen64[digits].magnitude { digits += 1 }
      TextWriting.zeroPadded(UInt64(value.magnitude), digits: digits, to: text.reserve(digits))
      text.commit(digits)
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
  func read(_ text: StringView) throws(QueryError) -> Int64? {
    var reader = FormatReader(text)
    reader.skipSpaces()
    for part in parts {
      switch part {
      case .literal(let bytes):
        if !reader.skip(bytes) { return nil }
      case .field(let letter, _):
        if try !reader.read(letter) { return nil }
      }
    }
    return reader.finish()
  }
}
