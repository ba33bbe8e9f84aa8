import ColStore

/// Rows of standardised features for linear models, in blocks: a block's features lie one column
/// after another, so that loops over rows vectorise. Equal rows are put together where that pays.
struct LinearRows: Sendable {
  struct Block: @unchecked Sendable {
    let count: Int
    /// `count` z-scores a feature.
    let values: Buffer
    /// x: the weight of a row's negatives; y: of its positives.
    let weights: Buffer
  }

  static let blockRows = 1024

  let blocks: [Block]
  let count: Int
  let originalCount: Int
  let means: [Double]
  let scales: [Double]
  let totals: SIMD2<Double>

  init(
    _ features: FeatureMatrix, labels: [UInt8], weights: [Double]?, groups: Bool, threads: Int
  ) throws(ModelError) {
    let count = features.rowCount
    let moments = try inParallel(features.columns.count, threads: threads) { feature in
      Self.moments(features.columns[feature])
    }
    for (column, moment) in zip(features.columns, moments) where !moment.scale.isFinite {
      throw ModelError("the feature \"\(column.name)\" has values too large to be standardised")
    }
    means = moments.map(\.mean)
    scales = moments.map(\.scale)
    originalCount = count
    let distinct = groups ? Self.distinct(features, labels, weights) : nil
    let rowCount = distinct?.count ?? count
    self.count = rowCount
    let blockCount = (rowCount + Self.blockRows - 1) / Self.blockRows
    blocks = try inParallel(blockCount, threads: threads) { block in
      let first = block * Self.blockRows
      return Self.block(
        features, labels, weights, distinct, moments,
        first..<min(first + Self.blockRows, rowCount))
    }
    var totals = SIMD2<Double>.zero
    for block in blocks {
      for row in 0..<block.count { totals += block.weights.pointer(SIMD2<Double>.self)[row] }
    }
    self.totals = totals
  }

  /// Mean of the values that are not missing, and the population's deviation with the missing ones
  /// at the mean.
  private static func moments(_ column: FeatureColumn) -> (mean: Double, scale: Double) {
    column.withValues { values in
      let known = values.count - column.missingCount
      guard known > 0 else { return (0, 1) }
      var sum = 0.0
      for value in values where !value.isNaN { sum += value }
      let mean = sum / Double(known)
      var squares = 0.0
      for value in values where !value.isNaN { squares += (value - mean) * (value - mean) }
      let scale = (squares / Double(values.count)).squareRoot()
      // What is left of a constant after rounding is no deviation.
      return (mean, scale <= mean.magnitude * 1e-14 ? 1 : scale)
    }
  }

  /// The distinct raw rows with the weights of all that equal them; nil where that does not pay.
  private static func distinct(
    _ features: FeatureMatrix, _ labels: [UInt8], _ weights: [Double]?
  ) -> DistinctRows? {
    let words = features.columns.count
    let table = DistinctRows(words: words, capacity: 1 << 14)
    let chunkRows = 1 << 14
    let keys = Buffer(UInt64.self, count: chunkRows * words)
    let classes = Buffer(SIMD2<Double>.self, count: chunkRows)
    var first = 0
    while first < features.rowCount {
      let end = min(first + chunkRows, features.rowCount)
      for (place, column) in features.columns.enumerated() {
        column.withValues { values in
          let keys = keys.pointer(UInt64.self)
          var row = first
          while row < end {
            let value = values[row]
            keys[(row &- first) &* words &+ place] =
              (value.isNaN ? Double.nan : value + 0).bitPattern
            row &+= 1
          }
        }
      }
      fillClasses(labels, weights, first..<end, classes)
      table.add(
        UnsafePointer(keys.pointer(UInt8.self)),
        UnsafePointer(classes.pointer(SIMD2<Double>.self)), 0..<end - first)
      first = end
      // Judged early and often, so that little is lost where rows differ.
      if first >= 1 << 16 && Double(table.count) > 0.5 * Double(first) { return nil }
    }
    return Double(table.count) < 0.5 * Double(features.rowCount) ? table : nil
  }

  private static func fillClasses(
    _ labels: [UInt8], _ weights: [Double]?, _ range: Range<Int>, _ buffer: Buffer
  ) {
    let classes = buffer.pointer(SIMD2<Double>.self)
    for row in range {
      let weight = weights?[row] ?? 1
      classes[row - range.lowerBound] =
        labels[row] == 0 ? SIMD2(weight, 0) : SIMD2(0, weight)
    }
  }

  private static func block(
    _ features: FeatureMatrix, _ labels: [UInt8], _ weights: [Double]?, _ distinct: DistinctRows?,
    _ moments: [(mean: Double, scale: Double)], _ range: Range<Int>
  ) -> Block {
    let count = range.count
    let width = moments.count
    let values = Buffer(Double.self, count: count * width)
    let classes = Buffer(SIMD2<Double>.self, count: count)
    if let distinct {
      classes.pointer(SIMD2<Double>.self).initialize(
        from: distinct.sums + range.lowerBound, count: count)
    } else {
      fillClasses(labels, weights, range, classes)
    }
    for feature in 0..<width {
      let (mean, scale) = moments[feature]
      let into = values.pointer(Double.self) + feature * count
      if let distinct {
        for row in range {
          let value = Double(bitPattern: distinct.rows[row * width + feature])
          into[row - range.lowerBound] = value.isNaN ? 0 : (value - mean) / scale
        }
      } else {
        features.columns[feature].withValues { column in
          for row in range {
            let value = column[row]
            into[row - range.lowerBound] = value.isNaN ? 0 : (value - mean) / scale
          }
        }
      }
    }
    return Block(count: count, values: values, weights: classes)
  }
}
