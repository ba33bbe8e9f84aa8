import ColStore
import Glibc

/// k-means: Lloyd's iterations from k-means++ seeds, the best of several starts.
///
/// Hamerly's bounds (2010) spare most distances, and the result is exactly Lloyd's: of each point a
/// bound from above for the distance to its centre and one from below for that to any other; as long
/// as they do not cross after the centres have moved, the point stays where it is. Points are worked
/// on in fixed chunks whose sums are added up in order, so threads change nothing.
public struct KMeans: Sendable {
  public var clusters: Int
  public var starts = 5
  public var iterationsMax = 300
  /// Ends when the centres' squared moves add up to less than this share of the mean variance, as
  /// scikit-learn; 0: when no point changes its cluster.
  public var tolerance = 0.0
  public var seed: UInt64 = RowSplit.defaultSeed
  public var threads = availableProcessors

  public init(clusters: Int) { self.clusters = clusters }

  public struct Result: Sendable {
    /// One array of coordinates a cluster.
    public var centers: [[Double]]
    /// The cluster of each point, and the point of each original row where equal ones are together.
    let pointClusters: [Int]
    let pointOfRow: [UInt32]?
    /// The sum of squared distances of all rows to their centre.
    public var inertia: Double
    public var iterations: Int

    /// The cluster of each original row.
    public var assignments: [Int] {
      pointOfRow.map { rows in rows.map { pointClusters[Int($0)] } } ?? pointClusters
    }
  }

  static let chunkPoints = 1 << 13
  /// Starts are made on a coreset of at most this many points, and the best goes on with all.
  private static let startPointsMax = 1 << 17
  /// How far starts on a part of the points go.
  private static let startTolerance = 1e-4
  /// Seeds are drawn among at most this many evenly spaced points.
  private static let seedPointsMax = 1 << 16

  /// - Throws: ``ModelError`` where there are fewer distinct points than clusters.
  public func fit(_ points: ClusterPoints) throws(ModelError) -> Result {
    guard clusters >= 1 else { throw ModelError("k is \(clusters), not at least 1") }
    guard points.count >= clusters else {
      throw ModelError("there are \(points.count) points for \(clusters) clusters")
    }
    let sample = points.coreset(atMost: Self.startPointsMax, seed: seed)
    var best: (centers: [Double], state: LloydState)?
    for start in 0..<max(1, starts) {
      var random = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(start)))
      var centers = seeds(sample, &random)
      let state = try lloyd(
        sample, &centers, tolerance: sample.count < points.count ? Self.startTolerance : tolerance)
      if best.map({ state.inertia < $0.state.inertia }) ?? true { best = (centers, state) }
    }
    guard var best else { throw ModelError("no start was made") }
    if sample.count < points.count {
      let earlier = best.state.iterations
      best.state = try lloyd(points, &best.centers, tolerance: tolerance)
      best.state.iterations += earlier
    }
    let labels = best.state.labels.pointer(Int32.self)
    return Result(
      centers: (0..<clusters).map { cluster in
        Array(best.centers[cluster * points.width..<(cluster + 1) * points.width])
      }, pointClusters: (0..<points.count).map { Int(labels[$0]) }, pointOfRow: points.pointOfRow,
      inertia: best.state.inertia, iterations: best.state.iterations)
  }

  // MARK: Seeds

  /// Greedy k-means++ (Arthur and Vassilvitskii 2007): each centre is the best of a few points drawn
  /// with the probability of their squared distance to the centres so far.
  private func seeds(_ points: ClusterPoints, _ random: inout SplitMix64) -> [Double] {
    let width = points.width
    let step = max(1, points.count / Self.seedPointsMax)
    let candidates = Array(stride(from: 0, to: points.count, by: step))
    let trials = 2 + Int(log(Double(clusters)))
    var nearest = [Double](repeating: .infinity, count: candidates.count)
    var centers: [Double] = []
    for number in 0..<clusters {
      var best: (total: Double, nearest: [Double], point: Int)?
      for _ in 0..<(number == 0 ? 1 : trials) {
        let drawn = draw(candidates, points, number == 0 ? nil : nearest, &random)
        var closer = nearest
        var total = 0.0
        for (place, point) in candidates.enumerated() {
          let distance = squaredDistance(
            points.pointer + point * width, points.pointer + drawn * width, width)
          closer[place] = min(closer[place], distance)
          total += closer[place] * points.weight[point]
        }
        if best.map({ total < $0.total }) ?? true { best = (total, closer, drawn) }
      }
      guard let best else { break }
      nearest = best.nearest
      centers += UnsafeBufferPointer(start: points.pointer + best.point * width, count: width)
    }
    return centers
  }

  private func draw(
    _ candidates: [Int], _ points: ClusterPoints, _ nearest: [Double]?, _ random: inout SplitMix64
  ) -> Int {
    func mass(_ place: Int) -> Double {
      points.weight[candidates[place]] * (nearest?[place] ?? 1)
    }
    let total = candidates.indices.reduce(0) { $0 + mass($1) }
    guard total > 0 else { return candidates[random.next(below: candidates.count)] }
    var left = random.nextUnit() * total
    for place in candidates.indices {
      left -= mass(place)
      if left < 0 { return candidates[place] }
    }
    return candidates[candidates.count - 1]
  }

  // MARK: Lloyd

  private func lloyd(
    _ points: ClusterPoints, _ centers: inout [Double], tolerance: Double
  ) throws(ModelError) -> LloydState {
    let state = LloydState(points: points, clusters: clusters)
    let limit = tolerance > 0 ? tolerance * state.meanVariance : 0
    var moves = [Double](repeating: 0, count: clusters)
    while state.iterations < iterationsMax {
      let changed = try state.assign(centers, moves, threads: threads)
      let before = centers
      state.update(&centers)
      var moved = 0.0
      for cluster in 0..<clusters {
        let at = cluster * points.width
        let square = (0..<points.width).reduce(0) {
          let move = centers[at + $1] - before[at + $1]
          return $0 + move * move
        }
        moves[cluster] = square.squareRoot()
        moved += square
      }
      state.iterations += 1
      if changed == 0 || moved <= limit { break }
    }
    try state.finish(centers, threads: threads)
    return state
  }
}

@inline(__always)
func squaredDistance(
  _ left: UnsafePointer<Double>, _ right: UnsafePointer<Double>, _ width: Int
) -> Double {
  var sum = 0.0
  var dimension = 0
  while dimension < width {
    let difference = left[dimension] - right[dimension]
    sum += difference * difference
    dimension &+= 1
  }
  return sum
}
