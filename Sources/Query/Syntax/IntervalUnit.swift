/// The units of time that INTERVAL literals are written in.
enum IntervalUnit {
  private static let functions: [String: String] = [
    "year": "to_years", "years": "to_years", "quarter": "to_quarters", "quarters": "to_quarters",
    "month": "to_months", "months": "to_months", "week": "to_weeks", "weeks": "to_weeks",
    "day": "to_days", "days": "to_days", "hour": "to_hours", "hours": "to_hours",
    "minute": "to_minutes", "minutes": "to_minutes", "second": "to_seconds",
    "seconds": "to_seconds", "millisecond": "to_milliseconds",
    "milliseconds": "to_milliseconds", "microsecond": "to_microseconds",
    "microseconds": "to_microseconds", "decade": "to_decades", "decades": "to_decades",
    "century": "to_centuries", "centuries": "to_centuries", "millennium": "to_millennia",
    "millennia": "to_millennia",
  ]

  /// The function that makes an interval of a number of these units.
  static func function(of word: String) -> String? { functions[word] }

  static var names: [String] { functions.keys.sorted() }
}
