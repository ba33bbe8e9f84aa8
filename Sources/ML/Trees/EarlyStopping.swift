import ColStore
import Glibc

/// Watches the log loss of rows that are not trained on, and says when more trees bring nothing.
struct EarlyStopping {
  private let rows: BinnedRows
  private let margins: Buffer
  private let rounds: Int?
  private(set) var losses: [Double] = []
  /// From 1; 0 before the first round.
  private(set) var bestRound = 0

  init(_ rows: BinnedRows, base: Double, rounds: Int?) {
    self.rows = rows
    self.rounds = rounds
    margins = Buffer(Double.self, count: rows.count)
    margins.pointer(Double.self).initialize(repeating: base, count: rows.count)
  }

  /// Whether the last rounds brought no improvement.
  var isOver: Bool { rounds.map { losses.count - bestRound >= $0 } ?? false }

  mutating func add(_ router: CodeRouter, rate: (Double) -> Double) {
    let margins = margins.pointer(Double.self)
    router.add(rows, 0..<rows.count, rate: rate, to: margins)
    var sum = 0.0
    for row in 0..<rows.count {
      // log(1 + e^m) of a negative, log(1 + e^−m) of a positive, without overflow.
      let margin = margins[row]
      let tail = log1p(exp(-margin.magnitude))
      sum += rows.weights[row].x * (tail + max(margin, 0))
      sum += rows.weights[row].y * (tail + max(-margin, 0))
    }
    losses.append(sum / rows.totals.sum())
    if bestRound == 0 || losses[losses.count - 1] < losses[bestRound - 1] {
      bestRound = losses.count
    }
  }
}
