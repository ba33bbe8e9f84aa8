import ColStore
import Glibc
import Synchronization

/// The predictions of a forest's trees for rows that they were not trained on.
///
/// Of n equal rows of which k draws were taken together, it is not known which were drawn; so their
/// prediction counts with the probability (1 − 1/n)^k that one of them was not.
final class OutOfBagVotes: Sendable {
  private let rows: BinnedRows
  private let sums: Mutex<[SIMD2<Double>]>

  init(_ rows: BinnedRows) {
    self.rows = rows
    sums = Mutex([SIMD2<Double>](repeating: .zero, count: rows.count))
  }

  func add(_ router: CodeRouter, drawn: UnsafePointer<SIMD2<Double>>) {
    let predicted = Buffer(Double.self, count: rows.count)
    predicted.zero()
    let values = predicted.pointer(Double.self)
    router.add(rows, 0..<rows.count, rate: { $0 }, to: values)
    sums.withLock { sums in
      for row in 0..<rows.count {
        let size = rows.weights[row].sum()
        let draws = drawn[row].sum()
        let share = size <= 1 ? (draws == 0 ? 1 : 0) : pow(1 - 1 / size, draws)
        sums[row] += SIMD2(share * values[row], share)
      }
    }
  }

  /// The share of rows whose class the votes predict, rows without votes left out.
  var accuracy: Double {
    sums.withLock { sums in
      var right = 0.0
      var total = 0.0
      for row in 0..<rows.count where sums[row].y > 0 {
        let weight = rows.weights[row]
        right += sums[row].x / sums[row].y > 0.5 ? weight.y : weight.x
        total += weight.sum()
      }
      return total > 0 ? right / total : 0
    }
  }
}
