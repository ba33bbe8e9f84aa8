/// Scores 1 … 5 by the share of values strictly below.
struct QuintileScores: Sendable {
  /// A value scores one more for each of these that it is above.
  private let bounds: [Int64]

  /// A value's score is `1 + floor(5 * smaller / count)`, with how many values are smaller: k fifths
  /// of all are where it is above the value that has k fifths of all before it, or is the last of
  /// them.
  init(_ values: [Int64]) {
    bounds =
      values.isEmpty
      ? [] : (1...4).map { OrderStatistic.of(values, at: ($0 * values.count + 4) / 5 - 1) }
  }

  @inline(__always)
  func score(_ value: Int64) -> Int64 {
    var score: Int64 = 1
    for bound in bounds where value > bound { score += 1 }
    return score
  }
}

/// The k-th smallest of many numbers.
enum OrderStatistic {
  private static let bucketBits = 12

  /// - Parameter place: From 0.
  ///
  /// Finds the bucket that the number is in, of some thousand that divide the range of all, and goes
  /// on with that bucket's numbers.
  static func of(_ values: [Int64], at place: Int) -> Int64 {
    var candidates = values
    var place = place
    while true {
      guard let least = candidates.min(), let most = candidates.max(), least < most else {
        return candidates.first ?? 0
      }
      let range = UInt64(bitPattern: most &- least)
      let shift = UInt64(max(0, 64 - bucketBits - range.leadingZeroBitCount))
      func bucket(_ value: Int64) -> Int { Int(UInt64(bitPattern: value &- least) >> shift) }
      var counts = [Int](repeating: 0, count: 1 << bucketBits)
      for value in candidates { counts[bucket(value)] += 1 }
      var chosen = 0
      while place >= counts[chosen] {
        place -= counts[chosen]
        chosen += 1
      }
      candidates = candidates.filter { bucket($0) == chosen }
    }
  }
}

/// Recency, frequency and monetary value of all buyers, as values that can be scored.
struct RFMScores: Sendable {
  private let recency: QuintileScores
  private let frequency: QuintileScores
  private let monetary: QuintileScores

  /// - Parameter monetary: In the order of the money; see ``moneyKey(_:isDouble:)``.
  init(recency: [Int64], frequency: [Int64], monetary: [Int64]) {
    // A purchase that is long ago scores low.
    self.recency = QuintileScores(recency.map { -$0 })
    self.frequency = QuintileScores(frequency)
    self.monetary = QuintileScores(monetary)
  }

  func r(_ recency: Int64) -> Int64 { self.recency.score(-recency) }
  func f(_ frequency: Int64) -> Int64 { self.frequency.score(frequency) }
  func m(_ monetary: Int64) -> Int64 { self.monetary.score(monetary) }

  /// A number that orders sums of money: of doubles, whose bit patterns these are, too.
  static func moneyKey(_ value: Int64, isDouble: Bool) -> Int64 {
    isDouble && value < 0 ? value ^ Int64.max : value
  }
}

/// What buyers are called by their scores.
enum RFMSegment: String, CaseIterable {
  case champions = "Champions"
  case loyal = "Loyal"
  case potential = "Potential Loyalists"
  case new = "New"
  case promising = "Promising"
  case attention = "Need Attention"
  case sleep = "About to Sleep"
  case risk = "At Risk"
  case cannotLose = "Can't Lose"
  case hibernating = "Hibernating"
  case lost = "Lost"

  /// By R from 5 down, and F from 1 up.
  private static let map: [[RFMSegment]] = [
    [.new, .potential, .potential, .champions, .champions],
    [.promising, .potential, .potential, .loyal, .loyal],
    [.sleep, .sleep, .attention, .loyal, .loyal],
    [.hibernating, .hibernating, .risk, .risk, .cannotLose],
    [.lost, .hibernating, .risk, .risk, .cannotLose],
  ]

  /// The map as text, a line for each R.
  static var explanation: String {
    let header = "R   F = 1, 2, 3, 4, 5\n"
    return header
      + map.enumerated().map { index, row in
        "\(5 - index)   \(row.map(\.rawValue).joined(separator: ", "))\n"
      }.joined()
  }

  /// - Parameters:
  ///   - r: 1 … 5.
  ///   - f: 1 … 5.
  init(r: Int64, f: Int64) { self = Self.map[Int(5 - r)][Int(f - 1)] }
}
