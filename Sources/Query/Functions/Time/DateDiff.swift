import ColStore

/// date_diff (boundaries crossed) and date_sub (whole parts passed) between two times.
enum DateDiff {
  static let functions: [ScalarFunction] = [
    function("date_diff", aliases: ["datediff"], boundaries),
    function("date_sub", aliases: ["datesub"], wholeParts),
  ]

  private static func function(
    _ name: String, aliases: [String],
    _ body: @escaping @Sendable (DatePart, Int64, Int64) -> Int64
  ) -> ScalarFunction {
    let signature = "\(name)(part, start, end)"
    return ScalarFunction(name, aliases: aliases, signature: signature) {
      types, literals throws(QueryError) in
      guard types.count == 3, types[0] == .varchar || types[0] == .null else {
        throw ImplicitCast.mismatch(name, types, signature)
      }
      let type = types.dropFirst().contains(.time) ? DataType.time : .timestamp
      @Sendable func overload(_ part: DatePart) throws(QueryError) -> ScalarOverload {
        guard type == .timestamp || part.granule < Int64(microsecondsPerDay) else {
          throw QueryError(.value, "a TIME has no date part '\(part)'")
        }
        try part.checkLength()
        return ScalarOverload(name: name, [type, type], .bigint) {
          arguments, count throws(QueryError) in
          try mapRows(
            arguments[0], arguments[1], Int64.self, Int64.self, Int64.self, to: .bigint,
            count: count, filler: 0
          ) { body(part, $0, $1) }
        }
      }
      guard case .string(let text)?? = literals.first else {
        return DatePart.varying(name, [type, type], .bigint, overload: overload)
      }
      let inner = try overload(try DatePart.named(text))
      let whole = ScalarOverload(name: name, [.varchar, type, type], .bigint) {
        arguments, count throws(QueryError) in
        try inner.kernel(Array(arguments.dropFirst()), count)
      }
      return try ImplicitCast.choose(
        [whole], for: types, literals: literals, of: name, signature: signature)
    }
  }

  private static func floorDivide(_ value: Int64, _ unit: Int64) -> Int64 {
    let quotient = value / unit
    return value % unit < 0 ? quotient - 1 : quotient
  }

  private static func boundaries(_ part: DatePart, _ start: Int64, _ end: Int64) -> Int64 {
    func count(_ unit: Int64) -> Int64 { floorDivide(end, unit) - floorDivide(start, unit) }
    let from = CalendarMath.day(of: start)
    let to = CalendarMath.day(of: end)
    func years(_ span: Int) -> Int64 {
      Int64(CalendarMath.civil(to).year / span - CalendarMath.civil(from).year / span)
    }
    func months(_ day: Int64) -> Int {
      let date = CalendarMath.civil(day)
      return date.year * 12 + date.month - 1
    }
    switch part {
    case .microsecond: return end &- start
    case .millisecond: return count(1000)
    case .second, .epoch: return count(1_000_000)
    case .minute: return count(60_000_000)
    case .hour: return count(3_600_000_000)
    case .day, .dow, .isodow, .dayofyear, .julian: return to - from
    case .week, .yearweek:
      // Whole weeks between the days, wherever a week starts.
      return (to - from) / 7
    case .month: return Int64(months(to) - months(from))
    case .quarter: return Int64(months(to) / 3 - months(from) / 3)
    case .isoyear:
      return Int64(CalendarMath.isoWeek(to).year - CalendarMath.isoWeek(from).year)
    case .decade: return years(10)
    case .century: return years(100)
    case .millennium: return years(1000)
    default: return years(1)
    }
  }

  private static func wholeParts(_ part: DatePart, _ start: Int64, _ end: Int64) -> Int64 {
    let difference = end &- start
    switch part {
    case .microsecond: return difference
    case .millisecond: return difference / 1000
    case .second, .epoch: return difference / 1_000_000
    case .minute: return difference / 60_000_000
    case .hour: return difference / 3_600_000_000
    case .day, .dow, .isodow, .dayofyear, .julian: return difference / Int64(microsecondsPerDay)
    case .week, .yearweek: return difference / (7 * Int64(microsecondsPerDay))
    default: break
    }
    let months = monthsPassed(start, end)
    switch part {
    case .month: return months
    case .quarter: return months / 3
    case .decade: return months / 120
    case .century: return months / 1200
    case .millennium: return months / 12000
    default: return months / 12
    }
  }

  /// Whole months from `start` to `end`; the end of a shorter month counts as the same day.
  static func monthsPassed(_ start: Int64, _ end: Int64) -> Int64 {
    if start > end { return -monthsPassed(end, start) }
    let from = CalendarMath.civil(CalendarMath.day(of: start))
    let to = CalendarMath.civil(CalendarMath.day(of: end))
    var months = (to.year - from.year) * 12 + to.month - from.month
    let isMonthEnd = to.day == CivilDate.daysInMonth(year: to.year, month: to.month)
    let startDay = isMonthEnd ? min(from.day, to.day) : from.day
    let early =
      (to.day, CalendarMath.timeOfDay(end)) < (startDay, CalendarMath.timeOfDay(start))
    if early { months -= 1 }
    return Int64(months)
  }
}
