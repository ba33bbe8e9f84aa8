import ColStore
import Glibc

extension PlanningContext {
  static let constantNames = [
    "current_date", "today", "now", "current_timestamp", "get_current_timestamp",
    "transaction_timestamp", "localtimestamp", "current_localtimestamp", "current_time",
    "localtime", "current_localtime", "current_database", "current_schema", "current_catalog",
    "version",
  ]

  /// Those that are written without parentheses, where no column has the name.
  static let wordNames: Set<String> = [
    "current_date", "current_timestamp", "current_time", "localtimestamp", "localtime",
  ]

  /// What functions without arguments give all through a statement: the time of its start, in UTC,
  /// and names.
  func constant(_ name: String) -> Expression? {
    switch name {
    case "current_date", "today":
      return .literal(.int64(CalendarMath.day(of: startTime)), type: .date)
    case "now", "current_timestamp", "get_current_timestamp", "transaction_timestamp",
      "localtimestamp", "current_localtimestamp":
      return .literal(.int64(startTime), type: .timestamp)
    case "current_time", "localtime", "current_localtime":
      return .literal(.int64(CalendarMath.timeOfDay(startTime)), type: .time)
    case "current_database", "current_catalog":
      return .literal(.string("memory"), type: .varchar)
    case "current_schema": return .literal(.string("main"), type: .varchar)
    case "version": return .literal(.string("ecq"), type: .varchar)
    default: return nil
    }
  }

  /// Microseconds since 1970.
  static func currentTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
