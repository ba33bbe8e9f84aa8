import ColStore

/// Finds clusters of the rows of a table: features scaled robustly, k-means, the best of some starts.
public struct ClusterTraining: Sendable {
  /// How many clusters.
  public enum Count: Sendable, Equatable {
    case exactly(Int)
    /// The number among these whose clusters are farthest apart, by the simplified silhouette.
    case best(of: ClosedRange<Int>)
  }

  public var count: Count
  public var starts = 5
  public var seed: UInt64 = RowSplit.defaultSeed
  public var threads = availableProcessors
  /// Features, by lower-case name, of which the logarithm is clustered.
  public var logarithmic = Self.referenceLogarithmic
  /// Called with starts done and in all.
  public var onProgress: @Sendable (Int, Int) -> Void = { _, _ in }

  public init(count: Count) { self.count = count }

  /// Twelve columns of sessions, and those of them that are spread over orders of magnitude.
  public static let reference = [
    "duration_seconds", "num_events", "num_views", "num_carts", "products_viewed", "brands_viewed",
    "categories_viewed", "avg_price", "events_per_minute", "cart_to_view_ratio",
    "products_per_event", "is_abandoned",
  ]
  public static let referenceLogarithmic: Set = [
    "duration_seconds", "num_events", "num_views", "avg_price",
  ]

  public struct Outcome: Sendable {
    public var model: ClusterModel
    public let rowCount: Int
    public let distinctRowCount: Int
    public let quality: ClusterQuality
  }

  /// The columns clustered by default: ``reference`` where all are there, else those that are fit
  /// for features.
  public static func defaultFeatures(of columns: [ColumnDescription]) -> [String] {
    let lookup = ColumnLookup(columns: columns)
    if reference.allSatisfy(lookup.contains) { return reference }
    return columns.filter { FeatureSelection.isFit($0) }.map(\.name)
  }

  /// - Throws: ``ModelError`` where there are fewer different rows than clusters, or a value is not
  ///   finite.
  public func train(_ source: any FeatureSource) throws(ModelError) -> Outcome {
    guard source.rowCount > 0 else { throw ModelError("there are no rows to cluster") }
    let width = source.names.count
    let values = Buffer.large(Double.self, count: source.rowCount * width)
    // Feature by feature side by side: what each needs of its own is a column.
    let scaled = try inParallel(width, threads: threads) { place in
      Result { () throws(ModelError) in try scale(source, place, into: values) }
    }
    let features = try scaled.map { result throws(ModelError) in try result.get() }
    let points = ClusterPoints(count: source.rowCount, width: width, values: values).grouped()
    let chosen = try best(points)
    return Outcome(
      model: Self.model(features, chosen.result, points), rowCount: source.rowCount,
      distinctRowCount: points.count, quality: chosen.quality)
  }

  /// Reads a feature, finds its scaling, and writes its coordinates to their places in the rows.
  private func scale(
    _ source: any FeatureSource, _ place: Int, into values: Buffer
  ) throws(ModelError) -> ClusterModel.Feature {
    let column = try source.column(at: place)
    let isLogarithmic = logarithmic.contains(column.name.lowercased())
    let width = source.names.count
    return try column.withValues { given throws(ModelError) in
      let known = given.compactMap { value -> Double? in
        if value.isNaN { return nil }
        return isLogarithmic ? ClusterModel.Feature.logarithm(value) : value
      }
      guard known.allSatisfy({ $0.magnitude < 1e150 }) else {
        throw ModelError(
          "the feature \"\(column.name)\" has values too large to be clustered")
      }
      let feature = ClusterModel.Feature(
        name: column.name, isLogarithmic: isLogarithmic, scaling: RobustScaling(known))
      let into = values.pointer(Double.self) + place
      let isMissing = known.count < given.count
      var largest = 0.0
      for row in 0..<given.count {
        let coordinate =
          isMissing ? feature.coordinate(of: given[row]) : feature.scaling.scaled(known[row])
        into[row &* width] = coordinate
        largest = max(largest, coordinate.magnitude)
      }
      guard largest < 1e150 else {
        throw ModelError("the feature \"\(column.name)\" is spread too far to be clustered")
      }
      return feature
    }
  }

  private func best(
    _ points: ClusterPoints
  ) throws(ModelError) -> (result: KMeans.Result, quality: ClusterQuality) {
    let counts: ClosedRange<Int>
    switch count {
    case .exactly(let count): counts = count...count
    case .best(let range):
      counts = min(range.lowerBound, points.count)...min(range.upperBound, points.count)
    }
    var best: (result: KMeans.Result, quality: ClusterQuality)?
    for count in counts {
      var means = KMeans(clusters: count)
      means.starts = starts
      means.seed = seed
      means.threads = threads
      let result = try means.fit(points)
      let quality = ClusterQuality(points, centers: result.centers)
      onProgress(count - counts.lowerBound + 1, counts.count)
      if best.map({ quality.simplifiedSilhouette > $0.quality.simplifiedSilhouette }) ?? true {
        best = (result, quality)
      }
    }
    guard let best else { throw ModelError("there is no number of clusters to choose from") }
    return best
  }

  /// The clusters, largest first.
  private static func model(
    _ features: [ClusterModel.Feature], _ result: KMeans.Result, _ points: ClusterPoints
  ) -> ClusterModel {
    var sizes = [Int](repeating: 0, count: result.centers.count)
    for point in 0..<points.count {
      sizes[result.pointClusters[point]] += Int(points.weight[point])
    }
    let clusters = result.centers.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.map {
      ClusterModel.Cluster(rowCount: sizes[$0], center: result.centers[$0])
    }
    return ClusterModel(
      features: features, clusters: clusters, inertia: result.inertia,
      iterations: result.iterations)
  }
}
