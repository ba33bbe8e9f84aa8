import Testing

@testable import ecq

@Suite struct ProgressTests {
  @Test(arguments: [(0.2, "1 s"), (99.0, "99 s"), (200.0, "3 min 20 s"), (7500.0, "2 h 5 min")])
  func durations(seconds: Double, text: String) { #expect(durationText(seconds) == text) }

  @Test func paceFollowsWhatIsMeasured() throws {
    var pace = Pace()
    #expect(pace.secondsLeft(from: 0) == nil)
    for second in 1...10 { pace.note(Double(second) / 100, at: Double(second)) }
    #expect(abs(try #require(pace.secondsLeft(from: 0.1)) - 90) < 0.001)
    // Four times as fast: after a while that is what counts.
    for second in 1...20 { pace.note(0.1 + 0.04 * Double(second), at: 10 + Double(second)) }
    #expect(abs(try #require(pace.secondsLeft(from: 0.9)) - 2.5) < 0.1)
  }
}
