import Glibc

/// The published distribution of the prices of events, to which the catalogue's prices are fitted.
enum PriceScale {
  static let ofEvents = QuantileFunction([
    (0, 0.77), (0.01, 5.12), (0.05, 15.5), (0.1, 27.5), (0.25, 67.95), (0.5, 164.16),
    (0.75, 361.24), (0.9, 752), (0.95, 1_006.67), (0.99, 1_680), (1, 2_574.07),
  ])

  /// Maps prices, in order, so that prices weighted by `weights` follow ``ofEvents``.
  static func fit(_ prices: [Double], weights: [Double]) -> [Double] {
    let order = prices.indices.sorted { prices[$0] < prices[$1] }
    let total = weights.reduce(0, +)
    var fitted = prices
    var before = 0.0
    for index in order {
      fitted[index] = ofEvents.value(at: (before + weights[index] / 2) / total)
      before += weights[index]
    }
    return fitted
  }
}
