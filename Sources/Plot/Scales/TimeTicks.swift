import ColStore

/// Times along an axis, on the clock's and the calendar's marks (UTC).
enum TimeTicks {
  private static let day = 86_400.0
  private static let clockSteps: [Double] = [
    1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600,
  ]
  private static let monthNames = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  static func ticks(in domain: ClosedRange<Double>, atMost count: Int) -> [Tick] {
    // The calendar of years 1 to 9999.
    guard domain.lowerBound > -62_135_596_800, domain.upperBound < 253_402_300_800 else {
      return []
    }
    let least = (domain.upperBound - domain.lowerBound) / Double(max(count, 1))
    if least <= 12 * 3600, let step = clockSteps.first(where: { $0 >= least }) {
      return clock(domain, step)
    }
    for days in [1, 2, 7, 14] where Double(days) * day >= least { return dates(domain, days) }
    for months in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000]
    where Double(months) * 30.44 * day >= least {
      return self.months(domain, months)
    }
    return []
  }

  private static func clock(_ domain: ClosedRange<Double>, _ step: Double) -> [Tick] {
    var ticks: [Tick] = []
    var lastDay = -Double.infinity
    var time = (domain.lowerBound / step).rounded(.up) * step
    while time <= domain.upperBound {
      let midnight = (time / day).rounded(.down) * day
      let second = Int(time - midnight)
      var label = "\(padded(second / 3600)):\(padded(second / 60 % 60))"
      if step < 60 { label += ":\(padded(second % 60))" }
      ticks.append(Tick(value: time, label: label, note: midnight > lastDay ? date(midnight) : ""))
      lastDay = midnight
      time += step
    }
    return ticks
  }

  private static func dates(_ domain: ClosedRange<Double>, _ days: Int) -> [Tick] {
    var ticks: [Tick] = []
    var lastYear = Int.min
    var number = Int((domain.lowerBound / day).rounded(.up))
    // Weeks start on Mondays; 1970-01-01 was a Thursday. Other steps count from 1970 on.
    let phase = days % 7 == 0 ? 3 : 0
    while (number + phase) % days != 0 { number += 1 }
    while Double(number) * day <= domain.upperBound {
      let civil = CivilDate(daysSinceEpoch: number)
      ticks.append(
        Tick(
          value: Double(number) * day, label: "\(civil.day) \(monthNames[civil.month - 1])",
          note: civil.year != lastYear ? String(civil.year) : ""))
      lastYear = civil.year
      number += days
    }
    return ticks
  }

  private static func months(_ domain: ClosedRange<Double>, _ months: Int) -> [Tick] {
    let start = CivilDate(daysSinceEpoch: Int((domain.lowerBound / day).rounded(.up)))
    var month = start.year * 12 + start.month - 1 + (start.day > 1 ? 1 : 0)
    month = (month + months - 1) / months * months
    var ticks: [Tick] = []
    var lastYear = Int.min
    while true {
      let civil = CivilDate(year: month / 12, month: month % 12 + 1, day: 1)
      let time = Double(civil.daysSinceEpoch) * day
      guard time <= domain.upperBound else { return ticks }
      if months >= 12 {
        ticks.append(Tick(value: time, label: String(civil.year)))
      } else {
        ticks.append(
          Tick(
            value: time, label: monthNames[civil.month - 1],
            note: civil.year != lastYear ? String(civil.year) : ""))
      }
      lastYear = civil.year
      month += months
    }
  }

  private static func date(_ time: Double) -> String {
    let civil = CivilDate(daysSinceEpoch: Int(time / day))
    return "\(civil.day) \(monthNames[civil.month - 1]) \(civil.year)"
  }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
