import Testing

@testable import Analytics

@Suite struct RFMScoresTests {
  /// Columns of values with what makes selecting hard: many equal, all equal, far apart, extremes.
  static let columns: [[Int64]] = {
    var random = SystemRandomNumberGenerator()
    return [
      [7], [3, 3, 3, 3], [5, 1], [.max, .min, 0], [.min, .min, .max, .max, -1, 0, 1],
      (0..<1000).map { _ in .random(in: -5...5, using: &random) },
      (0..<3001).map { _ in .random(in: 0...10_000_000, using: &random) },
      (0..<500).map { _ in .random(in: .min ... .max, using: &random) },
      // Nearly all in one bucket of the first division.
      (0..<2000).map { Int64($0 % 50) } + [1 << 60],
    ]
  }()

  @Test(arguments: columns) func orderStatisticsAreThoseOfTheSortedValues(values: [Int64]) {
    let sorted = values.sorted()
    // A place may be asked for twice.
    let places = [0, values.count / 3, values.count / 2, values.count / 2, values.count - 1]
    #expect(OrderStatistics.values(at: places, of: values) == places.map { sorted[$0] })
  }

  @Test(arguments: columns) func scoresAreShareOfSmallerValues(values: [Int64]) {
    let scores = QuintileScores(values)
    for value in values.prefix(300) {
      let smaller = values.count { $0 < value }
      #expect(scores.score(value) == Int64(1 + 5 * smaller / values.count))
    }
  }

  @Test func whatWasLongAgoScoresLow() {
    let scores = RFMScores(
      recency: [1, 2, 3, 4, 5], frequency: [1, 1, 1, 1, 9], monetary: [5, 4, 3, 2, 1])
    #expect([1, 2, 3, 4, 5].map(scores.r) == [5, 4, 3, 2, 1])
    #expect([1, 9].map(scores.f) == [1, 5])
    #expect([5, 4, 3, 2, 1].map(scores.m) == [5, 4, 3, 2, 1])
  }

  @Test func bitPatternsOfDoublesAreOrderedAsTheirNumbers() {
    let numbers = [-.infinity, -2.5, -1e-300, 0, 1e-300, 1, 1e300, .infinity]
    let keys = numbers.map {
      RFMScores.moneyKey(Int64(bitPattern: $0.bitPattern), isDouble: true)
    }
    #expect(keys == keys.sorted())
    #expect(Set(keys).count == keys.count)
  }

  @Test func everyPairOfScoresHasItsSegment() {
    let named = (1...5).map { r in (1...5).map { f in RFMSegment(r: Int64(r), f: Int64(f)) } }
    #expect(named[4] == [.new, .potential, .potential, .champions, .champions])
    #expect(named[0] == [.lost, .hibernating, .risk, .risk, .cannotLose])
    #expect(Set(named.joined()) == Set(RFMSegment.allCases))
    for segment in RFMSegment.allCases {
      #expect(RFMSegment.explanation.contains(segment.name))
    }
  }
}
