extension Product {
  /// Cents that the product costs at `time`: the usual price, times a factor that is constant for
  /// a period and swings in a band of 15 % between periods.
  @inline(__always)
  func cents(at time: Int, _ random: UInt64) -> Int32 {
    if time >= Int(zeroPriceFrom) { return 0 }
    var factor = 1.0
    if pricePeriods > 1 {
      let position =
        Double(time) / Double(Calendar.novemberEnd) * Double(pricePeriods) + phase
      var period = Int(position)
      // Right after a change some pages still show the price before it.
      let age = (position - Double(period)) * Double(Calendar.novemberEnd) / Double(pricePeriods)
      if age < 20 && random & 1 == 0 && period > 0 { period -= 1 }
      factor = Self.factor(seed: seed, period: period, of: pricePeriods)
    }
    if time >= Self.saleStart && seed % 100 < 4 { factor *= 0.9 }
    return min(Self.highestCents, max(Self.lowestCents, Int32(Double(price) * factor)))
  }

  private var phase: Double { Double(seed >> 16) / 65_536 }

  @inline(__always)
  private static func factor(seed: UInt32, period: Int, of count: UInt16) -> Double {
    // A product has at most twelve prices in its band, and comes back to them.
    let levels = min(12, UInt64(count))
    let word = scrambled(UInt64(seed) << 20 | UInt64(period))
    let level = Double(word % levels) / Double(levels) + Double((seed >> 8) & 255) / 256 * 0.08
    let drift = 0.01 - 0.026 * Double(period) / Double(count)
    return 1 + 0.14 * (level - 0.52) + drift
  }

  private static let saleStart = Calendar.november(29)
  private static let highestCents: Int32 = 257_407
  private static let lowestCents: Int32 = 77
}
