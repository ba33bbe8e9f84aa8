import CKernels
import ColStore

/// Where the points are and how sure that is, between iterations of Lloyd's algorithm.
final class LloydState: @unchecked Sendable {
  let labels: Buffer
  private(set) var inertia = Double.infinity
  private let points: ClusterPoints
  private let clusters: Int
  /// At most this far from its own centre, at least that far from any other.
  private let upper: Buffer
  private let lower: Buffer
  /// The weighted sums of each cluster's points, and their weights.
  private var sums: [Double]
  private var masses: [Double]
  private var isFirst = true
  /// No point weighs less than half a row; less than this is what rounding left of an empty cluster.
  private static let massOfNone = 0.25

  init(points: ClusterPoints, clusters: Int) {
    self.points = points
    self.clusters = clusters
    labels = Buffer(Int32.self, count: points.count)
    labels.pointer(Int32.self).initialize(repeating: -1, count: points.count)
    upper = Buffer(Double.self, count: points.count)
    lower = Buffer(Double.self, count: points.count)
    sums = [Double](repeating: 0, count: clusters * points.width)
    masses = [Double](repeating: 0, count: clusters)
  }

  /// The mean over the dimensions of the variance of the rows.
  var meanVariance: Double {
    let width = points.width
    var total = 0.0
    for dimension in 0..<width {
      var (sum, squares, mass) = (0.0, 0.0, 0.0)
      for point in 0..<points.count {
        let value = points.pointer[point * width + dimension]
        sum += points.weight[point] * value
        squares += points.weight[point] * value * value
        mass += points.weight[point]
      }
      total += squares / mass - (sum / mass) * (sum / mass)
    }
    return total / Double(max(width, 1))
  }

  private struct Change: Sendable {
    var sums: [Double]
    var masses: [Double]
    var count = 0
  }

  /// Puts every point to its nearest centre, after the centres moved by `moves`.
  ///
  /// - Returns: How many points changed their cluster.
  func assign(
    _ centers: [Double], _ moves: [Double], threads: Int
  ) throws(ModelError) -> Int {
    // Half the distance to the nearest other centre: a point nearer than that stays.
    let halves = (0..<clusters).map { cluster in
      (0..<clusters).filter { $0 != cluster }.map { other in
        centers.withUnsafeBufferPointer { centers -> Double in
          guard let start = centers.baseAddress else { return 0 }
          return squaredDistance(
            start + cluster * points.width, start + other * points.width, points.width)
        }
      }.min().map { $0.squareRoot() / 2 } ?? .infinity
    }
    let lanes = CenterLanes(centers, clusters: clusters, width: points.width)
    let fall = moves.max() ?? 0
    let chunks = (points.count + KMeans.chunkPoints - 1) / KMeans.chunkPoints
    let isFirst = isFirst
    let changes = try inParallel(chunks, threads: threads) { chunk in
      let first = chunk * KMeans.chunkPoints
      return assign(
        first..<min(first + KMeans.chunkPoints, points.count), lanes, moves, halves, fall,
        isFirst)
    }
    self.isFirst = false
    var changed = 0
    for change in changes where change.count > 0 {
      for place in sums.indices { sums[place] += change.sums[place] }
      for cluster in masses.indices { masses[cluster] += change.masses[cluster] }
      changed += change.count
    }
    return changed
  }

  private func assign(
    _ range: Range<Int>, _ centers: CenterLanes, _ moves: [Double], _ halves: [Double],
    _ fall: Double, _ isFirst: Bool
  ) -> Change {
    var change = Change(
      sums: [Double](repeating: 0, count: clusters * points.width),
      masses: [Double](repeating: 0, count: clusters))
    let labels = labels.pointer(Int32.self)
    let upper = upper.pointer(Double.self)
    let lower = lower.pointer(Double.self)
    let unsure = Buffer(UInt32.self, count: range.count)
    let list = unsure.pointer(UInt32.self)
    var count = 0
    if isFirst {
      for point in range { list[point - range.lowerBound] = UInt32(truncatingIfNeeded: point) }
      count = range.count
    } else {
      moves.withUnsafeBufferPointer { moves in
        halves.withUnsafeBufferPointer { halves in
          var point = range.lowerBound
          while point < range.upperBound {
            let label = Int(labels[point])
            upper[point] += moves[label]
            lower[point] -= fall
            list[count] = UInt32(truncatingIfNeeded: point)
            count &+= upper[point] <= max(lower[point], halves[label]) ? 0 : 1
            point &+= 1
          }
        }
      }
    }
    centers.nearest(to: points, list, count) { place, nearest, best, second in
      let point = Int(list[place])
      upper[point] = best.squareRoot()
      lower[point] = second.squareRoot()
      guard nearest != labels[point] else { return }
      move(point, from: Int(labels[point]), to: Int(nearest), &change)
      labels[point] = nearest
    }
    return change
  }

  private func move(_ point: Int, from old: Int, to new: Int, _ change: inout Change) {
    let width = points.width
    let weight = points.weight[point]
    change.count += 1
    change.masses[new] += weight
    if old >= 0 { change.masses[old] -= weight }
    for dimension in 0..<width {
      let value = weight * points.pointer[point * width + dimension]
      change.sums[new * width + dimension] += value
      if old >= 0 { change.sums[old * width + dimension] -= value }
    }
  }

  /// Moves every centre to the mean of its points; one without points goes to the point that is
  /// farthest from its own centre.
  func update(_ centers: inout [Double]) {
    let width = points.width
    for cluster in 0..<clusters {
      if masses[cluster] > Self.massOfNone {
        for dimension in 0..<width {
          centers[cluster * width + dimension] =
            sums[cluster * width + dimension] / masses[cluster]
        }
        continue
      }
      let upper = upper.pointer(Double.self)
      var farthest = 0
      for point in 1..<max(points.count, 1) where upper[point] > upper[farthest] {
        farthest = point
      }
      for dimension in 0..<width {
        centers[cluster * width + dimension] = points.pointer[farthest * width + dimension]
      }
      // So that another empty cluster takes another point.
      upper[farthest] = 0
    }
  }

  /// Puts every point to its nearest centre for good, and sums up the squared distances.
  func finish(_ centers: [Double], threads: Int) throws(ModelError) {
    isFirst = true
    _ = try assign(centers, [Double](repeating: 0, count: clusters), threads: threads)
    var sum = 0.0
    let upper = upper.pointer(Double.self)
    for point in 0..<points.count { sum += points.weight[point] * upper[point] * upper[point] }
    inertia = sum
  }
}
