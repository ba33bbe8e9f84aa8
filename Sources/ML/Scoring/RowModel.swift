/// A model made ready for many rows.
final class RowModel: @unchecked Sendable {
  private let model: Model
  private let trees: CompiledTrees?
  private let ensemble: TreeEnsemble?
  private let logistic: LogisticModel?
  private let clusters: ClusterModel?
  /// Whether features are rounded to 32 bits first.
  let roundsFeatures: Bool

  init(_ model: Model) {
    self.model = model
    var (trees, ensemble): (CompiledTrees?, TreeEnsemble?)
    var logistic: LogisticModel?
    var clusters: ClusterModel?
    switch model.form {
    case .trees(let form):
      trees = CompiledTrees(form)
      ensemble = form
    case .logistic(let form): logistic = form
    case .clusters(let form): clusters = form
    }
    self.trees = trees
    self.ensemble = ensemble
    self.logistic = logistic
    self.clusters = clusters
    roundsFeatures = ensemble?.dialect == .xgboost
  }

  /// Whether a row's result is the number of its cluster, and no probability.
  var isClustering: Bool { clusters != nil }

  /// Rows that are worked on together.
  static let blockRows = CompiledTrees.blockRows

  /// Writes the probabilities of the positive class, or the numbers of the clusters, of up to
  /// ``blockRows`` rows, each row's features side by side.
  func results(
    of rows: UnsafePointer<Double>, count: Int, width: Int,
    into results: UnsafeMutablePointer<Double>
  ) {
    if let trees, let ensemble {
      trees.margins(of: rows, count: count, width: width, into: results)
      for row in 0..<count {
        results[row] = min(max(ensemble.prediction(ofMargin: results[row]), 0), 1)
      }
    } else if let logistic {
      for row in 0..<count {
        results[row] = LogisticFunction.sigmoid(logistic.margin(of: rows + row * width))
      }
    } else if let clusters {
      for row in 0..<count {
        results[row] = Double(clusters.nearest(to: rows + row * width).cluster)
      }
    }
    guard let calibration = model.calibration else { return }
    for row in 0..<count { results[row] = calibration.calibrated(results[row]) }
  }

  /// Writes the results of the places of `range`, block by block; `gather` fetches a place's
  /// features.
  func score(
    _ range: Range<Int>, width: Int, into results: UnsafeMutablePointer<Double>,
    gather: (Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    let size = Self.blockRows
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(width, 1) * size) { memory in
      guard let block = memory.baseAddress else { return }
      var first = range.lowerBound
      while first < range.upperBound {
        let count = min(size, range.upperBound - first)
        for place in 0..<count { gather(first + place, block + place * width) }
        self.results(
          of: block, count: count, width: width, into: results + (first - range.lowerBound))
        first += count
      }
    }
  }

  /// One row's features side by side, out of columns of `rowCount` cells each; models of XGBoost's
  /// dialect see 32-bit numbers.
  func gather(
    _ cells: UnsafePointer<Double>, _ offset: Int, _ rowCount: Int, _ width: Int,
    into row: UnsafeMutablePointer<Double>
  ) {
    for feature in 0..<width {
      let value = cells[feature * rowCount + offset]
      row[feature] = roundsFeatures ? Double(Float(value)) : value
    }
  }
}
