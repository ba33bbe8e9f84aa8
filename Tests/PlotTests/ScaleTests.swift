import Testing

@testable import Plot

@Suite struct ScaleTests {
  @Test func placesValues() {
    #expect(Scale.linear(10...20).fraction(15) == 0.5)
    #expect(Scale.logarithmic(1...100).fraction(10) == 0.5)
    #expect(Scale.logarithmic(1...100).fraction(0) == nil)
    #expect(Scale.band(4).fraction(0) == 0.125)
    #expect(Scale.linear(0...1).fraction(.nan) == nil)
    #expect(Scale.linear(0...1).fraction(1e300) == nil)
  }

  @Test(arguments: [
    (3.0, 97.0, false, 0.0, 100.0), (0.93, 0.972, false, 0.93, 0.98), (5, 5, false, 4.4, 5.6),
    (0, 0, true, 0, 1), (-3, 8, true, -5, 10), (40, 60, true, 0, 60),
  ])
  func endsAreRound(low: Double, high: Double, zero: Bool, first: Double, last: Double) {
    guard case .linear(let domain) = Scale.nice(low...high, includesZero: zero) else {
      Issue.record("not linear")
      return
    }
    #expect((domain.lowerBound - first).magnitude < 1e-9)
    #expect((domain.upperBound - last).magnitude < 1e-9)
  }

  @Test func logarithmicEndsAreRound() {
    #expect(Scale.logarithmic(over: 3...700) == .logarithmic(2...1000))
    #expect(Scale.logarithmic(over: 3...700, isTight: true) == .logarithmic(3...700))
    #expect(Scale.logarithmic(over: nil) == .logarithmic(1...10))
    #expect(Scale.logarithmic(over: 5...5) == .logarithmic(2.5...10))
  }

  @Test func extremesHaveScales() {
    for range in [-1e99...1e99, 1e-99...1e-99, 1...(1.0.nextUp), -1e-300...1e-300] {
      guard case .linear(let domain) = Scale.nice(range) else { continue }
      #expect(domain.lowerBound < domain.upperBound)
      #expect(domain.contains(range.lowerBound) && domain.contains(range.upperBound))
    }
  }

  @Test func linearTicksAreRoundAndInside() {
    var random = Random(seed: 1)
    for _ in 0..<500 {
      let low = (random.unit() - 0.5) * power(10, random.unit() * 12 - 4)
      let high = low + power(10, random.unit() * 12 - 6)
      let (values, step) = LinearTicks.values(in: low...high, atMost: 6)
      #expect(values.count <= 7)
      for value in values {
        #expect(value >= low - step * 1e-6 && value <= high + step * 1e-6)
        let multiple = value / step
        #expect((multiple - multiple.rounded()).magnitude < 1e-6 * max(1, multiple.magnitude))
      }
    }
  }

  @Test func logarithmicTicks() {
    #expect(LogarithmicTicks.values(in: 1...1000, atMost: 4) == [1, 10, 100, 1000])
    #expect(LogarithmicTicks.values(in: 0.001...1, atMost: 4) == [0.001, 0.01, 0.1, 1])
    #expect(LogarithmicTicks.values(in: 1...100, atMost: 7) == [1, 2, 5, 10, 20, 50, 100])
    #expect(LogarithmicTicks.values(in: 1e-9...1e9, atMost: 4).count <= 4)
    #expect(!LogarithmicTicks.values(in: 3...4, atMost: 5).isEmpty)
  }

  @Test func durationTicks() {
    #expect(DurationTicks.values(in: 1...10_000, atMost: 5) == [1, 10, 60, 600, 3600])
    #expect(DurationTicks.values(in: 50...70, atMost: 5) == [60])
  }

  private let october = 1_569_888_000.0
  private let day = 86_400.0

  @Test func timeTicks() {
    let weeks = TimeTicks.ticks(in: october...(october + 60 * day), atMost: 10)
    #expect(
      weeks.map(\.label) == [
        "7 Oct", "14 Oct", "21 Oct", "28 Oct", "4 Nov", "11 Nov", "18 Nov", "25 Nov",
      ])
    #expect(weeks.map(\.note) == ["2019"] + [String](repeating: "", count: 7))
    let months = TimeTicks.ticks(in: october...(october + 200 * day), atMost: 7)
    #expect(months.map(\.label) == ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr"])
    #expect(months.map(\.note) == ["2019", "", "", "2020", "", "", ""])
    let hours = TimeTicks.ticks(in: october...(october + day), atMost: 5)
    #expect(hours.map(\.label) == ["00:00", "06:00", "12:00", "18:00", "00:00"])
    #expect(hours.map(\.note) == ["1 Oct 2019", "", "", "", "2 Oct 2019"])
    #expect(TimeTicks.ticks(in: 0...4e9, atMost: 5).map(\.label).contains("2000"))
    #expect(TimeTicks.ticks(in: 0...9e13, atMost: 5).isEmpty)
  }
}
