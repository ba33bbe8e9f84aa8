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
  /// Every start is chosen from some drafts on a coreset, of at least so many points.
  private static let draftPoints = 1 << 14
  /// More clusters than this make drafts too dear: each start is one then.
  private static let draftedClustersMax = 64
  private static let draftsPerStart = 8
  /// Drafts whose inertia differs by less than this share are taken for the same.
  private static let draftDistance = 2e-3
  /// Starts go on with a coreset of this many points, and the best of them with all.
  private static let startPoints = 1 << 17
  /// How far work on a part of the points goes.
  private static let partTolerance = 1e-4

  /// - Throws: ``ModelError`` where there are fewer distinct points than clusters.
  public func fit(_ points: ClusterPoints) throws(ModelError) -> Result {
    guard clusters >= 1 else { throw ModelError("k is \(clusters), not at least 1") }
    guard points.count >= clusters else {
      throw ModelError("there are \(points.count) points for \(clusters) clusters")
    }
    let few = points.coreset(atMost: max(Self.draftPoints, 8 * clusters), seed: seed)
    var solutions = try drafts(few, tolerance: few.count < points.count ? nil : tolerance)
    if few.count < points.count {
      let some = points.coreset(atMost: max(Self.startPoints, 16 * clusters), seed: seed)
      if some.count < points.count {
        solutions = [try best(of: solutions, goingOnWith: some, tolerance: Self.partTolerance)]
      }
      solutions = [try best(of: solutions, goingOnWith: points, tolerance: tolerance)]
    }
    let best = solutions[0]
    let labels = best.state.labels.pointer(Int32.self)
    return Result(
      centers: (0..<clusters).map { cluster in
        Array(best.centers[cluster * points.width..<(cluster + 1) * points.width])
      }, pointClusters: (0..<points.count).map { Int(labels[$0]) }, pointOfRow: points.pointOfRow,
      inertia: best.state.inertia, iterations: best.iterations)
  }

  // MARK: Starts

  /// Where Lloyd's iterations led.
  private struct Solution: Sendable {
    var centers: [Double]
    var state: LloydState
    /// Those on parts of the points included.
    var iterations: Int
  }

  /// The best solutions that differ, the best first: as many as there are starts, or fewer.
  private func drafts(
    _ points: ClusterPoints, tolerance: Double?
  ) throws(ModelError) -> [Solution] {
    let perStart = clusters <= Self.draftedClustersMax ? Self.draftsPerStart : 1
    let made = try inParallel(max(1, starts) * perStart, threads: threads) { draft in
      Swift.Result { () throws(ModelError) in
        var random = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(draft)))
        return try lloyd(
          points, from: seeds(points, &random), tolerance: tolerance ?? Self.partTolerance,
          threads: 1)
      }
    }
    var solutions: [Solution] = []
    for result in made { solutions.append(try result.get()) }
    var kept: [Solution] = []
    for place in solutions.indices.sorted(by: {
      (solutions[$0].state.inertia, $0) < (solutions[$1].state.inertia, $1)
    }) {
      let inertia = solutions[place].state.inertia
      if let last = kept.last, inertia - last.state.inertia <= Self.draftDistance * inertia {
        continue
      }
      kept.append(solutions[place])
      if kept.count == max(1, starts) { break }
    }
    return kept
  }

  private func best(
    of solutions: [Solution], goingOnWith points: ClusterPoints, tolerance: Double
  ) throws(ModelError) -> Solution {
    var best: Solution?
    for solution in solutions {
      var next = try lloyd(
        points, from: solution.centers, tolerance: tolerance, threads: threads)
      next.iterations += solution.iterations
      if best.map({ next.state.inertia < $0.state.inertia }) ?? true { best = next }
    }
    guard let best else { throw ModelError("no start was made") }
    return best
  }

  // MARK: Seeds

  /// Greedy k-means++ (Arthur and Vassilvitskii 2007): each centre is the best of a few points drawn
  /// with the probability of their squared distance to the centres so far.
  private func seeds(_ points: ClusterPoints, _ random: inout SplitMix64) -> [Double] {
    let width = points.width
    let trials = 2 + Int(log(Double(clusters)))
    var nearest = [Double](repeating: .infinity, count: points.count)
    var centers: [Double] = []
    for number in 0..<clusters {
      var best: (total: Double, nearest: [Double], point: Int)?
      for _ in 0..<(number == 0 ? 1 : trials) {
        let drawn = draw(points, number == 0 ? nil : nearest, &random)
        var closer = nearest
        var total = 0.0
        for point in 0..<points.count {
          let distance = squaredDistance(
            points.pointer + point * width, points.pointer + drawn * width, width)
          closer[point] = min(closer[point], distance)
          total += closer[point] * points.weight[point]
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
    _ points: ClusterPoints, _ nearest: [Double]?, _ random: inout SplitMix64
  ) -> Int {
    func mass(_ point: Int) -> Double { points.weight[point] * (nearest?[point] ?? 1) }
    var total = 0.0
    for point in 0..<points.count { total += mass(point) }
    guard total > 0 else { return random.next(below: points.count) }
    var left = random.nextUnit() * total
    for point in 0..<points.count {
      left -= mass(point)
      if left < 0 { return point }
    }
    return points.count - 1
  }

  // MARK: Lloyd

  private func lloyd(
    _ points: ClusterPoints, from start: [Double], tolerance: Double, threads: Int
  ) throws(ModelError) -> Solution {
    let state = LloydState(points: points, clusters: clusters)
    let limit = tolerance > 0 ? tolerance * state.meanVariance : 0
    var centers = start
    var iterations = 0
    var moves = [Double](repeating: 0, count: clusters)
    while iterations < iterationsMax {
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
      iterations += 1
      if changed == 0 || moved <= limit { break }
    }
    try state.finish(centers, threads: threads)
    return Solution(centers: centers, state: state, iterations: iterations)
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
