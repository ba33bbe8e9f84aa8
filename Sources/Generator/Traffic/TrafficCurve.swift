/// How sessions and events are spread over the two months, in cells of ten minutes.
struct TrafficCurve: Sendable {
  static let cellSeconds = 600
  private static let cellCount = Calendar.novemberEnd / cellSeconds
  private static let dayCells = Calendar.daySeconds / cellSeconds

  /// The share of all sessions that begin before each cell; one entry more than cells.
  private let sessionsBefore: [Double]
  /// The same for events.
  private let eventsBefore: [Double]
  /// For each 1/65,536 of the sessions, the cell where it begins.
  private let guide: [UInt16]

  init() {
    let hourSum = Self.sessionsByHour.reduce(0, +)
    var sessions: [Double] = []
    var events: [Double] = []
    for (day, figures) in DailyFigures.all.enumerated() {
      var cells = (0..<Self.dayCells).map { cell in
        // Hours are taken at their middle, and interpolated between.
        let position = (Double(cell) + 0.5) / 6 - 0.5
        let low = Int(position.rounded(.down))
        let share = position - Double(low)
        let left = Self.sessionsByHour[(low + 24) % 24]
        let right = Self.sessionsByHour[(low + 25) % 24]
        return (left + share * (right - left)) / hourSum / 6
      }
      if day == 0 {
        // The file opens with twenty minutes of traffic, then nearly none until 02:18.
        let minute = 1 / (1_000 * figures.events)
        for cell in 0..<14 { cells[cell] = (cell < 2 ? 51 : cell < 13 ? 1.5 : 90) * 10 * minute }
      }
      let sum = cells.reduce(0, +)
      for cell in cells {
        sessions.append(cell / sum * figures.sessions)
        events.append(cell / sum * figures.events)
      }
    }
    sessionsBefore = Self.cumulative(sessions)
    eventsBefore = Self.cumulative(events)
    var guide: [UInt16] = []
    var cell = 0
    for step in 0...65_536 {
      while cell < Self.cellCount - 1 && sessionsBefore[cell + 1] <= Double(step) / 65_536 {
        cell += 1
      }
      guide.append(UInt16(cell))
    }
    self.guide = guide
  }

  /// The share of all sessions that begin before `time`.
  func sessionShare(before time: Int) -> Double {
    let cell = min(Self.cellCount - 1, time / Self.cellSeconds)
    let part = Double(time - cell * Self.cellSeconds) / Double(Self.cellSeconds)
    return sessionsBefore[cell] + part * (sessionsBefore[cell + 1] - sessionsBefore[cell])
  }

  /// The time by which a `share` of all sessions have begun: the inverse of ``sessionShare``.
  @inline(__always)
  func time(atSessionShare share: Double) -> Int {
    var cell = Int(guide[min(65_536, max(0, Int(share * 65_536)))])
    while cell < Self.cellCount - 1 && sessionsBefore[cell + 1] <= share { cell += 1 }
    return Self.interpolate(sessionsBefore, cell, share)
  }

  /// The time by which a `share` of the events of the month that begins at `start` have happened.
  func time(atEventShare share: Double, from start: Int, to end: Int) -> Int {
    let low = eventsBefore[start / Self.cellSeconds]
    let high = eventsBefore[end / Self.cellSeconds]
    let target = low + share * (high - low)
    var cell = start / Self.cellSeconds
    while cell < end / Self.cellSeconds - 1 && eventsBefore[cell + 1] <= target { cell += 1 }
    return Self.interpolate(eventsBefore, cell, target)
  }

  private static func interpolate(_ before: [Double], _ cell: Int, _ target: Double) -> Int {
    let width = before[cell + 1] - before[cell]
    let part = width > 0 ? (target - before[cell]) / width : 0
    return cell * cellSeconds + min(cellSeconds - 1, max(0, Int(part * Double(cellSeconds))))
  }

  private static func cumulative(_ weights: [Double]) -> [Double] {
    let total = weights.reduce(0, +)
    var sum = 0.0
    var before = [0.0]
    for weight in weights {
      sum += weight
      before.append(sum / total)
    }
    before[before.count - 1] = 1
    return before
  }

  /// Sessions begun in each hour of the day, UTC, in thousands (published).
  static let sessionsByHour: [Double] = [
    161, 318, 620, 899, 1_141, 1_268, 1_333, 1_360, 1_406, 1_373, 1_336, 1_298, 1_283, 1_369, 1_464,
    1_474, 1_392, 1_233, 927, 597, 342, 198, 122, 100,
  ]

  /// Percent of the sessions begun in each hour that buy (published).
  static let purchaseRateByHour: [Double] = [
    3.05, 2.94, 3.84, 5.79, 6.63, 6.96, 7.04, 7.09, 7.40, 7.75, 7.56, 7.26, 6.80, 6.15, 5.61, 5.10,
    4.83, 4.73, 4.09, 4.26, 4.43, 4.79, 4.89, 4.37,
  ]
}
