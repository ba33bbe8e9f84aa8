import ColStore

/// Where the points are and how sure that is, between iterations of Lloyd's algorithm.
final class LloydState: @unchecked Sendable {
  let labels: Buffer
  private(set) var inertia = Double.infinity
  var iterations = 0
  private let points: ClusterPoints
  private let clusters: Int
  /// At most this far from its own centre, at least that far from any other.
  private let upper: Buffer
  private let lower: Buffer
  /// The weighted sums of each cluster's points, and their weights.
  private var sums: [Double]
  private var masses: [Double]
  private var isFirst = true

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
    let fall = moves.max() ?? 0
    let chunks = (points.count + KMeans.chunkPoints - 1) / KMeans.chunkPoints
    let isFirst = isFirst
    let changes = try inParallel(chunks, threads: threads) { chunk in
      let first = chunk * KMeans.chunkPoints
      return assign(
        first..<min(first + KMeans.chunkPoints, points.count), centers, moves, halves, fall,
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
    _ range: Range<Int>, _ centers: [Double], _ moves: [Double], _ halves: [Double],
    _ fall: Double, _ isFirst: Bool
  ) -> Change {
    let width = points.width
    var change = Change(
      sums: [Double](repeating: 0, count: clusters * width),
      masses: [Double](repeating: 0, count: clusters))
    let labels = labels.pointer(Int32.self)
    let upper = upper.pointer(Double.self)
    let lower = lower.pointer(Double.self)
    let values = points.pointer
    centers.withUnsafeBufferPointer { centers in
      guard let centers = centers.baseAddress else { return }
      moves.withUnsafeBufferPointer { moves in
        halves.withUnsafeBufferPointer { halves in
          var point = range.lowerBound
          while point < range.upperBound {
            defer { point &+= 1 }
            let at = values + point &* width
            let label = Int(labels[point])
            if !isFirst {
              upper[point] += moves[label]
              lower[point] -= fall
              let bound = max(lower[point], halves[label])
              if upper[point] <= bound { continue }
              upper[point] = squaredDistance(at, centers + label &* width, width).squareRoot()
              if upper[point] <= bound { continue }
            }
            var (best, second) = (Double.infinity, Double.infinity)
            var nearest = 0
            var cluster = 0
            while cluster < clusters {
              let distance = squaredDistance(at, centers + cluster &* width, width)
              if distance < best {
                second = best
                best = distance
                nearest = cluster
              } else if distance < second {
                second = distance
              }
              cluster &+= 1
            }
            upper[point] = best.squareRoot()
            lower[point] = second.squareRoot()
            if nearest != label {
              labels[point] = Int32(truncatingIfNeeded: nearest)
              move(point, from: label, to: nearest, &change)
            }
          }
        }
      }
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
      if masses[cluster] > 0.5 {
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
