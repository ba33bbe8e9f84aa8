import Testing

@testable import Plot

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (999.0, "999"), (1000.0, "1,000"), (1_234_567.0, "1,234,567"),
    (-1_234_567.0, "−1,234,567"), (12.5, "12.5"), (0.0123, "0.012"), (1e300, "1e300"),
    (.nan, "–"), (.infinity, "–"),
  ])
  func counts(value: Double, text: String) { #expect(NumberFormat.count.text(value) == text) }

  @Test(arguments: [
    (0.0, "0"), (12.34, "12.3"), (999.0, "999"), (999.96, "1,000"), (1000.0, "1.00k"),
    (12_345.0, "12.3k"), (999_499.0, "999k"), (999_500.0, "1.00M"), (1_255_000.0, "1.25M"),
    (-4_000_000_000.0, "−4.00G"), (3.2e12, "3.20T"), (5e18, "5e18"), (0.00012, "0.00012"),
  ])
  func compacts(value: Double, text: String) { #expect(NumberFormat.compact.text(value) == text) }

  @Test(arguments: [
    (0.41516, 1, "41.5 %"), (1.0, 0, "100 %"), (-0.005, 1, "−0.5 %"), (-0.00001, 1, "0.0 %"),
  ])
  func percents(value: Double, digits: Int, text: String) {
    #expect(NumberFormat.percent(digits).text(value) == text)
  }

  @Test(arguments: [
    (0.0, "0 s"), (35.0, "35 s"), (80.0, "1.3 min"), (150.0, "2.5 min"), (1800.0, "30 min"),
    (4320.0, "1.2 h"), (259_200.0, "3 d"), (0.25, "0.25 s"), (-90.0, "−1.5 min"),
  ])
  func durations(value: Double, text: String) { #expect(NumberFormat.duration.text(value) == text) }

  @Test(arguments: [
    (NumberFormat.count, 0.5, 0.25, "0.50"), (.count, 1000, 500, "1k"), (.count, 1500, 500, "1.5k"),
    (.count, 2_000_000, 250_000, "2M"), (.count, 1_250_000, 250_000, "1.25M"),
    (.percent(0), 0.025, 0.025, "2.5 %"), (.percent(1), 0.5, 0.1, "50 %"),
    (.decimal(4), 0.965, 0.005, "0.965"), (.plain, 2019, 1, "2019"),
  ])
  func ticks(format: NumberFormat, value: Double, step: Double, text: String) {
    #expect(format.tick(value, step: step) == text)
  }

  /// Ticks that are apart have texts that are apart, whatever the step.
  @Test func ticksAreToldApart() {
    for exponent in -6...12 {
      for factor in [1.0, 2, 2.5, 5] {
        let step = factor * power(10, Double(exponent))
        for first in [0.0, 10, 96, 123] {
          let texts = (0..<6).map {
            NumberFormat.count.tick((first + Double($0)) * step, step: step)
          }
          #expect(Set(texts).count == 6, "\(texts) at \(step)")
        }
      }
    }
  }
}
