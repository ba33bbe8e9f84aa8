import ColStore

/// make_date, make_timestamp, epoch_ms, to_timestamp, last_day, names of days, and their like.
enum DateMaking {
  static let functions: [ScalarFunction] = [
    makeDate, makeTimestamp, makeTime, lastDay, dayName, monthName, toTimestamp, epochMilliseconds,
    epochUnit("epoch_us", 1, toMicroseconds: true),
    epochUnit("epoch_ns", 1000, toMicroseconds: false),
    dateAdd, age, timeBucket,
    makeTimestampMilliseconds, nanosecond, daysInMonth,
    span("to_millennia", .months, 12_000), span("to_centuries", .months, 1_200),
    span("to_decades", .months, 120), span("to_years", .months, 12),
    span("to_quarters", .months, 3), span("to_months", .months, 1),
    span("to_weeks", .days, 7), span("to_days", .days, 1),
    span("to_hours", .time, 3_600_000_000), span("to_minutes", .time, 60_000_000),
    span("to_seconds", .time, 1_000_000), span("to_milliseconds", .time, 1000),
    span("to_microseconds", .time, 1),
  ]

  private static let makeDate = ScalarFunction(
    "make_date", signature: "make_date(year, month, day) or make_date(days since 1970)",
    overloads: [
      ScalarOverload(name: "make_date", [.integer], .date, canFail: true) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], Int64.self, Int64.self, to: .date, count: count, filler: 0
        ) { days throws(QueryError) in
          guard TemporalArithmetic.dates.contains(days) else {
            throw TemporalArithmetic.outOfRange(.date)
          }
          return days
        }
      },
      ScalarOverload(name: "make_date", [.bigint, .bigint, .bigint], .date, canFail: true) {
        arguments, count throws(QueryError) in
        let fields = arguments.map { Rows<Int64>($0) }
        var output = FlatBuilder<Int64>(count: count)
        for row in 0..<count {
          if fields.contains(where: { $0.isNull(row) }) {
            output.setNull(row, filler: 0)
          } else {
            output[row] = try day(fields[0][row], fields[1][row], fields[2][row])
          }
        }
        return withExtendedLifetime(arguments) { output.finish(.date) }
      },
    ])

  private static func day(
    _ year: Int64, _ month: Int64, _ day: Int64
  ) throws(QueryError) -> Int64 {
    guard year.magnitude < 300_000, month.magnitude < 100, day.magnitude < 100 else {
      throw QueryError(.value, "there is no date \(year)-\(month)-\(day)")
    }
    let date = CivilDate(year: Int(year), month: Int(month), day: Int(day))
    guard date.isValid else {
      throw QueryError(.value, "there is no date \(year)-\(month)-\(day)")
    }
    return Int64(date.daysSinceEpoch)
  }

  private static func microseconds(
    _ hour: Int64, _ minute: Int64, _ second: Double
  ) throws(QueryError) -> Int64 {
    guard hour >= 0, hour < 24, minute >= 0, minute < 60, second >= 0, second < 60 else {
      throw QueryError(.value, "there is no time \(hour):\(minute):\(second)")
    }
    return (hour * 60 + minute) * 60_000_000 + Int64((second * 1e6).rounded())
  }

  private static let makeTimestamp = ScalarFunction(
    "make_timestamp", signature: "make_timestamp(year, month, day, hour, minute, second)",
    overloads: [
      fromUnits("make_timestamp", 1),
      ScalarOverload(
        name: "make_timestamp", [.bigint, .bigint, .bigint, .bigint, .bigint, .double],
        .timestamp, canFail: true
      ) { arguments, count throws(QueryError) in
        let fields = arguments.dropLast().map { Rows<Int64>($0) }
        let seconds = Rows<Double>(arguments[5])
        var output = FlatBuilder<Int64>(count: count)
        for row in 0..<count {
          if fields.contains(where: { $0.isNull(row) }) || seconds.isNull(row) {
            output.setNull(row, filler: 0)
            continue
          }
          let day = try day(fields[0][row], fields[1][row], fields[2][row])
          let time = try microseconds(fields[3][row], fields[4][row], seconds[row])
          let (start, overflow) = day.multipliedReportingOverflow(by: Int64(microsecondsPerDay))
          let (moment, isLate) = start.addingReportingOverflow(time)
          if overflow || isLate { throw TemporalArithmetic.outOfRange(.timestamp) }
          output[row] = moment
        }
        return withExtendedLifetime(arguments) { output.finish(.timestamp) }
      },
    ])

  private static let makeTime = ScalarFunction(
    "make_time", signature: "make_time(hour, minute, second)",
    overloads: [
      ScalarOverload(name: "make_time", [.bigint, .bigint, .double], .time, canFail: true) {
        arguments, count throws(QueryError) in
        let hours = Rows<Int64>(arguments[0])
        let minutes = Rows<Int64>(arguments[1])
        let seconds = Rows<Double>(arguments[2])
        var output = FlatBuilder<Int64>(count: count)
        for row in 0..<count {
          if hours.isNull(row) || minutes.isNull(row) || seconds.isNull(row) {
            output.setNull(row, filler: 0)
          } else {
            output[row] = try microseconds(hours[row], minutes[row], seconds[row])
          }
        }
        return withExtendedLifetime(arguments) { output.finish(.time) }
      }
    ])

  /// A function of the day of a DATE or TIMESTAMP.
  private static func ofDay(
    _ name: String, _ result: DataType,
    _ kernel: @escaping @Sendable (_ days: Vector, _ count: Int) throws(QueryError) -> Vector
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(date)",
      overloads: [
        ScalarOverload(name: name, [.date], result) { arguments, count throws(QueryError) in
          try kernel(arguments[0], count)
        },
        ScalarOverload(
          name: name, [.timestamp], result, granule: Int64(microsecondsPerDay)
        ) { arguments, count throws(QueryError) in
          try kernel(try Cast.cast(arguments[0], to: .date), count)
        },
      ])
  }

  private static let lastDay = ofDay("last_day", .date) { days, _ in
    mapUnary(days, Int64.self, Int64.self, to: .date) { day in
      let date = CalendarMath.civil(day)
      return CalendarMath.day(
        year: date.year, month: date.month,
        day: CivilDate.daysInMonth(year: date.year, month: date.month))
    }
  }

  private static let dayName = names("dayname", CalendarNames.days) {
    Int(CalendarMath.dayOfWeek($0))
  }

  private static let monthName = names("monthname", CalendarNames.months) {
    CalendarMath.civil($0).month - 1
  }

  /// Names are few, so they come as a dictionary.
  private static func names(
    _ name: String, _ texts: [String], _ index: @escaping @Sendable (Int64) -> Int
  ) -> ScalarFunction {
    let dictionary = Vector(.varchar, texts.map { .string($0) })
    return ofDay(name, .varchar) { days, count in
      let rows = Rows<Int64>(days)
      let codes = Buffer(UInt32.self, count: count)
      for row in 0..<count {
        codes.pointer(UInt32.self)[row] = rows.isNull(row) ? 0 : UInt32(index(rows[row]))
      }
      return withExtendedLifetime(days) {
        Vector(
          codes: UnsafePointer(codes.pointer(UInt32.self)), count: count, dictionary: dictionary,
          owners: [codes])
      }
    }
  }

  /// Seconds since 1970; the result is UTC, without a zone.
  private static let toTimestamp = ScalarFunction(
    "to_timestamp", signature: "to_timestamp(seconds)",
    overloads: [
      ScalarOverload(name: "to_timestamp", [.double], .timestamp, canFail: true) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], Double.self, Int64.self, to: .timestamp, count: count, filler: 0
        ) { seconds throws(QueryError) in
          guard let value = Int64(exactly: (seconds * 1e6).rounded()),
            TemporalArithmetic.timestamps.contains(value)
          else {
            throw TemporalArithmetic.outOfRange(.timestamp)
          }
          return value
        }
      }
    ])

  /// Both ways: milliseconds of a time, and the time of milliseconds.
  private static let epochMilliseconds = ScalarFunction(
    "epoch_ms", signature: "epoch_ms(time) or epoch_ms(milliseconds)",
    overloads: [
      fromUnits("epoch_ms", 1000),
      ScalarOverload(name: "epoch_ms", [.timestamp], .bigint) { arguments, _ in
        // Rounded, halves away from zero.
        mapUnary(arguments[0], Int64.self, Int64.self, to: .bigint) {
          let (quotient, rest) = $0.quotientAndRemainder(dividingBy: 1000)
          return quotient + (rest >= 500 ? 1 : rest <= -500 ? -1 : 0)
        }
      },
    ])

  /// The timestamp of a number of units since 1970.
  private static func fromUnits(_ name: String, _ factor: Int64) -> ScalarOverload {
    ScalarOverload(name: name, [.bigint], .timestamp, canFail: true) {
      arguments, count throws(QueryError) in
      try mapRows(
        arguments[0], Int64.self, Int64.self, to: .timestamp, count: count, filler: 0
      ) { value throws(QueryError) in
        let (result, overflow) = value.multipliedReportingOverflow(by: factor)
        guard !overflow, TemporalArithmetic.timestamps.contains(result) else {
          throw TemporalArithmetic.outOfRange(.timestamp)
        }
        return result
      }
    }
  }

  private static let makeTimestampMilliseconds = ScalarFunction(
    "make_timestamp_ms", signature: "make_timestamp_ms(milliseconds)",
    overloads: [fromUnits("make_timestamp_ms", 1000)])

  /// Nanoseconds since the second's start.
  private static let nanosecond = ScalarFunction(
    "nanosecond", signature: "nanosecond(time)",
    overloads: [
      ScalarOverload(name: "nanosecond", [.timestamp], .bigint) { arguments, _ in
        mapUnary(arguments[0], Int64.self, Int64.self, to: .bigint) {
          CalendarMath.timeOfDay($0) % 60_000_000 * 1000
        }
      },
      ScalarOverload(name: "nanosecond", [.time], .bigint) { arguments, _ in
        mapUnary(arguments[0], Int64.self, Int64.self, to: .bigint) { $0 % 60_000_000 * 1000 }
      },
    ])

  private static let daysInMonth = ofDay("days_in_month", .bigint) { days, _ in
    mapUnary(days, Int64.self, Int64.self, to: .bigint) { day in
      let date = CalendarMath.civil(day)
      return Int64(CivilDate.daysInMonth(year: date.year, month: date.month))
    }
  }

  private static func epochUnit(
    _ name: String, _ factor: Int64, toMicroseconds: Bool
  ) -> ScalarFunction {
    ScalarFunction(
      name, signature: "\(name)(time)",
      overloads: [
        ScalarOverload(name: name, [.timestamp], .bigint, canFail: !toMicroseconds) {
          arguments, count throws(QueryError) in
          try mapRows(
            arguments[0], Int64.self, Int64.self, to: .bigint, count: count, filler: 0
          ) { value throws(QueryError) in
            let (result, overflow) = value.multipliedReportingOverflow(by: factor)
            if overflow { throw TemporalArithmetic.outOfRange(.bigint) }
            return result
          }
        }
      ])
  }

  private static let dateAdd = ScalarFunction(
    "date_add", signature: "date_add(date, interval)",
    overloads: [TemporalArithmetic.shift("date_add", 1)])

  /// The interval from the second time to the first, in months, days and time.
  private static let age = ScalarFunction(
    "age", signature: "age(end, start)",
    overloads: [
      ScalarOverload(name: "age", [.timestamp, .timestamp], .interval) {
        arguments, count throws(QueryError) in
        try mapRows(
          arguments[0], arguments[1], Int64.self, Int64.self, Interval.self, to: .interval,
          count: count, filler: Interval()
        ) { end, start in span(from: start, to: end) }
      }
    ])

  private static func span(from start: Int64, to end: Int64) -> Interval {
    if start > end {
      let forward = span(from: end, to: start)
      return Interval(
        months: -forward.months, days: -forward.days, microseconds: -forward.microseconds)
    }
    let from = CalendarMath.civil(CalendarMath.day(of: start))
    let to = CalendarMath.civil(CalendarMath.day(of: end))
    var months = (to.year - from.year) * 12 + to.month - from.month
    var days = to.day - from.day
    var time = CalendarMath.timeOfDay(end) - CalendarMath.timeOfDay(start)
    if time < 0 {
      time += Int64(microsecondsPerDay)
      days -= 1
    }
    if days < 0 {
      days += CivilDate.daysInMonth(year: from.year, month: from.month)
      months -= 1
    }
    return Interval(months: Int32(months), days: Int32(days), microseconds: time)
  }

  /// The start of the bucket of a fixed width that a time lies in; buckets count from 2000-01-03
  /// (a Monday), those of months from 2000-01-01.
  ///
  /// A third argument moves the buckets: an INTERVAL shifts them, a time is the start of one.
  /// Buckets begin at a midnight, and some whole days, hours … later.
  private static func granule(ofBuckets width: Value?) -> Int64 {
    guard case .interval(let width)? = width else { return 1 }
    return [DatePart.day, .hour, .minute, .second].map(\.granule).first {
      width.microseconds % $0 == 0
    } ?? 1
  }

  private static let timeBucket = ScalarFunction(
    "time_bucket", signature: "time_bucket(width, time[, offset or origin])"
  ) { types, literals throws(QueryError) in
    guard types.count == 2 || types.count == 3 else {
      throw ImplicitCast.mismatch("time_bucket", types, "time_bucket(width, time[, origin])")
    }
    // Days stay days.
    let isDate = types[1] == .date
    let last: [DataType] = types.count == 2 ? [] : [types[2] == .interval ? .interval : .timestamp]
    let result: DataType = isDate ? .date : .timestamp
    return ScalarOverload(
      name: "time_bucket", [.interval, .timestamp] + last, result, canFail: true,
      granule: last.isEmpty ? granule(ofBuckets: literals.first ?? nil) : 1
    ) { arguments, count throws(QueryError) in
      let (widths, times) = (Rows<Interval>(arguments[0]), Rows<Int64>(arguments[1]))
      let offsets = last == [.interval] ? Rows<Interval>(arguments[2]) : nil
      let origins = last == [.timestamp] ? Rows<Int64>(arguments[2]) : nil
      var output = FlatBuilder<Int64>(count: count)
      for row in 0..<count {
        if arguments.contains(where: { $0.isNull(row) }) {
          output.setNull(row, filler: 0)
          continue
        }
        var value: Int64
        if let offset = offsets?[row] {
          guard let moved = TemporalArithmetic.shift(times[row], by: offset, sign: -1),
            let back = TemporalArithmetic.shift(
              try bucket(moved, widths[row], origin: nil), by: offset, sign: 1)
          else { throw TemporalArithmetic.outOfRange(.timestamp) }
          value = back
        } else {
          value = try bucket(times[row], widths[row], origin: origins?[row])
        }
        if isDate { value = CalendarMath.day(of: value) }
        output[row] = value
      }
      return withExtendedLifetime(arguments) { output.finish(result) }
    }
  }

  private static func bucket(
    _ time: Int64, _ width: Interval, origin given: Int64?
  ) throws(QueryError) -> Int64 {
    if width.months > 0 && width.days == 0 && width.microseconds == 0 {
      let date = CalendarMath.civil(CalendarMath.day(of: time))
      let base = given.map { CalendarMath.civil(CalendarMath.day(of: $0)) }
      let shift = base.map { ($0.year - 2000) * 12 + $0.month - 1 } ?? 0
      let index = (date.year - 2000) * 12 + date.month - 1 - shift
      let size = Int(width.months)
      let start = (index >= 0 ? index / size : (index - size + 1) / size) * size + shift
      let year = start >= 0 ? start / 12 : (start - 11) / 12
      return CalendarMath.day(year: 2000 + year, month: start - year * 12 + 1, day: 1)
        &* Int64(microsecondsPerDay)
    }
    let (days, overflow) = Int64(width.days).multipliedReportingOverflow(
      by: Int64(microsecondsPerDay))
    let (size, sumOverflow) = days.addingReportingOverflow(width.microseconds)
    guard width.months == 0, !overflow, !sumOverflow, size > 0 else {
      throw QueryError(.value, "the width of time_bucket is above 0, and months stand alone")
    }
    let origin = given ?? 10_959 * Int64(microsecondsPerDay)
    let distance = time &- origin
    let rest = distance % size
    return time &- (rest < 0 ? rest &+ size : rest)
  }

  // MARK: Intervals of one unit

  private enum IntervalField: Sendable {
    case months
    case days
    case time
  }

  /// A whole number of units exactly; of fractions, months and days are cut off.
  private static func span(
    _ name: String, _ field: IntervalField, _ unit: Int64
  ) -> ScalarFunction {
    @Sendable func interval(_ count: Int64?) throws(QueryError) -> Interval {
      if let count {
        switch field {
        case .months: if let months = Int32(exactly: count) { return Interval(months: months) }
        case .days: if let days = Int32(exactly: count) { return Interval(days: days) }
        case .time: return Interval(microseconds: count)
        }
      }
      throw TemporalArithmetic.outOfRange(.interval)
    }
    @Sendable func fractions(_ vector: Vector, _ count: Int) throws(QueryError) -> Vector {
      try mapRows(
        vector, Double.self, Interval.self, to: .interval, count: count, filler: Interval()
      ) { value throws(QueryError) in
        let product = (value * Double(unit)).rounded(
          field == .time ? .toNearestOrAwayFromZero : .towardZero)
        return try interval(Int64(exactly: product))
      }
    }
    return ScalarFunction(
      name, signature: "\(name)(number)",
      overloads: [
        // Seconds and milliseconds are fractions, as in DuckDB.
        ScalarOverload(
          name: name, [unit == 1_000_000 || unit == 1000 ? .double : .bigint], .interval,
          canFail: true
        ) { arguments, count throws(QueryError) in
          if arguments[0].type == .double {
            return try fractions(arguments[0], count)
          }
          return try mapRows(
            arguments[0], Int64.self, Interval.self, to: .interval, count: count,
            filler: Interval()
          ) { value throws(QueryError) in
            let (product, overflow) = value.multipliedReportingOverflow(by: unit)
            return try interval(overflow ? nil : product)
          }
        },
        ScalarOverload(name: name, [.double], .interval, canFail: true) {
          arguments, count throws(QueryError) in
          try fractions(arguments[0], count)
        },
      ])
  }
}

/// English names of days (from Sunday) and months.
enum CalendarNames {
  static let days = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]
  static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
}
