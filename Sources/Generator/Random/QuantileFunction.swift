import Glibc

/// A distribution given by some of its quantiles, interpolated so that the value's logarithm is
/// linear in the probability.
struct QuantileFunction: Sendable {
  private let probabilities: [Double]
  private let logarithms: [Double]

  /// Takes (probability, value) pairs in ascending order from probability 0 to 1; values above 0.
  init(_ points: [(probability: Double, value: Double)]) {
    precondition(points.first?.probability == 0 && points.last?.probability == 1)
    probabilities = points.map(\.probability)
    logarithms = points.map { log($0.value) }
  }

  func value(at probability: Double) -> Double {
    var upper = 1
    while upper < probabilities.count - 1 && probabilities[upper] < probability { upper += 1 }
    let low = probabilities[upper - 1]
    let width = probabilities[upper] - low
    let share = width > 0 ? min(1, max(0, (probability - low) / width)) : 1
    return exp(logarithms[upper - 1] + share * (logarithms[upper] - logarithms[upper - 1]))
  }
}
