import Glibc

/// Clusters found by k-means: how features are scaled, and the centres.
public struct ClusterModel: Sendable, Equatable {
  public struct Feature: Sendable, Equatable {
    public var name: String
    /// Whether ln(1 + value) is taken first; a value below 0 counts as 0 then.
    public var isLogarithmic: Bool
    /// Of the training rows; what a missing value is taken for.
    public var scaling: RobustScaling

    public init(name: String, isLogarithmic: Bool, scaling: RobustScaling) {
      self.name = name
      self.isLogarithmic = isLogarithmic
      self.scaling = scaling
    }

    /// The value where distances are measured.
    func coordinate(of value: Double) -> Double {
      if value.isNaN { return 0 }
      return scaling.scaled(isLogarithmic ? Self.logarithm(value) : value)
    }

    static func logarithm(_ value: Double) -> Double { log1p(max(value, 0)) }

    /// The value of a coordinate.
    public func value(at coordinate: Double) -> Double {
      let value = scaling.median + coordinate * scaling.range
      return isLogarithmic ? expm1(value) : value
    }
  }

  public struct Cluster: Sendable, Equatable {
    /// What people call it, where somebody has named it.
    public var name: String?
    public var rowCount: Int
    /// A coordinate a feature.
    public var center: [Double]

    public init(name: String? = nil, rowCount: Int, center: [Double]) {
      self.name = name
      self.rowCount = rowCount
      self.center = center
    }
  }

  public let features: [Feature]
  public var clusters: [Cluster] {
    didSet { flat = clusters.flatMap(\.center) }
  }
  /// The sum of squared distances of the training rows to their centres.
  public var inertia: Double
  public var iterations: Int
  /// The centres one after another.
  private var flat: [Double]

  /// The largest cluster is best put first; rows are told its number, from 0.
  public init(features: [Feature], clusters: [Cluster], inertia: Double, iterations: Int) {
    precondition(
      clusters.allSatisfy { $0.center.count == features.count }, "a coordinate a feature")
    self.features = features
    self.clusters = clusters
    self.inertia = inertia
    self.iterations = iterations
    flat = clusters.flatMap(\.center)
  }

  /// The nearest cluster of a row of as many values as there are features, and how far its centre
  /// is; of two equally near the first.
  func nearest(to row: UnsafePointer<Double>) -> (cluster: Int, distance: Double) {
    let width = features.count
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(width, 1)) { memory in
      guard let point = memory.baseAddress else { return (0, 0) }
      for (place, feature) in features.enumerated() {
        point[place] = feature.coordinate(of: row[place])
      }
      var best = (cluster: 0, square: Double.infinity)
      flat.withUnsafeBufferPointer { centers in
        guard let centers = centers.baseAddress else { return }
        for cluster in 0..<clusters.count {
          let square = squaredDistance(point, centers + cluster * width, width)
          if square < best.square { best = (cluster, square) }
        }
      }
      return (best.cluster, best.square.squareRoot())
    }
  }
}
