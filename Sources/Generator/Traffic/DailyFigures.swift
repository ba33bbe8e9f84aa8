/// What a day of the shop brings: thousands of events, of sessions begun, and of purchase and cart
/// events.
struct DailyFigures: Sendable {
  var events: Double
  var sessions: Double
  var purchases: Double
  var carts: Double

  /// The 61 days, scaled so that the published sums of months and half-months come out.
  static let all: [DailyFigures] = {
    var days = zip(eventThousands, sessionThousands).map {
      DailyFigures(events: $0, sessions: $1, purchases: 0, carts: 0)
    }
    // 3 October is the lowest day of all, and published.
    let october = scale(Array(days[0..<31]), \.events, to: 42_448.764, fixed: [2])
    let november = scale(
      Array(days[31...]), \.events, to: 67_501.979, fixed: [13, 14, 15, 16, 28, 29])
    days = october + november
    func spread(
      _ range: Range<Int>, _ path: WritableKeyPath<DailyFigures, Double>, _ total: Double,
      fixed: [Int: Double] = [:]
    ) {
      let rest = total - fixed.values.reduce(0, +)
      let free = range.filter { fixed[$0] == nil }
      let sum = free.map { days[$0].sessions }.reduce(0, +)
      for day in free { days[day][keyPath: path] = rest * days[day].sessions / sum }
      for (day, value) in fixed { days[day][keyPath: path] = value }
    }
    func scaleSessions(_ range: Range<Int>, to total: Double) {
      let sum = days[range].map(\.sessions).reduce(0, +)
      for day in range { days[day].sessions *= total / sum }
    }
    // Sessions are counted on every day they touch, so the sums exceed the months' by 0.4 %.
    scaleSessions(0..<15, to: 4_384)
    scaleSessions(15..<31, to: 4_860)
    scaleSessions(31..<44, to: 5_165)
    scaleSessions(48..<61, to: 5_316)
    spread(0..<15, \.purchases, 355.8)
    spread(15..<31, \.purchases, 387.05)
    spread(31..<44, \.purchases, 309.7, fixed: [43: 22.5])
    spread(44..<48, \.purchases, 275.566, fixed: [44: 22.124, 45: 0, 46: 68.247, 47: 185.195])
    spread(48..<61, \.purchases, 331.6, fixed: [48: 28, 59: 32.107, 60: 28.178])
    spread(0..<31, \.carts, 926.516)
    spread(31..<38, \.carts, 220.5)
    spread(38..<44, \.carts, 409, fixed: [43: 69])
    spread(
      44..<48, \.carts, 1_487.494, fixed: [44: 170.472, 45: 483.305, 46: 406.778, 47: 426.941])
    spread(48..<61, \.carts, 911.9, fixed: [48: 83, 59: 85, 60: 75])
    return days
  }()

  /// Scales one figure of the days that are not `fixed` so that the whole sums up to `total`.
  private static func scale(
    _ days: [DailyFigures], _ path: WritableKeyPath<DailyFigures, Double>, to total: Double,
    fixed: Set<Int>
  ) -> [DailyFigures] {
    let held = days.indices.filter(fixed.contains).map { days[$0][keyPath: path] }.reduce(0, +)
    let sum = days.map { $0[keyPath: path] }.reduce(0, +)
    var scaled = days
    for day in days.indices where !fixed.contains(day) {
      scaled[day][keyPath: path] *= (total - held) / (sum - held)
    }
    return scaled
  }

  private static let eventThousands: [Double] = [
    1_245, 1_190, 1_127.303, 1_400, 1_330, 1_325, 1_215, 1_380, 1_365, 1_295, 1_325, 1_360, 1_430,
    1_400, 1_435, 1_440, 1_430, 1_400, 1_395, 1_390, 1_345, 1_340, 1_370, 1_385, 1_395, 1_400,
    1_410, 1_370, 1_385, 1_395, 1_400,
    1_460, 1_570, 1_570, 1_820, 1_740, 1_710, 1_830, 1_890, 1_870, 1_920, 2_010, 2_000, 2_010,
    3_069.726, 6_220.416, 6_502.957, 6_395.377, 2_020, 1_740, 1_700, 1_670, 1_560, 1_550, 1_560,
    1_570, 1_640, 1_640, 1_640, 1_854.426, 1_754.878,
  ]

  private static let sessionThousands: [Double] = [
    280, 268, 255, 305, 290, 288, 275, 302, 300, 288, 290, 293, 302, 305, 312, 312, 311, 303, 298,
    294, 300, 299, 302, 306, 305, 300, 301, 307, 309, 310, 309,
    355, 366, 366, 412, 400, 395, 410, 414, 405, 410, 428, 426, 430, 480, 766, 1_000, 1_005, 470,
    455, 450, 445, 381, 376, 378, 380, 388, 386, 385, 450.853, 391.84,
  ]
}
