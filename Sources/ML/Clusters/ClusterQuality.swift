/// How well clusters are apart.
public struct ClusterQuality: Sendable {
  /// The mean over the rows of (b − a) / max(a, b), with a the distance to the own centre and b that
  /// to the nearest other; from −1 to 1, more is better (simplified silhouette).
  public let simplifiedSilhouette: Double
  /// The mean over the clusters of the worst ratio of two clusters' mean distances to their centres
  /// and the distance between these; less is better.
  public let daviesBouldin: Double

  public init(_ points: ClusterPoints, centers: [[Double]]) {
    let width = points.width
    let flat = centers.flatMap { $0 }
    var silhouette = 0.0
    var mass = 0.0
    var spreads = [Double](repeating: 0, count: centers.count)
    var masses = spreads
    flat.withUnsafeBufferPointer { flat in
      guard let flat = flat.baseAddress else { return }
      for point in 0..<points.count {
        var (best, second, nearest) = (Double.infinity, Double.infinity, 0)
        for cluster in centers.indices {
          let distance = squaredDistance(
            points.pointer + point * width, flat + cluster * width, width)
          if distance < best {
            (second, best, nearest) = (best, distance, cluster)
          } else if distance < second {
            second = distance
          }
        }
        let (a, b) = (best.squareRoot(), second.squareRoot())
        let weight = points.weight[point]
        if b > 0 && b.isFinite { silhouette += weight * (b - a) / b }
        mass += weight
        spreads[nearest] += weight * a
        masses[nearest] += weight
      }
    }
    simplifiedSilhouette = mass > 0 ? silhouette / mass : 0
    let means = zip(spreads, masses).map { $1 > 0 ? $0 / $1 : 0 }
    var total = 0.0
    for cluster in centers.indices {
      var worst = 0.0
      for other in centers.indices where other != cluster {
        let square = zip(centers[cluster], centers[other]).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }
        if square > 0 {
          worst = max(worst, (means[cluster] + means[other]) / square.squareRoot())
        }
      }
      total += worst
    }
    daviesBouldin = centers.isEmpty ? 0 : total / Double(centers.count)
  }
}
