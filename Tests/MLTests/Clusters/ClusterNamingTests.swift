import Testing

@testable import ML

@Suite struct ClusterNamingTests {
  private func profile(
    _ rows: Int, _ abandonment: Double, _ purchase: Double, _ price: Double, _ duration: Double,
    _ breadth: Double, returning: Double = 0.5
  ) -> ClusterNaming.Profile {
    ClusterNaming.Profile(
      rowCount: rows, abandonment: abandonment, purchase: purchase, returning: returning,
      price: price, duration: duration, breadth: breadth)
  }

  @Test func namesSayWhatSetsClustersApart() {
    let naming = ClusterNaming([
      profile(6000, 0, 0.001, 300, 20, 1), profile(2000, 0.3, 0.05, 290, 900, 2),
      profile(1000, 0.02, 0.5, 310, 1500, 3), profile(500, 0.02, 0.02, 900, 700, 2),
      profile(300, 0.05, 0.05, 280, 4000, 30),
    ])
    #expect(
      naming.names == ["Quick Browsers", "High-Risk", "Buyers", "Premium Shoppers", "Explorers"])
    #expect(naming.levels[1] == "High-Risk | Balanced | Shopper | Budget")
  }

  @Test func namesAreUniqueHoweverManyClusters() {
    let same = (0..<40).map { profile(100 + $0, 0.1, 0.1, 300, 100, 2) }
    let naming = ClusterNaming(same)
    #expect(Set(naming.names).count == 40)
    let unknown = ClusterNaming((0..<5).map { ClusterNaming.Profile(rowCount: $0) })
    #expect(Set(unknown.names).count == 5 && unknown.levels.allSatisfy(\.isEmpty))
    #expect(ClusterNaming([]).names.isEmpty)
  }

  /// Points along a diagonal, with less spread across it.
  @Test func principalAxesFollowTheSpread() {
    var points: [[Double]] = []
    for step in -50...50 {
      let along = Double(step)
      let across = Double(step % 7) * 0.1
      points.append([3 + 0.6 * along - 0.8 * across, -1 + 0.8 * along + 0.6 * across, 5])
    }
    let axes = PrincipalAxes(points, count: 2)
    #expect(abs(axes.directions[0][0] - 0.6) < 0.01 && abs(axes.directions[0][1] - 0.8) < 0.01)
    #expect(abs(axes.directions[0][2]) < 1e-9)
    #expect(axes.variances[0] > 100 * axes.variances[1])
    #expect(abs(axes.variances[0] + axes.variances[1] - axes.totalVariance) < 1e-9)
    let dot = zip(axes.directions[0], axes.directions[1]).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(dot) < 1e-12)
    #expect(PrincipalAxes([], count: 2).directions.isEmpty)
  }
}
