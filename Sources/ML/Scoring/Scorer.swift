import ColStore
import Synchronization

/// Applies a model to the rows of a table.
public struct Scorer: Sendable {
  public let model: Model
  private let features: StoredFeatures

  /// - Throws: ``ModelError`` where a feature of the model is no column of the data.
  public init(
    _ model: Model, _ source: any RowSource, threads: Int = availableProcessors
  ) throws(ModelError) {
    self.model = model
    features = try StoredFeatures(
      source, features: model.featureNames, categories: model.categories, threads: threads)
  }

  public var rowCount: Int { features.rowCount }

  /// The probability of each row of `rows` (ascending; nil: of all rows).
  public func probabilities(of rows: [UInt32]? = nil) throws(ModelError) -> [Double] {
    guard !model.isClustering else {
      throw ModelError("a k-means model has clusters, not probabilities")
    }
    let count = rows?.count ?? features.rowCount
    let results = Buffer(Double.self, count: count)
    let model = RowModel(model)
    let width = features.names.count
    try features.forEachMorsel { cells, first, rowCount in
      let range = Self.places(of: rows, first..<first + rowCount)
      model.score(range, width: width, into: results.pointer(Double.self) + range.lowerBound) {
        place, row in
        let offset = (rows.map { Int($0[place]) } ?? place) - first
        model.gather(cells, offset, rowCount, width, into: row)
      }
    }
    return Array(UnsafeBufferPointer(start: results.pointer(Double.self), count: count))
  }

  /// The cluster of each row and its distance from the cluster's centre, by a k-means model.
  public func clusters() throws(ModelError) -> (numbers: [Int], distances: [Double]) {
    guard case .clusters(let clusters) = model.form else {
      throw ModelError("only a k-means model has clusters")
    }
    let numbers = Buffer(Int.self, count: features.rowCount)
    let distances = Buffer(Double.self, count: features.rowCount)
    let width = features.names.count
    let rowModel = RowModel(model)
    try features.forEachMorsel { cells, first, rowCount in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: max(width, 1)) { memory in
        guard let row = memory.baseAddress else { return }
        for offset in 0..<rowCount {
          rowModel.gather(cells, offset, rowCount, width, into: row)
          let found = clusters.nearest(to: row)
          numbers.pointer(Int.self)[first + offset] = found.cluster
          distances.pointer(Double.self)[first + offset] = found.distance
        }
      }
    }
    return (
      Array(UnsafeBufferPointer(start: numbers.pointer(Int.self), count: features.rowCount)),
      Array(UnsafeBufferPointer(start: distances.pointer(Double.self), count: features.rowCount))
    )
  }

  /// The features of `rows` (ascending), one array of values a feature.
  func table(of rows: [UInt32]) throws(ModelError) -> [[Double]] {
    var table: [[Double]] = []
    for feature in features.names.indices {
      let column = try features.column(at: feature)
      table.append(column.withValues { values in rows.map { values[Int($0)] } })
    }
    return table
  }

  /// The probabilities of rows that are given by their features.
  func probabilities(of table: [[Double]], count: Int) throws(ModelError) -> [Double] {
    let width = table.count
    let cells = Buffer(Double.self, count: count * width)
    for (feature, column) in table.enumerated() {
      for row in 0..<count { cells.pointer(Double.self)[feature * count + row] = column[row] }
    }
    let chunks = max(1, min(64, count / 1024))
    let model = RowModel(model)
    return try inParallel(chunks, threads: availableProcessors) { chunk -> [Double] in
      let range = count * chunk / chunks..<count * (chunk + 1) / chunks
      return [Double](unsafeUninitializedCapacity: range.count) { results, initialized in
        guard let start = results.baseAddress else { return }
        model.score(range, width: width, into: start) { offset, row in
          model.gather(cells.pointer(Double.self), offset, count, width, into: row)
        }
        initialized = range.count
      }
    }.flatMap { $0 }
  }

  /// For each row, one value a feature and then the bias: they add up to the model's margin.
  public func contributions() throws(ModelError) -> [[Double]] {
    let width = features.names.count
    let count = features.rowCount
    let columns = (0...width).map { _ in Buffer(Double.self, count: count) }
    let model = model
    let trees: TreeContributions?
    let rowModel = RowModel(model)
    switch model.form {
    case .trees(let ensemble): trees = TreeContributions(ensemble)
    case .logistic: trees = nil
    case .clusters: throw ModelError("a k-means model has no contributions")
    }
    try features.forEachMorsel { cells, first, rowCount in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * width + 2) { memory in
        guard let row = memory.baseAddress else { return }
        let sums = row + width + 1
        for offset in 0..<rowCount {
          rowModel.gather(cells, offset, rowCount, width, into: row)
          sums.initialize(repeating: 0, count: width + 1)
          if let trees {
            trees.add(row, to: sums)
            sums[width] = trees.bias
          } else if case .logistic(let logistic) = model.form {
            for (place, feature) in logistic.features.enumerated() where !row[place].isNaN {
              sums[place] =
                feature.coefficient * ((row[place] - feature.mean) / feature.scale)
            }
            sums[width] = logistic.intercept
          }
          for place in 0...width {
            columns[place].pointer(Double.self)[first + offset] = sums[place]
          }
        }
      }
    }
    return columns.map {
      Array(UnsafeBufferPointer(start: $0.pointer(Double.self), count: count))
    }
  }

  /// The places of `rows` whose rows are in `range`.
  private static func places(of rows: [UInt32]?, _ range: Range<Int>) -> Range<Int> {
    guard let rows else { return range }
    func first(atLeast wanted: Int) -> Int {
      var (low, high) = (0, rows.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(rows[middle]) < wanted { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return first(atLeast: range.lowerBound)..<first(atLeast: range.upperBound)
  }
}
