/// Says when more trees bring nothing, by the log loss of rows that are not trained on.
struct EarlyStopping {
  private let rounds: Int
  private(set) var losses: [Double] = []
  /// From 1; 0 before the first round.
  private(set) var bestRound = 0

  init(rounds: Int) { self.rounds = rounds }

  /// Whether the last rounds brought no improvement.
  var isOver: Bool { losses.count - bestRound >= rounds }

  mutating func add(loss: Double) {
    losses.append(loss)
    if bestRound == 0 || loss < losses[bestRound - 1] { bestRound = losses.count }
  }
}
