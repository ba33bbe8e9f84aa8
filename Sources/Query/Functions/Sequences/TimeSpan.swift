import ColStore

/// Constant lengths of time, as the window of a funnel, in the units of a column of times:
/// microseconds of TIMESTAMP, days of DATE, and the units of whole numbers.
enum TimeSpan {
  /// How many units a second of the given number means, or nil where values of the type are no times.
  static func unitsOfOne(_ type: DataType) -> Int64? {
    switch type {
    case .timestamp: Int64(microsecondsPerSecond)
    case .date, .integer, .bigint, .null: 1
    default: nil
    }
  }

  /// `value` in units of `time`: a number of seconds (of days where `time` is a DATE, of units where it is
  /// a number), or an interval. What no value can be apart saturates.
  static func units(
    of value: Value, _ type: DataType, time: DataType, what: String, at position: Int?
  ) throws(QueryError) -> Int64 {
    func refusal(_ reason: String) -> QueryError {
      QueryError(.value, "\(what) \(reason)", at: position)
    }
    guard let one = unitsOfOne(time) else {
      throw refusal("cannot be laid over values of type \(time)")
    }
    switch value {
    case .int64(let number) where type == .integer || type == .bigint:
      guard number >= 0 else { throw refusal("must not be negative, as \(number) is") }
      let (product, overflow) = number.multipliedReportingOverflow(by: one)
      return overflow ? .max : product
    case .int128(let number):
      guard number >= 0, case .decimal(_, 0) = type else { break }
      let (product, overflow) = number.multipliedReportingOverflow(by: Int128(one))
      return overflow ? .max : Int64(clamping: product)
    case .interval(let interval):
      guard time == .timestamp || time == .date else {
        throw refusal("over whole numbers must be a number, not an INTERVAL")
      }
      guard interval.months == 0 else {
        throw refusal("must not have months or years, whose lengths differ")
      }
      let total =
        Int128(interval.days) * Int128(microsecondsPerDay) + Int128(interval.microseconds)
      guard total >= 0 else { throw refusal("must not be negative") }
      return Int64(clamping: time == .date ? total / Int128(microsecondsPerDay) : total)
    case .string(let text):
      if let number = Int64(text) {
        return try units(
          of: .int64(number), .bigint, time: time, what: what, at: position)
      }
      guard let interval = IntervalText.read(text) else { break }
      return try units(
        of: .interval(interval), .interval, time: time, what: what, at: position)
    default: break
    }
    let unit = time == .timestamp ? "seconds" : time == .date ? "days" : "units"
    let other = time == .timestamp || time == .date ? " or an INTERVAL" : ""
    throw refusal("must be a whole number of \(unit)\(other)")
  }
}
