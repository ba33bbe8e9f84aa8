import ColStore

/// Reads intervals: `3 days`, `1y2mon`, `1 year 2 months 05:06:07.5`, `-1 hour`, `2 hours ago`.
///
///     interval = ["@"] {number unit} [time | number of seconds] ["ago"]
///     time     = [-]hours ":" [minutes [":" [seconds ["." digits]]]]
struct IntervalText {
  static func read(_ text: String) -> Interval? {
    var reader = IntervalText(bytes: Array(text.utf8))
    return reader.interval()
  }

  private let bytes: [UInt8]
  private var index = 0
  private var months: Int64 = 0
  private var days: Int64 = 0
  private var microseconds: Int64 = 0

  private init(bytes: [UInt8]) { self.bytes = bytes }

  // MARK: Grammar

  private mutating func interval() -> Interval? {
    skipSpaces()
    if take(UInt8(ascii: "@")) { skipSpaces() }
    guard !isAtEnd else { return nil }
    var isNegated = false
    var isEmpty = true
    while !isAtEnd {
      if !isEmpty, word() == "ago" {
        index += 3
        skipSpaces()
        guard isAtEnd else { return nil }
        isNegated = true
        break
      }
      guard part(isFirst: isEmpty) else { return nil }
      isEmpty = false
      skipSpaces()
    }
    if isNegated {
      guard microseconds != .min else { return nil }
      (months, days, microseconds) = (-months, -days, -microseconds)
    }
    guard let monthCount = Int32(exactly: months), let dayCount = Int32(exactly: days) else {
      return nil
    }
    return Interval(months: monthCount, days: dayCount, microseconds: microseconds)
  }

  /// A number with its unit, or a time, which ends the text.
  private mutating func part(isFirst: Bool) -> Bool {
    let isNegative = take(UInt8(ascii: "-"))
    guard let whole = digits() else { return false }
    if take(UInt8(ascii: ":")) { return time(hours: whole, isNegative) }
    let fraction = take(UInt8(ascii: ".")) ? self.fraction(digits: 9) : 0
    skipSpaces()
    var unit = word()
    index += unit.utf8.count
    if unit.isEmpty {
      // A number alone is seconds.
      guard isAtEnd, isFirst else { return false }
      unit = "s"
    }
    let sign: Int64 = isNegative ? -1 : 1
    return add(sign * whole, sign * fraction, unit)
  }

  /// What follows the hours of a time, up to the end.
  private mutating func time(hours: Int64, _ isNegative: Bool) -> Bool {
    var time = hours.multipliedReportingOverflow(by: 3_600_000_000)
    guard !time.overflow else { return false }
    if let minutes = digits() {
      guard minutes < 60 else { return false }
      time = time.partialValue.addingReportingOverflow(minutes * 60_000_000)
      if take(UInt8(ascii: ":")), let seconds = digits() {
        guard seconds < 60, !time.overflow else { return false }
        let part = take(UInt8(ascii: ".")) ? fraction(digits: 6) : 0
        time = time.partialValue.addingReportingOverflow(seconds * 1_000_000 + part)
      }
    }
    // More parts than seconds are not looked at.
    if !isAtEnd, bytes[index] == UInt8(ascii: ":") { index = bytes.count }
    guard isAtEnd, !time.overflow else { return false }
    return add(isNegative ? -time.partialValue : time.partialValue, to: \.microseconds)
  }

  // MARK: Units

  private static let fractionUnit: Int64 = 1_000_000_000

  /// - Parameter fraction: in units of 10⁻⁹.
  private mutating func add(_ amount: Int64, _ fraction: Int64, _ unit: String) -> Bool {
    switch DatePart(name: unit) {
    case .year: return addMonths(amount, fraction, each: 12)
    case .decade: return addMonths(amount, fraction, each: 120)
    case .century: return addMonths(amount, fraction, each: 1200)
    case .millennium: return addMonths(amount, fraction, each: 12_000)
    case .quarter:
      return addMonths(amount, fraction, each: 3)
        && add(wholeDays(ofMonths: fraction * 3 % Self.fractionUnit), to: \.days)
    case .month: return add(amount, to: \.months) && addDays(0, fraction, each: 30)
    case .week: return addDays(amount, fraction, each: 7)
    case .day: return addDays(amount, fraction, each: 1)
    case .hour: return addTime(amount, fraction, each: 3_600_000_000)
    case .minute: return addTime(amount, fraction, each: 60_000_000)
    case .second: return addTime(amount, fraction, each: 1_000_000)
    case .millisecond: return addTime(amount, fraction, each: 1000)
    case .microsecond: return addTime(amount, 0, each: 1)
    default: return false
    }
  }

  /// Parts of a month in years and longer units are left out.
  private mutating func addMonths(_ amount: Int64, _ fraction: Int64, each months: Int64) -> Bool {
    add(amount, times: months, to: \.months)
      && add(fraction * months / Self.fractionUnit, to: \.months)
  }

  /// The nearest whole number of days in a part of a month.
  private func wholeDays(ofMonths fraction: Int64) -> Int64 {
    let half = Self.fractionUnit / 2 - 1
    return (fraction * 30 + (fraction < 0 ? -half : half)) / Self.fractionUnit
  }

  private mutating func addDays(_ amount: Int64, _ fraction: Int64, each days: Int64) -> Bool {
    let (whole, rest) = (fraction * days).quotientAndRemainder(dividingBy: Self.fractionUnit)
    return add(amount, times: days, to: \.days) && add(whole, to: \.days)
      && addTime(0, rest, each: Int64(microsecondsPerDay))
  }

  private mutating func addTime(_ amount: Int64, _ fraction: Int64, each units: Int64) -> Bool {
    let product = Int128(fraction) * Int128(units)
    let half = Int128(Self.fractionUnit / 2) * (product < 0 ? -1 : 1)
    return add(amount, times: units, to: \.microseconds)
      && add(Int64((product + half) / Int128(Self.fractionUnit)), to: \.microseconds)
  }

  private mutating func add(
    _ amount: Int64, times factor: Int64 = 1, to field: WritableKeyPath<IntervalText, Int64>
  ) -> Bool {
    let product = amount.multipliedReportingOverflow(by: factor)
    let sum = self[keyPath: field].addingReportingOverflow(product.partialValue)
    self[keyPath: field] = sum.partialValue
    return !product.overflow && !sum.overflow
  }

  // MARK: Bytes

  private var isAtEnd: Bool { index == bytes.count }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpaces() {
    while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index]) {
      index += 1
    }
  }

  /// The letters that come next, in lower case; they are not taken.
  private func word() -> String {
    let letters = bytes[index...].prefix { (0x61...0x7A).contains($0 | 0x20) }
    return String(decoding: letters.map { $0 | 0x20 }, as: UTF8.self)
  }

  private mutating func digits() -> Int64? {
    let start = index
    var value: Int64 = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      let shifted = value.multipliedReportingOverflow(by: 10)
      let next = shifted.partialValue.addingReportingOverflow(
        Int64(bytes[index] - UInt8(ascii: "0")))
      guard !shifted.overflow, !next.overflow else { return nil }
      value = next.partialValue
      index += 1
    }
    return index > start ? value : nil
  }

  /// The digits of a fraction as so many places; those behind are cut off.
  private mutating func fraction(digits count: Int) -> Int64 {
    var value: Int64 = 0
    var places = 0
    while index < bytes.count, bytes[index] &- UInt8(ascii: "0") < 10 {
      if places < count {
        value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
        places += 1
      }
      index += 1
    }
    while places < count {
      value *= 10
      places += 1
    }
    return value
  }
}
