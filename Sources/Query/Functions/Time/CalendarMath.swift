import ColStore

/// The arithmetic of days and times of day under the date functions.
enum CalendarMath {
  /// Whole days since 1970-01-01, rounded down.
  @inline(__always)
  static func day(of timestamp: Int64) -> Int64 {
    let perDay = Int64(microsecondsPerDay)
    let quotient = timestamp / perDay
    return quotient &- ((timestamp &- quotient &* perDay) >> 63 & 1)
  }

  /// Microseconds since midnight.
  @inline(__always)
  static func timeOfDay(_ timestamp: Int64) -> Int64 {
    timestamp &- day(of: timestamp) &* Int64(microsecondsPerDay)
  }

  /// 0 is Sunday.
  @inline(__always)
  static func dayOfWeek(_ day: Int64) -> Int64 {
    let rest = (day &+ 4) % 7
    return rest < 0 ? rest &+ 7 : rest
  }

  /// 1 is Monday, 7 is Sunday.
  @inline(__always)
  static func isoDayOfWeek(_ day: Int64) -> Int64 {
    let rest = (day &+ 3) % 7
    return (rest < 0 ? rest &+ 7 : rest) &+ 1
  }

  static func civil(_ day: Int64) -> CivilDate { CivilDate(daysSinceEpoch: Int(day)) }

  static func day(year: Int, month: Int, day: Int) -> Int64 {
    Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch)
  }

  static func dayOfYear(_ day: Int64) -> Int64 {
    day - self.day(year: civil(day).year, month: 1, day: 1) + 1
  }

  /// The ISO 8601 year and week: the year of the week's Thursday.
  static func isoWeek(_ day: Int64) -> (year: Int, week: Int) {
    let thursday = day - isoDayOfWeek(day) + 4
    let year = civil(thursday).year
    let first = self.day(year: year, month: 1, day: 1)
    return (year, Int((thursday - first) / 7) + 1)
  }
}
