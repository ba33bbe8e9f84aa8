import ColStore

/// Some rows of clusters in two dimensions: those along which their coordinates vary most (principal
/// component analysis).
public struct ClusterProjection: Sendable {
  public struct Point: Sendable {
    public let cluster: Int
    public let x: Double
    public let y: Double
  }

  public let points: [Point]
  /// Of all variance, the share along each of the two axes.
  public let varianceShares: (x: Double, y: Double)

  /// - Parameter most: The most rows to show, evenly spaced over all.
  public init(
    _ model: ClusterModel, _ source: any FeatureSource, atMost most: Int
  ) throws(ModelError) {
    let width = model.features.count
    let count = min(most, source.rowCount)
    let rows = (0..<count).map { source.rowCount * $0 / count }
    let values = Buffer(Double.self, count: max(count * width, 1))
    let cells = values.pointer(Double.self)
    for place in 0..<width {
      let column = try source.column(at: place)
      column.withValues { given in
        for (number, row) in rows.enumerated() { cells[number * width + place] = given[row] }
      }
    }
    var points: [[Double]] = []
    var clusters: [Int] = []
    for number in 0..<count {
      clusters.append(model.nearest(to: cells + number * width).cluster)
      points.append(
        model.features.enumerated().map { place, feature in
          feature.coordinate(of: cells[number * width + place])
        })
    }
    let axes = PrincipalAxes(points, count: 2)
    func coordinate(_ point: [Double], _ axis: Int) -> Double {
      guard axis < axes.directions.count else { return 0 }
      return zip(zip(point, axes.mean), axes.directions[axis]).reduce(0) {
        $0 + ($1.0.0 - $1.0.1) * $1.1
      }
    }
    self.points = zip(clusters, points).map {
      Point(cluster: $0, x: coordinate($1, 0), y: coordinate($1, 1))
    }
    func share(_ axis: Int) -> Double {
      axis < axes.variances.count && axes.totalVariance > 0
        ? axes.variances[axis] / axes.totalVariance : 0
    }
    varianceShares = (share(0), share(1))
  }
}

/// The directions in which points vary most: eigenvectors of their covariance, found by Jacobi's
/// rotations.
struct PrincipalAxes: Sendable {
  let mean: [Double]
  /// Unit vectors, of the largest variance first; the largest component of each is positive.
  let directions: [[Double]]
  let variances: [Double]
  let totalVariance: Double

  init(_ points: [[Double]], count: Int) {
    let width = points.first?.count ?? 0
    let number = Double(max(points.count, 1))
    mean = (0..<width).map { place in points.reduce(0) { $0 + $1[place] } / number }
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
    for point in points {
      for row in 0..<width {
        for column in 0...row {
          matrix[row][column] += (point[row] - mean[row]) * (point[column] - mean[column]) / number
        }
      }
    }
    for row in 0..<width { for column in 0..<row { matrix[column][row] = matrix[row][column] } }
    totalVariance = (0..<width).reduce(0) { $0 + matrix[$1][$1] }
    let vectors = Self.diagonalise(&matrix)
    let order = (0..<width).sorted { (matrix[$1][$1], $0) < (matrix[$0][$0], $1) }.prefix(count)
    variances = order.map { matrix[$0][$0] }
    directions = order.map { column in
      let vector = vectors.map { $0[column] }
      let largest = vector.max { $0.magnitude < $1.magnitude } ?? 0
      return largest < 0 ? vector.map { -$0 } : vector
    }
  }

  /// Turns a symmetric matrix into a diagonal one, and returns the eigenvectors as columns.
  private static func diagonalise(_ matrix: inout [[Double]]) -> [[Double]] {
    let width = matrix.count
    var vectors = (0..<width).map { row in (0..<width).map { $0 == row ? 1.0 : 0 } }
    for _ in 0..<100 {
      var off = 0.0
      for row in 0..<width { for column in 0..<row { off += matrix[row][column].magnitude } }
      let size = (0..<width).reduce(0) { $0 + matrix[$1][$1].magnitude }
      if off <= 1e-14 * size { break }
      for p in 0..<width {
        for q in (p + 1)..<max(width, p + 1) where matrix[p][q] != 0 {
          let theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q])
          let sign = theta >= 0 ? 1.0 : -1.0
          let t = sign / (theta.magnitude + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<width {
            (matrix[k][p], matrix[k][q]) = (
              c * matrix[k][p] - s * matrix[k][q], s * matrix[k][p] + c * matrix[k][q]
            )
          }
          for k in 0..<width {
            (matrix[p][k], matrix[q][k]) = (
              c * matrix[p][k] - s * matrix[q][k], s * matrix[p][k] + c * matrix[q][k]
            )
            (vectors[k][p], vectors[k][q]) = (
              c * vectors[k][p] - s * vectors[k][q], s * vectors[k][p] + c * vectors[k][q]
            )
          }
        }
      }
    }
    return vectors
  }
}
