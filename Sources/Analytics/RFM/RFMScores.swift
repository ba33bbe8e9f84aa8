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
