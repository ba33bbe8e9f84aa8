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
    weights: Buffer
  ) {
    self.count = count
    self.stride = stride
    self.borders = borders
    self.originalCount = originalCount
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
    let count = rows?.count ?? columns.rowCount
    let stride = max(8, (columns.borders.count + 7) / 8 * 8)
    let codes = Buffer(byteCount: count * stride)
    let classes = Buffer(SIMD2<Double>.self, count: count)
    let chunkRows = 1 << 15
    _ = try inParallel((count + chunkRows - 1) / chunkRows, threads: threads) { chunk in
      let first = chunk * chunkRows
      let range = first..<min(first + chunkRows, count)
      transpose(columns, rows, range, into: codes.pointer(UInt8.self), stride)
      let classes = classes.pointer(SIMD2<Double>.self)
      for place in range {
        let row = rows.map { Int($0[place]) } ?? place
        let weight = weights?[row] ?? 1
        classes[place] = labels[row] == 0 ? SIMD2(weight, 0) : SIMD2(0, weight)
      }
    }
    let plain = BinnedRows(
      count: count, stride: stride, borders: columns.borders, originalCount: count,
      codes: codes, weights: classes)
    guard groups else { return plain }
    return try plain.grouped(threads: threads) ?? plain
  }

  private static func transpose(
    _ columns: BinnedColumns, _ rows: [UInt32]?, _ range: Range<Int>,
    into codes: UnsafeMutablePointer<UInt8>, _ stride: Int
  ) {
    let featureCount = columns.borders.count
    if featureCount < stride {
      (codes + range.lowerBound * stride).initialize(repeating: 0, count: range.count * stride)
    }
    for feature in 0..<featureCount {
      columns.withCodes(of: feature) { column in
        var place = range.lowerBound
        if let rows {
          rows.withUnsafeBufferPointer { rows in
            while place < range.upperBound {
              codes[place &* stride &+ feature] = column[Int(rows[place])]
              place &+= 1
            }
          }
        } else {
          while place < range.upperBound {
            codes[place &* stride &+ feature] = column[place]
            place &+= 1
          }
        }
      }
    }
  }

  /// The distinct rows, in the order in which they first occur; nil where that does not pay.
  private func grouped(threads: Int) throws(ModelError) -> BinnedRows? {
    let words = stride / 8
    let sample = DistinctRows(words: words, capacity: 1 << 16)
    let sampleCount = min(count, 1 << 16)
    sample.add(codes, weights, 0..<sampleCount)
    if count > sampleCount && Double(sample.count) > 0.95 * Double(sampleCount) { return nil }
    let chunks = max(1, min(threads, count >> 16))
    let found: [DistinctRows] = try inParallel(chunks, threads: threads) { chunk in
      let table = DistinctRows(words: words, capacity: 1 << 15)
      table.add(codes, weights, count * chunk / chunks..<count * (chunk + 1) / chunks)
      return table
    }
    let all = found[0]
    for other in found.dropFirst() { all.add(other) }
    guard Double(all.count) < 0.8 * Double(count) else { return nil }
    return BinnedRows(
      count: all.count, stride: stride, borders: borders, originalCount: count,
      codes: all.takeCodes(), weights: all.takeWeights())
  }
}
