import ColStore

/// A field of a date or a time, as in `date_part('hour', t)` and `date_trunc('month', t)`.
enum DatePart: String, CaseIterable, Sendable {
  case year, month, day, hour, minute, second, millisecond, microsecond, quarter, decade, century
  case millennium, era, week, isoyear, yearweek, dayofyear, dow, isodow, epoch, julian
  case timezone

  /// The part of a name as SQL writes it, in any case.
  init?(name: String) {
    switch name.lowercased() {
    case "year", "years", "y", "yr", "yrs": self = .year
    case "month", "months", "mon", "mons": self = .month
    case "day", "days", "d", "dayofmonth": self = .day
    case "hour", "hours", "h", "hr", "hrs": self = .hour
    case "minute", "minutes", "m", "min", "mins": self = .minute
    case "second", "seconds", "s", "sec", "secs": self = .second
    case "millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds":
      self = .millisecond
    case "microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds":
      self = .microsecond
    case "quarter", "quarters": self = .quarter
    case "decade", "decades", "dec", "decs": self = .decade
    case "century", "centuries", "cent", "c": self = .century
    case "millennium", "millennia", "mil", "mils", "millenium", "millenniums":
      self = .millennium
    case "era": self = .era
    case "week", "weeks", "w", "weekofyear": self = .week
    case "isoyear": self = .isoyear
    case "yearweek": self = .yearweek
    case "doy", "dayofyear": self = .dayofyear
    case "dow", "dayofweek", "weekday": self = .dow
    case "isodow": self = .isodow
    case "epoch": self = .epoch
    case "julian": self = .julian
    case "timezone", "timezone_hour", "timezone_minute": self = .timezone
    default: return nil
    }
  }

  /// The microseconds that all have the same value of the part.
  var granule: Int64 {
    switch self {
    case .microsecond, .epoch, .julian: 1
    case .millisecond: 1000
    case .second: 1_000_000
    case .minute: 60_000_000
    case .hour: 3_600_000_000
    default: Int64(microsecondsPerDay)
    }
  }

  /// Fails for a part that is no stretch of time.
  func checkLength() throws(QueryError) {
    guard self != .era, self != .timezone else {
      throw QueryError(.value, "'\(self)' is no stretch of time")
    }
  }

  var resultType: DataType { self == .epoch || self == .julian ? .double : .bigint }

  /// Overloads are named so that ranges of values can be told from them.
  private static let prefix = "date_part:"

  static func part(ofOverload name: String) -> DatePart? {
    guard name.hasPrefix(prefix) else { return nil }
    return DatePart(rawValue: String(name.dropFirst(prefix.count)))
  }

  /// Bounds of the results of an overload, where they do not depend on the argument.
  static func fixedRange(ofOverload name: String) -> ClosedRange<Int64>? {
    switch part(ofOverload: name) {
    case .month: 1...12
    case .day: 1...31
    case .hour: 0...24
    case .minute: 0...59
    case .second: 0...59
    case .quarter: 1...4
    case .week: 1...53
    case .dayofyear: 1...366
    case .dow: 0...6
    case .isodow: 1...7
    case .millisecond: 0...59_999
    default: nil
    }
  }

  // MARK: Functions

  static let function = ScalarFunction(
    "date_part", aliases: ["datepart", "extract"], signature: "date_part(part, date)"
  ) { types, literals throws(QueryError) in
    guard types.count == 2, types[0] == .varchar || types[0] == .null else {
      throw ImplicitCast.mismatch("date_part", types, "date_part(part, date)")
    }
    let literal = literals.count > 1 ? literals[1] : nil
    guard case .string(let name)?? = literals.first else {
      let type = try overload(.second, types[1], literal: literal).parameterTypes[0]
      return varying("date_part", [type], .double) { (part) throws(QueryError) in
        try overload(part, type, literal: nil)
      }
    }
    let part = try named(name)
    let inner = try overload(part, types[1], literal: literal)
    return ScalarOverload(
      name: inner.name, [.varchar] + inner.parameterTypes, inner.resultType, nulls: .custom,
      granule: inner.granule
    ) { arguments, count throws(QueryError) in
      Validity.merge(
        into: try inner.kernel([arguments[1]], count), from: [arguments[1]], count: count)
    }
  }

  /// `year(t)`, `hour(t)` and so on.
  static func single(_ part: DatePart, _ name: String, aliases: [String] = []) -> ScalarFunction {
    ScalarFunction(name, aliases: aliases, signature: "\(name)(date)") {
      types, literals throws(QueryError) in
      guard types.count == 1 else {
        throw ImplicitCast.mismatch(name, types, "\(name)(date)")
      }
      return try overload(part, types[0], literal: literals.first ?? nil)
    }
  }

  private static func overload(
    _ part: DatePart, _ given: DataType, literal: Value?
  ) throws(QueryError) -> ScalarOverload {
    var type = given
    if given == .null || (given == .varchar && literal != nil) { type = .timestamp }
    let name = prefix + part.rawValue
    switch type {
    case .timestamp:
      return ScalarOverload(
        name: name, [.timestamp], part.resultType, granule: part.granule
      ) { arguments, _ in
        ofTimestamp(part, arguments[0])
      }
    case .date:
      guard part != .timezone else { throw QueryError(.value, "a DATE has no time zone") }
      return ScalarOverload(name: name, [.date], part.resultType) { arguments, _ in
        ofDate(part, arguments[0])
      }
    case .time:
      guard part.granule < Int64(microsecondsPerDay), part != .julian else {
        throw QueryError(.value, "a TIME has no date part '\(part)'")
      }
      return ScalarOverload(name: name, [.time], part.resultType) { arguments, _ in
        ofTimestamp(part, arguments[0])
      }
    case .interval:
      guard intervalParts.contains(part) else {
        throw QueryError(.value, "an INTERVAL has no date part '\(part)'")
      }
      return ScalarOverload(name: name, [.interval], part.resultType) { arguments, _ in
        ofInterval(part, arguments[0])
      }
    default: throw ImplicitCast.mismatch(part.rawValue, [given], "\(part.rawValue)(date)")
    }
  }

  // MARK: Kernels

  @inline(__always)
  private static func integers(_ vector: Vector, _ body: (Int64) -> Int64) -> Vector {
    mapUnary(vector, Int64.self, Int64.self, to: .bigint, body)
  }

  private static func ofTimestamp(_ part: DatePart, _ vector: Vector) -> Vector {
    if let fast = stepped(part, vector) ?? divided(part, vector) { return fast }
    switch part {
    case .hour: return integers(vector) { hour(of: $0) }
    case .minute: return integers(vector) { minute(of: $0) }
    case .second: return integers(vector) { CalendarMath.timeOfDay($0) / 1_000_000 % 60 }
    case .millisecond: return integers(vector) { CalendarMath.timeOfDay($0) % 60_000_000 / 1000 }
    case .microsecond: return integers(vector) { CalendarMath.timeOfDay($0) % 60_000_000 }
    case .epoch:
      return mapUnary(vector, Int64.self, Double.self, to: .double) { Double($0) / 1e6 }
    case .julian:
      return mapUnary(vector, Int64.self, Double.self, to: .double) {
        Double(CalendarMath.day(of: $0) + 2_440_588)
          + Double(CalendarMath.timeOfDay($0)) / Double(microsecondsPerDay)
      }
    case .dow: return integers(vector) { CalendarMath.dayOfWeek(CalendarMath.day(of: $0)) }
    default: return integers(vector) { part.ofDay(CalendarMath.day(of: $0)) }
    }
  }

  private static func hour(of time: Int64) -> Int64 { CalendarMath.timeOfDay(time) / 3_600_000_000 }

  private static func minute(of time: Int64) -> Int64 {
    CalendarMath.timeOfDay(time) / 60_000_000 % 60
  }

  /// Parts of an hour's length or more, and minutes, of times that lie near together.
  private static func stepped(_ part: DatePart, _ vector: Vector) -> Vector? {
    switch part {
    case .second, .millisecond, .microsecond, .epoch, .julian: return nil
    case .hour:
      return NarrowSteps.apply(vector, width: part.granule, to: .bigint) { hour(of: $0) }
    case .minute:
      return NarrowSteps.apply(vector, width: part.granule, to: .bigint) { minute(of: $0) }
    default:
      return NarrowSteps.apply(vector, width: Int64(microsecondsPerDay), to: .bigint) {
        part.ofDay(CalendarMath.day(of: $0))
      }
    }
  }

  /// Parts that are a quotient and a rest.
  private static func divided(_ part: DatePart, _ vector: Vector) -> Vector? {
    let perHour: Int64 = 3_600_000_000
    switch part {
    case .hour: return FloorDivision.apply(vector, by: perHour, modulus: 24, to: .bigint)
    case .minute: return FloorDivision.apply(vector, by: 60_000_000, modulus: 60, to: .bigint)
    case .dow:
      return FloorDivision.apply(vector, by: 24 * perHour, offset: 4, modulus: 7, to: .bigint)
    default: return nil
    }
  }

  private static func ofDate(_ part: DatePart, _ vector: Vector) -> Vector {
    switch part {
    case .hour, .minute, .second, .millisecond, .microsecond: return integers(vector) { _ in 0 }
    case .epoch:
      return mapUnary(vector, Int64.self, Double.self, to: .double) { Double($0) * 86_400 }
    case .julian:
      return mapUnary(vector, Int64.self, Double.self, to: .double) { Double($0 + 2_440_588) }
    default:
      return NarrowSteps.apply(vector, width: 1, to: .bigint) { part.ofDay($0) }
        ?? integers(vector) { part.ofDay($0) }
    }
  }

  /// The fields that a whole day has.
  private func ofDay(_ day: Int64) -> Int64 {
    switch self {
    case .dow: return CalendarMath.dayOfWeek(day)
    case .isodow: return CalendarMath.isoDayOfWeek(day)
    case .dayofyear: return CalendarMath.dayOfYear(day)
    case .week: return Int64(CalendarMath.isoWeek(day).week)
    case .isoyear: return Int64(CalendarMath.isoWeek(day).year)
    case .yearweek:
      let (year, week) = CalendarMath.isoWeek(day)
      return Int64(year * 100 + (year >= 0 ? week : -week))
    case .timezone: return 0
    default: break
    }
    let date = CalendarMath.civil(day)
    switch self {
    case .year: return Int64(date.year)
    case .month: return Int64(date.month)
    case .day: return Int64(date.day)
    case .quarter: return Int64((date.month - 1) / 3 + 1)
    case .decade: return Int64(date.year / 10)
    case .century:
      return Int64(date.year > 0 ? (date.year - 1) / 100 + 1 : -((-date.year) / 100 + 1))
    case .millennium:
      return Int64(date.year > 0 ? (date.year - 1) / 1000 + 1 : -((-date.year) / 1000 + 1))
    case .era: return date.year > 0 ? 1 : 0
    default: return 0
    }
  }

  private static let intervalParts: Set<DatePart> = [
    .year, .month, .quarter, .decade, .century, .millennium, .day, .hour, .minute, .second,
    .millisecond, .microsecond, .epoch,
  ]

  private static func ofInterval(_ part: DatePart, _ vector: Vector) -> Vector {
    if part == .epoch {
      return mapUnary(vector, Interval.self, Double.self, to: .double) { interval in
        let years = Double(interval.months / 12) * 365.25
        let days = Double(interval.months % 12) * 30 + Double(interval.days)
        return (years + days) * 86_400 + Double(interval.microseconds) / 1e6
      }
    }
    return mapUnary(vector, Interval.self, Int64.self, to: .bigint) { interval in
      let micros = interval.microseconds
      let months = Int64(interval.months)
      switch part {
      case .year: return months / 12
      case .month: return months % 12
      case .quarter: return months % 12 / 3 + 1
      case .decade: return months / 120
      case .century: return months / 1200
      case .millennium: return months / 12000
      case .day: return Int64(interval.days)
      case .hour: return micros / 3_600_000_000
      case .minute: return micros / 60_000_000 % 60
      case .second: return micros / 1_000_000 % 60
      case .millisecond: return micros % 60_000_000 / 1000
      case .microsecond: return micros % 60_000_000
      default: return 0
      }
    }
  }
}
