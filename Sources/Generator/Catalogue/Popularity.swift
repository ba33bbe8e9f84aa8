import Glibc

/// How many events of the full two months fall on the product of each popularity rank.
enum Popularity {
  /// Expected events of the product of `rank` (0 is the most popular), on the published scale.
  static func events(rank: Int) -> Double {
    let position = log(Double(rank + 1))
    var upper = 1
    while upper < points.count - 1 && log(points[upper].rank) < position { upper += 1 }
    let (low, high) = (points[upper - 1], points[upper])
    let share = (position - log(low.rank)) / (log(high.rank) - log(low.rank))
    return exp(log(low.events) + share * (log(high.events) - log(low.events)))
  }

  private static let points: [(rank: Double, events: Double)] = [
    (1, 900e3), (19, 290e3), (30, 205e3), (100, 78e3), (300, 31e3), (1_000, 11.4e3),
    (2_000, 6.6e3), (4_000, 3.9e3), (8_000, 2.2e3), (20_000, 800), (50_000, 255), (100_000, 75),
    (150_000, 26), (200_000, 5.5), (212_000, 2.5),
  ]
}
