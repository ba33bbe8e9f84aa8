import ColStore

/// Rows of standardised features for linear models, in blocks: a block's features lie one column
/// after another, so that loops over rows vectorise. Equal rows are put together where that pays.
struct LinearRows: Sendable {
  struct Block: @unchecked Sendable {
    let count: Int
    /// A multiple of 8, at least ``count``: rows of weight 0 fill up.
    let stride: Int
    /// `stride` z-scores a feature.
    let values: UnsafeMutablePointer<Double>
    /// The weights of `stride` rows' negatives, then of their positives, each by its class's weight.
    let weights: UnsafeMutablePointer<Double>
  }

  static let blockRows = 1024

  let blocks: [Block]
  /// What the blocks point into.
  private let storage: Buffer
  let count: Int
  let originalCount: Int
  let means: [Double]
  let scales: [Double]
  let totals: SIMD2<Double>

  /// - Parameter rows: The rows of `features` that are meant; nil: all.
  /// - Parameter labels: The class of every row of `features`.
  /// - Parameter weights: A weight for every row of `features`; nil: 1 each.
  /// - Parameter classWeights: What each class weighs, given the weights of both.
  init(
    _ features: FeatureMatrix, rows: [UInt32]? = nil, labels: [UInt8], weights: [Double]?,
    groups: Bool, threads: Int,
    classWeights: (SIMD2<Double>) -> SIMD2<Double> = { _ in SIMD2(1, 1) }
  ) throws(ModelError) {
    let count = rows?.count ?? features.rowCount
    let moments = try inParallel(features.columns.count, threads: threads) { feature in
      Self.moments(features.columns[feature], rows)
    }
    for (column, moment) in zip(features.columns, moments) where !moment.scale.isFinite {
      throw ModelError("the feature \"\(column.name)\" has values too large to be standardised")
    }
    means = moments.map(\.mean)
    scales = moments.map(\.scale)
    originalCount = count
    let source = RawRows(features: features, rows: rows, labels: labels, weights: weights)
    let distinct = groups ? try source.distinct(threads: threads) : nil
    let rowCount = distinct?.count ?? count
    self.count = rowCount
    var totals = SIMD2<Double>.zero
    if let distinct {
      for row in 0..<rowCount { totals += distinct.sums[row] }
    } else {
      for place in 0..<count { totals += source.classes(of: place) }
    }
    self.totals = totals
    let factors = classWeights(totals)
    let blockCount = (rowCount + Self.blockRows - 1) / Self.blockRows
    let blockCells = Self.blockRows * (moments.count + 2)
    let storage = Buffer.large(Double.self, count: blockCount * blockCells)
    self.storage = storage
    blocks = try inParallel(blockCount, threads: threads) { block in
      let first = block * Self.blockRows
      return Self.block(
        source, distinct, moments, factors, first..<min(first + Self.blockRows, rowCount),
        in: storage.pointer(Double.self) + block * blockCells)
    }
  }

  /// Mean of the values that are not missing, and the population's deviation with the missing ones
  /// at the mean.
  private static func moments(
    _ column: FeatureColumn, _ rows: [UInt32]?
  ) -> (mean: Double, scale: Double) {
    column.withValues { values in
      let count = rows?.count ?? values.count
      func total(_ part: (Double) -> Double) -> (sum: Double, known: Int) {
        guard let rows else { return Self.total(values.count, { values[$0] }, part) }
        return rows.withUnsafeBufferPointer { rows in
          Self.total(count, { values[Int(rows[$0])] }, part)
        }
      }
      let (sum, known) = total { $0 }
      guard known > 0 else { return (0, 1) }
      let mean = sum / Double(known)
      let squares = total { ($0 - mean) * ($0 - mean) }.sum
      let scale = (squares / Double(count)).squareRoot()
      // What is left of a constant after rounding is no deviation.
      return (mean, scale <= mean.magnitude * 1e-14 ? 1 : scale)
    }
  }

  /// The sum of a part of each value that is not missing, and how many those are. Four sums side by
  /// side, as one alone would wait for itself.
  @inline(__always)
  private static func total(
    _ count: Int, _ value: (Int) -> Double, _ part: (Double) -> Double
  ) -> (sum: Double, known: Int) {
    var sums = SIMD4<Double>.zero
    var known = 0
    var place = 0
    func add(_ lane: Int, _ value: Double) {
      sums[lane] += value.isNaN ? 0 : part(value)
      known &+= value.isNaN ? 0 : 1
    }
    while place &+ 4 <= count {
      add(0, value(place))
      add(1, value(place &+ 1))
      add(2, value(place &+ 2))
      add(3, value(place &+ 3))
      place &+= 4
    }
    while place < count {
      add(0, value(place))
      place &+= 1
    }
    return (sums.sum(), known)
  }

  private static func block(
    _ source: RawRows, _ distinct: DistinctRows?, _ moments: [(mean: Double, scale: Double)],
    _ factors: SIMD2<Double>, _ range: Range<Int>, in cells: UnsafeMutablePointer<Double>
  ) -> Block {
    let count = range.count
    let width = moments.count
    let stride = (count + 7) / 8 * 8
    let weights = cells + stride * width
    cells.initialize(repeating: 0, count: stride * (width + 2))
    let (negatives, positives) = (weights, weights + stride)
    for place in range {
      let classes = (distinct.map { $0.sums[place] } ?? source.classes(of: place)) * factors
      negatives[place - range.lowerBound] = classes.x
      positives[place - range.lowerBound] = classes.y
    }
    for feature in 0..<width {
      let (mean, scale) = moments[feature]
      let into = cells + feature * stride
      if let distinct {
        let rows = distinct.rows
        for place in range {
          let value = Double(bitPattern: rows[place * width + feature])
          into[place - range.lowerBound] = value.isNaN ? 0 : (value - mean) / scale
        }
      } else {
        source.features.columns[feature].withValues { column in
          if let rows = source.rows {
            for place in range {
              let value = column[Int(rows[place])]
              into[place - range.lowerBound] = value.isNaN ? 0 : (value - mean) / scale
            }
          } else {
            for place in range {
              let value = column[place]
              into[place - range.lowerBound] = value.isNaN ? 0 : (value - mean) / scale
            }
          }
        }
      }
    }
    return Block(count: count, stride: stride, values: cells, weights: weights)
  }
}
