import ColStore

/// `+`, `-`, `*` and `/` over DATE, TIMESTAMP, TIME and INTERVAL.
enum TemporalArithmetic {
  /// The overload where one of the two types is temporal; nil where none is.
  static func resolve(
    _ operation: Arithmetic, _ types: [DataType], _ literals: [Value?]
  ) throws(QueryError) -> ScalarOverload? {
    guard types.contains(where: isTemporal) else { return nil }
    let name = operation.rawValue
    switch (operation, types[0], types[1]) {
    case (.add, .date, let other) where other.isInteger: return shiftDate(name, 1)
    case (.add, let other, .date) where other.isInteger: return swapped(shiftDate(name, 1))
    case (.subtract, .date, let other) where other.isInteger: return shiftDate(name, -1)
    case (.subtract, .date, .date): return dateDifference()
    case (.add, .date, .interval), (.add, .timestamp, .interval): return shift(name, 1)
    case (.add, .interval, .date), (.add, .interval, .timestamp): return swapped(shift(name, 1))
    case (.subtract, .date, .interval), (.subtract, .timestamp, .interval): return shift(name, -1)
    case (.subtract, .timestamp, .timestamp), (.subtract, .date, .timestamp),
      (.subtract, .timestamp, .date):
      return timestampDifference()
    case (.add, .date, .time): return dateAndTime()
    case (.add, .time, .date): return swapped(dateAndTime())
    case (.add, .time, .interval): return shiftTime(name, 1)
    case (.add, .interval, .time): return swapped(shiftTime(name, 1))
    case (.subtract, .time, .interval): return shiftTime(name, -1)
    case (.add, .interval, .interval): return intervals(name, 1)
    case (.subtract, .interval, .interval): return intervals(name, -1)
    case (.multiply, .interval, let other) where other.isNumeric: return scaled(name)
    case (.multiply, let other, .interval) where other.isNumeric: return swapped(scaled(name))
    case (.divide, .interval, let other) where other.isNumeric: return divided()
    case (_, .varchar, let other), (_, let other, .varchar):
      // A text literal beside a date: INTERVAL where the sum wants one, else the same type.
      let text = types[0] == .varchar ? 0 : 1
      guard text < literals.count, literals[text] != nil else { return nil }
      var retyped = types
      retyped[text] = operation == .subtract && other != .interval ? other : .interval
      return try resolve(operation, retyped, literals)
    default: return nil
    }
  }

  private static func isTemporal(_ type: DataType) -> Bool {
    switch type {
    case .date, .timestamp, .time, .interval: true
    default: false
    }
  }

  private static func swapped(_ overload: ScalarOverload) -> ScalarOverload {
    ScalarOverload(
      name: overload.name, overload.parameterTypes.reversed(), overload.resultType,
      canFail: overload.canFail
    ) { arguments, count throws(QueryError) in
      try overload.kernel([arguments[1], arguments[0]], count)
    }
  }

  static func outOfRange(_ type: DataType) -> QueryError {
    QueryError(.value, "the result is out of range for \(type)")
  }

  private static func shiftDate(_ name: String, _ sign: Int64) -> ScalarOverload {
    ScalarOverload(name: name, [.date, .bigint], .date, canFail: true) {
      arguments, count throws(QueryError) in
      try mapChecked(
        arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .date, count: count,
        { day, days in
          let (product, bad) = days.multipliedReportingOverflow(by: sign)
          let (value, overflow) = day.addingReportingOverflow(product)
          return (value, bad || overflow || Int64(Int32(truncatingIfNeeded: value)) != value)
        }, explain: { _, _ in outOfRange(.date) })
    }
  }

  private static func dateDifference() -> ScalarOverload {
    ScalarOverload(name: "-", [.date, .date], .bigint) { arguments, count in
      mapBinary(
        arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .bigint, count: count
      ) { $0 &- $1 }
    }
  }

  private static func timestampDifference() -> ScalarOverload {
    ScalarOverload(name: "-", [.timestamp, .timestamp], .interval, canFail: true) {
      arguments, count throws(QueryError) in
      try mapChecked(
        arguments[0], arguments[1], Int64.self, Int64.self, Interval.self, to: .interval,
        count: count,
        { left, right in
          let (difference, overflow) = left.subtractingReportingOverflow(right)
          let days = difference / Int64(microsecondsPerDay)
          return (
            Interval(
              days: Int32(truncatingIfNeeded: days),
              microseconds: difference % Int64(microsecondsPerDay)), overflow
          )
        }, explain: { _, _ in outOfRange(.interval) })
    }
  }

  /// A time of day moved around the clock; whole days and months do not move it.
  private static func shiftTime(_ name: String, _ sign: Int64) -> ScalarOverload {
    ScalarOverload(name: name, [.time, .interval], .time) { arguments, count in
      mapBinary(
        arguments[0], arguments[1], Int64.self, Interval.self, Int64.self, to: .time, count: count
      ) { time, interval in
        let perDay = Int64(microsecondsPerDay)
        let moved = (time &+ sign &* (interval.microseconds % perDay)) % perDay
        return moved < 0 ? moved + perDay : moved
      }
    }
  }

  /// The dates and timestamps there are: those of DuckDB but its infinite ones.
  static let dates = -Int64(Int32.max) + 1...Int64(Int32.max) - 1
  static let timestamps: ClosedRange<Int64> = -9_223_372_022_400_000_000...Int64.max - 1

  private static func dateAndTime() -> ScalarOverload {
    ScalarOverload(name: "+", [.date, .time], .timestamp, canFail: true) {
      arguments, count throws(QueryError) in
      try mapChecked(
        arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .timestamp,
        count: count,
        { day, time in
          let (start, bad) = day.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
          let (value, overflow) = start.addingReportingOverflow(time)
          return (value, bad || overflow)
        }, explain: { _, _ in outOfRange(.timestamp) })
    }
  }

  /// A timestamp moved by an interval: months first, the day clamped to the month's length, then
  /// days, then microseconds; nil where the result is out of range.
  static func shift(_ timestamp: Int64, by interval: Interval, sign: Int64) -> Int64? {
    let perDay = Int64(microsecondsPerDay)
    var day = timestamp >= 0 ? timestamp / perDay : (timestamp &- perDay &+ 1) / perDay
    let time = timestamp &- day &* perDay
    if interval.months != 0 {
      day = shiftMonths(day, by: Int(sign) * Int(interval.months))
    }
    day += sign * Int64(interval.days)
    let (start, bad) = day.multipliedReportingOverflow(by: perDay)
    let (withTime, overflow) = start.addingReportingOverflow(time)
    let (step, stepOverflow) = interval.microseconds.multipliedReportingOverflow(by: sign)
    let (value, sumOverflow) = withTime.addingReportingOverflow(step)
    return bad || overflow || stepOverflow || sumOverflow || !timestamps.contains(value)
      ? nil : value
  }

  static func shiftMonths(_ day: Int64, by months: Int) -> Int64 {
    let date = CivilDate(daysSinceEpoch: Int(day))
    let total = date.year * 12 + date.month - 1 + months
    let year = total >= 0 ? total / 12 : (total - 11) / 12
    let month = total - year * 12 + 1
    let clamped = min(date.day, CivilDate.daysInMonth(year: year, month: month))
    return Int64(CivilDate(year: year, month: month, day: clamped).daysSinceEpoch)
  }

  static func shift(_ name: String, _ sign: Int64) -> ScalarOverload {
    ScalarOverload(name: name, [.timestamp, .interval], .timestamp, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], Int64.self, Interval.self, Int64.self, to: .timestamp,
        count: count, filler: 0
      ) { timestamp, interval throws(QueryError) in
        guard let value = shift(timestamp, by: interval, sign: sign) else {
          throw outOfRange(.timestamp)
        }
        return value
      }
    }
  }

  private static func intervals(_ name: String, _ sign: Int64) -> ScalarOverload {
    ScalarOverload(name: name, [.interval, .interval], .interval, canFail: true) {
      arguments, count throws(QueryError) in
      try mapChecked(
        arguments[0], arguments[1], Interval.self, Interval.self, Interval.self, to: .interval,
        count: count,
        { left, right in
          let factor = Int32(sign)
          let (months, a) = left.months.addingReportingOverflow(right.months &* factor)
          let (days, b) = left.days.addingReportingOverflow(right.days &* factor)
          let (micros, c) = left.microseconds.addingReportingOverflow(right.microseconds &* sign)
          return (Interval(months: months, days: days, microseconds: micros), a || b || c)
        }, explain: { _, _ in outOfRange(.interval) })
    }
  }

  private static func scaled(_ name: String) -> ScalarOverload {
    ScalarOverload(name: name, [.interval, .double], .interval, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], Interval.self, Double.self, Interval.self, to: .interval,
        count: count, filler: Interval()
      ) { interval, factor throws(QueryError) in try scale(interval) { $0 * factor } }
    }
  }

  private static func divided() -> ScalarOverload {
    ScalarOverload(name: "/", [.interval, .double], .interval, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], arguments[1], Interval.self, Double.self, Interval.self, to: .interval,
        count: count, filler: Interval()
      ) { interval, divisor throws(QueryError) in
        if divisor == 0 { throw QueryError(.value, "an interval is divided by zero") }
        return try scale(interval) { $0 / divisor }
      }
    }
  }

  /// Each part scaled; what is left of months goes to days (30 a month), of days to time, both to the
  /// millionth.
  private static func scale(
    _ interval: Interval, _ scaled: (Double) -> Double
  ) throws(QueryError) -> Interval {
    func millionths(_ value: Double) -> Double {
      (value * 1_000_000).rounded(.toNearestOrEven) / 1_000_000
    }
    let months = scaled(Double(interval.months))
    let wholeMonths = months.rounded(.towardZero)
    let daysOfMonths = millionths((months - wholeMonths) * 30)
    let days = scaled(Double(interval.days))
    var wholeDays = days.rounded(.towardZero)
    let restOfDays = days - wholeDays + daysOfMonths - daysOfMonths.rounded(.towardZero)
    var seconds = millionths(restOfDays * secondsPerDay)
    // Parts of days may make up whole ones.
    let carried = (seconds / secondsPerDay).rounded(.towardZero)
    seconds -= carried * secondsPerDay
    wholeDays += carried + daysOfMonths.rounded(.towardZero)
    let microseconds = (scaled(Double(interval.microseconds)) + seconds * 1_000_000)
      .rounded(.toNearestOrEven)
    guard let monthCount = Int32(exactly: wholeMonths), let dayCount = Int32(exactly: wholeDays),
      let microsecondCount = Int64(exactly: microseconds)
    else { throw outOfRange(.interval) }
    return Interval(months: monthCount, days: dayCount, microseconds: microsecondCount)
  }

  private static let secondsPerDay = 86_400.0
}
