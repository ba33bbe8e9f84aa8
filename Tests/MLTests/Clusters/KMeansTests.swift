import Testing

@testable import ML

@Suite struct KMeansTests {
  private func columns(_ count: Int, seed: UInt64 = 1, step: Double = 0) -> [[Double]] {
    var random = SplitMix64(seed: seed)
    var columns: [[Double]] = [[], [], []]
    for _ in 0..<count {
      let blob = Double(random.next(below: 5))
      for place in 0..<3 {
        let noise = random.nextUnit() + random.nextUnit()
        let value = blob * Double(place + 1) * 1.7 + noise
        columns[place].append(step > 0 ? (value / step).rounded() * step : value)
      }
    }
    return columns
  }

  /// Every row at its nearest centre, and every centre the mean of its rows.
  @Test func theResultIsAFixedPointOfLloyd() throws {
    let columns = columns(4000)
    var means = KMeans(clusters: 6)
    means.starts = 2
    let result = try means.fit(ClusterPoints(columns: columns))
    var sums = [[Double]](repeating: [0, 0, 0], count: 6)
    var counts = [Double](repeating: 0, count: 6)
    var inertia = 0.0
    for row in 0..<4000 {
      let point = columns.map { $0[row] }
      let distances = result.centers.map { center in
        zip(center, point).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let own = distances[result.assignments[row]]
      #expect(own <= (distances.min() ?? 0) + 1e-9)
      inertia += own
      counts[result.assignments[row]] += 1
      for place in 0..<3 { sums[result.assignments[row]][place] += point[place] }
    }
    #expect(abs(inertia - result.inertia) < 1e-6 * inertia)
    for cluster in 0..<6 {
      for place in 0..<3 {
        let mean = sums[cluster][place] / counts[cluster]
        #expect(abs(mean - result.centers[cluster][place]) < 1e-9)
      }
    }
  }

  @Test func blobsAreFoundAndThreadsChangeNothing() throws {
    let points = try ClusterPoints(columns: columns(30_000))
    var means = KMeans(clusters: 5)
    means.threads = 1
    let one = try means.fit(points)
    means.threads = 3
    let three = try means.fit(points)
    #expect(one.centers == three.centers)
    #expect(one.assignments == three.assignments)
    let quality = ClusterQuality(points, centers: one.centers)
    #expect(quality.simplifiedSilhouette > 0.5)
    #expect(quality.daviesBouldin < 0.9)
    means.clusters = 4
    #expect(
      ClusterQuality(points, centers: try means.fit(points).centers).simplifiedSilhouette
        < quality.simplifiedSilhouette)
  }

  @Test func equalPointsTogetherGiveTheSameQuality() throws {
    let columns = columns(20_000, step: 0.5)
    let grouped = try ClusterPoints(columns: columns).grouped()
    #expect(grouped.count < 10_000)
    let plain = try KMeans(clusters: 5).fit(ClusterPoints(columns: columns))
    let weighted = try KMeans(clusters: 5).fit(grouped)
    #expect(weighted.assignments.count == 20_000)
    #expect(abs(weighted.inertia / plain.inertia - 1) < 0.01)
  }

  /// Of rows of which a few lie very far away, sums of squares over the coreset are those of all.
  @Test func aCoresetStandsForAllPoints() throws {
    var columns = columns(60_000)
    for row in stride(from: 0, to: 60_000, by: 3000) { columns[0][row] += 4000 }
    let points = try ClusterPoints(columns: columns)
    let few = points.coreset(atMost: 4096, seed: 3)
    #expect(few.count > 2000 && few.count <= 4096)
    #expect(points.coreset(atMost: 60_000, seed: 3).count == 60_000)
    func cost(_ points: ClusterPoints, _ center: [Double]) -> Double {
      (0..<points.count).reduce(0) {
        $0 + points.weight[$1] * squaredDistance(points.pointer + $1 * 3, center, 3)
      }
    }
    for center in [[0.0, 0, 0], [4, 8, 12], [4000, 0, 0], [1000, -50, 3]] {
      #expect(abs(cost(few, center) / cost(points, center) - 1) < 0.03)
    }
    #expect(abs((0..<few.count).reduce(0) { $0 + few.weight[$1] } / 60_000 - 1) < 0.02)
  }

  /// More rows than starts are made on: no seed may end in a worse place than another by much.
  @Test func manyRowsEndInTheSamePlaceFromEverySeed() throws {
    var columns = columns(150_000)
    for row in stride(from: 0, to: 150_000, by: 10_000) { columns[1][row] += 300 }
    let points = try ClusterPoints(columns: columns)
    var inertias: [Double] = []
    for seed in [1, 2, 3] as [UInt64] {
      var means = KMeans(clusters: 6)
      means.seed = seed
      inertias.append(try means.fit(points).inertia)
    }
    let (least, most) = (inertias.min() ?? 0, inertias.max() ?? 1)
    #expect(most / least < 1.005)
  }

  @Test func edgesAreErrorsOrExact() throws {
    #expect(throws: ModelError.self) { try ClusterPoints(columns: [[1, .nan]]) }
    #expect(throws: ModelError.self) {
      try KMeans(clusters: 3).fit(ClusterPoints(columns: [[1, 2]]))
    }
    let each = try KMeans(clusters: 3).fit(ClusterPoints(columns: [[1, 5, 9]]))
    #expect(each.inertia == 0)
    #expect(RobustScaling([1, 2, 3, 4, 100]) == RobustScaling(median: 3, range: 2))
    #expect(RobustScaling([7, 7, 7]).range == 1)
  }
}
