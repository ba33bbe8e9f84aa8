import Testing

@testable import Generator

/// Statistics of a small file, against what is published about the real ones.
@Suite("Calibration")
struct CalibrationTests {
  private struct Figure {
    var name: String
    var published: Double
    var tolerance: Double
    var measured: Double

    init(_ name: String, _ published: Double, within tolerance: Double, _ measured: Double) {
      self.name = name
      self.published = published
      self.tolerance = tolerance
      self.measured = measured
    }
  }

  @Test("Half a million rows have the published statistics")
  func statistics() throws {
    let directory = TemporaryDirectory()
    try ClickstreamGenerator(rows: 500_000, seed: 7).write(to: directory.path)
    var file = CSVStatistics()
    let octoberBytes = directory.read("2019-Oct.csv")
    let novemberBytes = directory.read("2019-Nov.csv")
    file.add(octoberBytes, isOctober: true)
    let october = file
    file.add(novemberBytes, isOctober: false)

    #expect(file.rows == 500_000)
    #expect(file.malformedRows == 0)
    #expect(file.productsInTwoCategories == 0)
    #expect(file.categoriesWithAndWithoutCode == 0)
    #expect(file.zeroPricePurchases == 0)
    #expect(file.outagePurchases == 0)
    #expect(file.inversions < 10)

    let rows = Double(file.rows)
    let novemberRows = Double(file.rows - october.rows)
    let sessions = file.sessions.values
    let sessionCount = Double(sessions.count)
    func share(_ test: (CSVStatistics.Session) -> Bool) -> Double {
      100 * Double(sessions.count(where: test)) / sessionCount
    }
    func share(
      of part: (CSVStatistics.Session) -> Bool, _ test: (CSVStatistics.Session) -> Bool
    ) -> Double {
      let chosen = sessions.filter(part)
      return 100 * Double(chosen.count(where: test)) / Double(chosen.count)
    }
    let users = file.users.values
    let prices = file.prices.sorted()
    func priceQuantile(_ share: Double) -> Double {
      Double(prices[Int(share * Double(prices.count - 1))]) / 100
    }
    let durations = sessions.map { $0.last - $0.first }.sorted()
    // Name, published value, tolerance in the same unit.
    let figures = [
      Figure(
        "bytes a row", 133.5, within: 1.5,
        Double(octoberBytes.count + novemberBytes.count) / rows),
      Figure("view %, October", 96.07, within: 0.7, percent(october.views, october.rows)),
      Figure("cart %, October", 2.183, within: 0.3, percent(october.carts, october.rows)),
      Figure("purchase %, October", 1.750, within: 0.2, percent(october.purchases, october.rows)),
      Figure(
        "cart %, November", 4.487, within: 0.5,
        100 * Double(file.carts - october.carts) / novemberRows),
      Figure(
        "purchase %, November", 1.358, within: 0.2,
        100 * Double(file.purchases - october.purchases) / novemberRows),
      Figure("events a session", 4.777, within: 0.25, rows / sessionCount),
      Figure("sessions of one event %", 37.2, within: 2, share { $0.rows == 1 }),
      Figure("sessions under three events %", 52, within: 2, share { $0.rows < 3 }),
      Figure("sessions of twenty events %", 3.5, within: 0.9, share { $0.rows >= 20 }),
      Figure(
        "products a session", 3.01, within: 0.2,
        Double(sessions.reduce(0) { $0 + $1.products.count }) / sessionCount),
      Figure("median duration s", 61, within: 8, Double(durations[durations.count / 2])),
      Figure("sessions over a day %", 0.18, within: 0.06, share { $0.last - $0.first > 86_400 }),
      Figure(
        "buying sessions %, October", 6.81, within: 0.5,
        share(of: \.isOctober) { $0.purchases > 0 }),
      Figure(
        "buying sessions %, November", 5.61, within: 0.5,
        share(of: { !$0.isOctober }) { $0.purchases > 0 }),
      Figure("sessions with a cart %", 10.06, within: 0.8, share { $0.carts > 0 }),
      Figure(
        "cart and no purchase %", 5.98, within: 0.6, share { $0.carts > 0 && $0.purchases == 0 }),
      Figure(
        "buyers without a cart %, October", 53.6, within: 4,
        share(of: { $0.isOctober && $0.purchases > 0 }) { $0.carts == 0 }),
      Figure(
        "buyers without a cart %, November", 16.15, within: 3,
        share(of: { !$0.isOctober && $0.purchases > 0 }) { $0.carts == 0 }),
      Figure(
        "buyers without a cart %, from 9 November", 4, within: 3,
        share(of: { $0.first > 40 * 86_400 && $0.purchases > 0 }) { $0.carts == 0 }),
      Figure("sessions a user", 4.33, within: 0.3, sessionCount / Double(users.count)),
      Figure("users of both months %", 26.37, within: 2.5, percent(users) { $0 & 3 == 3 }),
      Figure("users who bought %", 13.12, within: 1.5, percent(users) { $0 & 4 != 0 }),
      Figure("no category code %", 32.21, within: 1.5, percent(file.nullCodes, file.rows)),
      Figure("no brand %", 13.94, within: 1.2, percent(file.nullBrands, file.rows)),
      Figure("smartphones %", 26.2, within: 2, percent(file.smartphones, file.rows)),
      Figure("price of zero %", 0.2335, within: 0.1, percent(file.zeroPrices, file.rows)),
      Figure("mean price", 291.63, within: 12, Double(file.cents) / 100 / rows),
      Figure(
        "mean price of purchases", 304.35, within: 20,
        Double(file.purchaseCents) / 100 / Double(file.purchases)),
      Figure("price p25", 67.95, within: 5, priceQuantile(0.25)),
      Figure("median price", 164.16, within: 8, priceQuantile(0.5)),
      Figure("price p75", 361.24, within: 20, priceQuantile(0.75)),
      Figure("price p95", 1_006.67, within: 50, priceQuantile(0.95)),
      Figure("3 October %", 1.025, within: 0.12, percent(file.rowsOfDay[3, default: 0], file.rows)),
      Figure(
        "15 November %", 5.657, within: 0.6, percent(file.rowsOfDay[46, default: 0], file.rows)),
      Figure(
        "17 November %", 5.817, within: 0.6, percent(file.rowsOfDay[48, default: 0], file.rows)),
      Figure("events of hour 15 %", 6.4, within: 0.5, percent(file.hour15, file.rows)),
      Figure("events of hour 2 %", 2.6, within: 0.5, percent(file.hour2, file.rows)),
    ]
    for figure in figures {
      #expect(
        abs(figure.measured - figure.published) <= figure.tolerance,
        "\(figure.name): \(figure.measured), published \(figure.published)")
    }
  }

  private func percent(_ part: Int, _ whole: Int) -> Double { 100 * Double(part) / Double(whole) }

  private func percent(_ values: some Collection<Int>, _ test: (Int) -> Bool) -> Double {
    percent(values.count(where: test), values.count)
  }
}
