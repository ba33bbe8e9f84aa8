import ColStore

/// Calendar arithmetic on microseconds since 1970, in UTC.
enum UTC {
  static let second: Int64 = 1_000_000
  static let day: Int64 = 86_400 * second

  /// Days since 1970.
  @inline(__always)
  static func day(of time: Int64) -> Int64 { floorDivide(time, day) }

  /// The day up to which an analysis counts days: that of `asOf`, or the one after the last event.
  static func asOfDay(_ asOf: Int64?, lastEvent: Int64?) -> Int64 {
    asOf.map(day(of:)) ?? lastEvent.map { day(of: $0) + 1 } ?? 0
  }

  /// 0…23.
  @inline(__always)
  static func hour(_ time: Int64) -> Int64 { (time &- day(of: time) &* day) / (3600 * second) }

  /// 1 for Monday … 7 for Sunday.
  @inline(__always)
  static func weekday(_ time: Int64) -> Int64 { weekday(ofDay: day(of: time)) }

  @inline(__always)
  static func weekday(ofDay day: Int64) -> Int64 {
    // 1970-01-01 was a Thursday.
    let shifted = (day + 3) % 7
    return (shifted < 0 ? shifted + 7 : shifted) + 1
  }
}

/// Whole seconds between two times, the fraction cut off.
@inline(__always)
func seconds(from start: Int64, to end: Int64) -> Int64 {
  let (difference, overflow) = end.subtractingReportingOverflow(start)
  return overflow
    ? Int64((Int128(end) - Int128(start)) / Int128(UTC.second)) : difference / UTC.second
}
