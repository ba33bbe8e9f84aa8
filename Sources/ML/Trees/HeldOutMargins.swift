import ColStore
import Glibc

/// The margins of rows that are not trained on, as they grow tree by tree.
final class HeldOutMargins {
  private let rows: BinnedRows
  private let margins: Buffer

  init(_ rows: BinnedRows, base: Double) {
    self.rows = rows
    margins = Buffer(Double.self, count: rows.count)
    margins.pointer(Double.self).initialize(repeating: base, count: rows.count)
  }

  func add(_ router: CodeRouter, rate: (Double) -> Double, team: WorkerTeam) {
    team.run { worker in
      let range = rows.count * worker / team.workers..<rows.count * (worker + 1) / team.workers
      router.add(rows, range, rate: rate, to: margins.pointer(Double.self))
    }
  }

  /// The mean log loss of the rows.
  var logLoss: Double {
    let margins = margins.pointer(Double.self)
    var sum = 0.0
    for row in 0..<rows.count {
      // log(1 + e^m) of a negative, log(1 + e^−m) of a positive, without overflow.
      let margin = margins[row]
      let tail = log1p(exp(-margin.magnitude))
      sum += rows.weights[row].x * (tail + max(margin, 0))
      sum += rows.weights[row].y * (tail + max(-margin, 0))
    }
    return sum / rows.totals.sum()
  }

  /// The rows' probabilities beside their classes: where equal rows were put together, one entry for
  /// those of each class.
  func scored() throws(ModelError) -> ScoredLabels {
    var scores: [Double] = []
    var labels: [UInt8] = []
    var weights: [Double] = []
    for row in 0..<rows.count {
      let probability = LogisticFunction.sigmoid(margins.pointer(Double.self)[row])
      let weight = rows.weights[row]
      for (label, weight) in [(UInt8(0), weight.x), (1, weight.y)] where weight > 0 {
        scores.append(probability)
        labels.append(label)
        weights.append(weight)
      }
    }
    return try ScoredLabels(scores: scores, labels: labels, weights: weights)
  }
}
