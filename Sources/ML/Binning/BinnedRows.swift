import ColStore

/// Rows of bin codes to train on, each with the weight of its negatives and of its positives: rows
/// as they are, or only the distinct ones with the weights of all that equal them.
///
/// A row's codes lie together, `stride` bytes a row (a multiple of 8, zeros after the features).
final class BinnedRows: @unchecked Sendable {
  let count: Int
  let stride: Int
  let borders: [BinBorders]
  /// Rows before equal ones were put together.
  let originalCount: Int
  /// The weight of all rows, by class.
  let totals: SIMD2<Double>
  /// How rows of one word are sorted; nil of longer ones.
  let arrangement: RowArrangement?
  private let codesBuffer: Buffer
  private let weightsBuffer: Buffer

  var featureCount: Int { borders.count }
  var codes: UnsafePointer<UInt8> { UnsafePointer(codesBuffer.pointer(UInt8.self)) }
  /// x: the weight of a row's negatives; y: of its positives.
  var weights: UnsafePointer<SIMD2<Double>> {
    UnsafePointer(weightsBuffer.pointer(SIMD2<Double>.self))
  }

  private init(
    count: Int, stride: Int, borders: [BinBorders], originalCount: Int, codes: Buffer,
    weights: Buffer, arrangement: RowArrangement?
  ) {
    self.count = count
    self.stride = stride
    self.borders = borders
    self.originalCount = originalCount
    self.arrangement = arrangement
    codesBuffer = codes
    weightsBuffer = weights
    var totals = SIMD2<Double>.zero
    let each = weights.pointer(SIMD2<Double>.self)
    for row in 0..<count { totals += each[row] }
    self.totals = totals
  }

  /// Picks `rows` (nil: all) of the columns.
  ///
  /// - Parameter labels: The class of every row of the columns, 0 or 1.
  /// - Parameter weights: A weight for every row of the columns; nil: 1 each.
  /// - Parameter groups: Puts equal rows together where that makes at least a fifth fewer of them.
  static func picking(
    _ columns: BinnedColumns, rows: [UInt32]?, labels: [UInt8], weights: [Double]?,
    groups: Bool, threads: Int
  ) throws(ModelError) -> BinnedRows {
    let picked = PickedRows(columns: columns, rows: rows, labels: labels, weights: weights)
    let distinct = groups ? try picked.distinct(threads: threads) : nil
    let made: (codes: Buffer, weights: Buffer)
    if let distinct {
      made = (distinct.takeCodes(), distinct.takeWeights())
    } else {
      made = try picked.all(threads: threads)
    }
    let count = distinct?.count ?? picked.count
    var arrangement: RowArrangement?
    if picked.stride == 8 {
      arrangement = try RowArrangement(
        words: made.codes.pointer(UInt64.self), weights: made.weights.pointer(SIMD2<Double>.self),
        count: count, featureCount: columns.borders.count, threads: threads)
    }
    return BinnedRows(
      count: count, stride: picked.stride, borders: columns.borders, originalCount: picked.count,
      codes: made.codes, weights: made.weights, arrangement: arrangement)
  }
}
