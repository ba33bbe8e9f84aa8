/// Scores 1 … 5 by the share of values strictly below.
struct QuintileScores {
  private let sorted: [Int64]

  init(_ values: [Int64]) { sorted = values.sorted() }

  /// `1 + floor(5 * (rank - 1) / count)`, where rank - 1 is the number of smaller values.
  func score(_ value: Int64) -> Int64 {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return 1 + Int64(5 * low / max(1, sorted.count))
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
