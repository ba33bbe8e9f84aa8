/// What sessions come to: buying, leaving a cart, or looking only; by day and hour.
struct SessionOutcomes: Sendable {
  /// The chance that a session of an average visitor buys, by hour of the two months.
  private let buying: [Double]
  /// The chance that it fills a cart that is recorded, and does not buy; by day.
  private let carting: [Double]
  /// How much longer than on a plain day of October sessions are; by day.
  private let stretch: [Double]

  init() {
    var buying: [Double] = []
    var carting: [Double] = []
    var stretch: [Double] = []
    let hourSum = TrafficCurve.sessionsByHour.reduce(0, +)
    let meanRate =
      zip(TrafficCurve.sessionsByHour, TrafficCurve.purchaseRateByHour).map { $0 * $1 }
      .reduce(0, +) / hourSum
    for (day, figures) in DailyFigures.all.enumerated() {
      let published = figures.purchases / Self.purchasesInBuyingSession / figures.sessions
      // On days of many buyers the chance of the most inclined is at its cap.
      let rate = published * (1 + 1.2 * max(0, published - 0.05))
      for hour in 0..<24 { buying.append(rate * TrafficCurve.purchaseRateByHour[hour] / meanRate) }
      let cartsInSession = day < 38 ? 1.617 : 1.74
      let withCart = day < 31 ? 0.464 : day < 38 ? 0.38 : 0.95
      let cartSessions = figures.carts / cartsInSession
      carting.append(
        // Those who are inclined to carts are inclined to buy, and then leave none.
        max(0, cartSessions / figures.sessions - published * withCart) / (1 - 2.1 * published))
      stretch.append((figures.events / figures.sessions - 1) / Self.plainEvents)
    }
    self.buying = buying
    self.carting = carting
    self.stretch = stretch
  }

  @inline(__always)
  func buyingChance(at time: Int) -> Double { buying[time / 3_600] }

  @inline(__always)
  func cartingChance(at time: Int) -> Double { carting[time / Calendar.daySeconds] }

  @inline(__always)
  func stretch(at time: Int) -> Double { stretch[time / Calendar.daySeconds] }

  /// Whether every cart is recorded at `time`. Before the night of 7 to 8 November only those of
  /// some categories are; in that night the two ways of recording overlap.
  @inline(__always)
  func recordsEveryCart(at time: Int, _ random: inout RandomStream) -> Bool {
    if time < Self.changeStart { return false }
    if time >= Self.changeEnd { return true }
    let share = Double(time - Self.changeStart) / Double(Self.changeEnd - Self.changeStart)
    return random.chance(share)
  }

  /// No purchase was recorded on 15 November.
  @inline(__always)
  func losesPurchases(at time: Int) -> Bool { time >= Self.outageStart && time < Self.outageEnd }

  /// Events of a plain session behind its first.
  private static let plainEvents = 3.8
  private static let purchasesInBuyingSession = 1.183
  /// The chance that a buyer's cart is recorded, given what it is at most by category.
  @inline(__always)
  func recordedShare(at time: Int, everyCart: Bool, category: Double) -> Double {
    if !everyCart { return category * (time < Calendar.octoberEnd ? 0.93 : 0.76) }
    let isPromotion = time >= Calendar.november(14) && time < Calendar.november(18)
    return isPromotion ? 0.925 : 0.955
  }

  private static let changeStart = Calendar.november(7, hour: 20)
  private static let changeEnd = Calendar.november(8, hour: 2)
  private static let outageStart = Calendar.november(15)
  private static let outageEnd = Calendar.november(16)
}
