import ColStore

/// date_trunc: the start of the year, month, hour … that a time lies in.
enum DateTrunc {
  static let function = ScalarFunction(
    "date_trunc", aliases: ["datetrunc"], signature: "date_trunc(part, date)"
  ) { types, literals throws(QueryError) in
    guard types.count == 2, types[0] == .varchar || types[0] == .null else {
      throw ImplicitCast.mismatch("date_trunc", types, "date_trunc(part, date)")
    }
    let isText = types[1] == .varchar && literals.count > 1 && literals[1] != nil
    guard [.timestamp, .date, .interval, .null].contains(types[1]) || isText else {
      throw ImplicitCast.mismatch("date_trunc", types, "date_trunc(part, date)")
    }
    let type = types[1] == .interval ? DataType.interval : .timestamp
    guard case .string(let name)?? = literals.first else {
      return DatePart.varying("date_trunc", [type], type) { (part) throws(QueryError) in
        try overload(part, type)
      }
    }
    let inner = try overload(try DatePart.named(name), type)
    return ScalarOverload(
      name: inner.name, [.varchar, type], type, granule: inner.granule
    ) { arguments, count throws(QueryError) in try inner.kernel([arguments[1]], count) }
  }

  private static func overload(
    _ part: DatePart, _ type: DataType
  ) throws(QueryError) -> ScalarOverload {
    try part.checkLength()
    if type == .interval {
      return ScalarOverload(name: "date_trunc", [.interval], .interval) { arguments, _ in
        mapUnary(arguments[0], Interval.self, Interval.self, to: .interval) {
          truncate($0, to: part)
        }
      }
    }
    return ScalarOverload(
      name: "date_trunc", [.timestamp], .timestamp, granule: granule(part)
    ) { arguments, _ in kernel(part, arguments[0]) }
  }

  private static func granule(_ part: DatePart) -> Int64 {
    switch part {
    case .epoch: DatePart.second.granule
    case .julian: Int64(microsecondsPerDay)
    default: part.granule
    }
  }

  private static func kernel(_ part: DatePart, _ vector: Vector) -> Vector {
    let unit = granule(part)
    @inline(__always)
    func each(_ start: (Int64) -> Int64) -> Vector {
      NarrowSteps.apply(vector, width: unit, to: .timestamp, start)
        ?? mapUnary(vector, Int64.self, Int64.self, to: .timestamp, start)
    }
    switch part {
    case .microsecond: return vector
    case .millisecond, .second, .epoch, .minute, .hour, .day, .dow, .isodow, .dayofyear, .julian:
      return each { time in
        let rest = time % unit
        return time &- (rest < 0 ? rest &+ unit : rest)
      }
    default:
      let starts = LastResults<Int64>(filler: 0)
      return each { time in
        let day = CalendarMath.day(of: time)
        return starts.of(day) { startDay(part, day) &* unit }
      }
    }
  }

  /// The first day of the part that `day` lies in.
  static func startDay(_ part: DatePart, _ day: Int64) -> Int64 {
    let date = CalendarMath.civil(day)
    switch part {
    case .week, .yearweek: return day - CalendarMath.isoDayOfWeek(day) + 1
    case .isoyear:
      let first = CalendarMath.day(year: CalendarMath.isoWeek(day).year, month: 1, day: 4)
      return first - CalendarMath.isoDayOfWeek(first) + 1
    case .month: return CalendarMath.day(year: date.year, month: date.month, day: 1)
    case .quarter:
      return CalendarMath.day(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)
    case .decade: return CalendarMath.day(year: date.year / 10 * 10, month: 1, day: 1)
    case .century: return CalendarMath.day(year: date.year / 100 * 100, month: 1, day: 1)
    case .millennium: return CalendarMath.day(year: date.year / 1000 * 1000, month: 1, day: 1)
    default: return CalendarMath.day(year: date.year, month: 1, day: 1)
    }
  }

  private static func truncate(_ interval: Interval, to part: DatePart) -> Interval {
    var result = interval
    func months(_ unit: Int32) -> Interval { Interval(months: interval.months / unit * unit) }
    switch part {
    case .millennium: return months(12000)
    case .century: return months(1200)
    case .decade: return months(120)
    case .year, .isoyear: return months(12)
    case .quarter: return months(3)
    case .month: return months(1)
    case .week, .yearweek: return Interval(months: interval.months, days: interval.days / 7 * 7)
    case .day, .dow, .isodow, .dayofyear, .julian: result.microseconds = 0
    case .hour: result.microseconds -= interval.microseconds % 3_600_000_000
    case .minute: result.microseconds -= interval.microseconds % 60_000_000
    case .second, .epoch: result.microseconds -= interval.microseconds % 1_000_000
    case .millisecond: result.microseconds -= interval.microseconds % 1000
    default: break
    }
    return result
  }
}
