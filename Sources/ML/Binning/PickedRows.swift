import ColStore

/// Some rows of coded columns with their classes: what ``BinnedRows`` are made of.
struct PickedRows: Sendable {
  let columns: BinnedColumns
  /// The rows of the columns that are meant; nil: all.
  let rows: [UInt32]?
  /// The class of every row of the columns, 0 or 1.
  let labels: [UInt8]
  /// A weight for every row of the columns; nil: 1 each.
  let weights: [Double]?

  var count: Int { rows?.count ?? columns.rowCount }
  /// Bytes a row: a multiple of 8.
  var stride: Int { max(8, (columns.borders.count + 7) / 8 * 8) }

  private static let chunkRows = 1 << 13
  private static let sampleRows = 1 << 16

  /// All rows, one after another: their codes, and the weights of negatives and positives.
  func all(threads: Int) throws(ModelError) -> (codes: Buffer, weights: Buffer) {
    let codes = Buffer(byteCount: count * stride)
    let classes = Buffer(SIMD2<Double>.self, count: count)
    _ = try inParallel((count + Self.chunkRows - 1) / Self.chunkRows, threads: threads) { chunk in
      let first = chunk * Self.chunkRows
      write(
        first..<min(first + Self.chunkRows, count), codes.pointer(UInt8.self) + first * stride,
        classes.pointer(SIMD2<Double>.self) + first)
    }
    return (codes, classes)
  }

  /// The distinct rows with the weights of all that equal them, in the order in which they first
  /// occur; nil unless there are at least a fifth fewer of them.
  func distinct(threads: Int) throws(ModelError) -> DistinctRows? {
    let sampleCount = min(count, Self.sampleRows)
    let sample = table(0..<sampleCount)
    if count > sampleCount && Double(sample.count) > 0.95 * Double(sampleCount) { return nil }
    let parts = max(1, min(threads, count / Self.sampleRows))
    let found = try inParallel(parts, threads: threads) { part in
      table(count * part / parts..<count * (part + 1) / parts)
    }
    let all = found[0]
    for other in found.dropFirst() { all.add(other) }
    return Double(all.count) < 0.8 * Double(count) ? all : nil
  }

  private func table(_ range: Range<Int>) -> DistinctRows {
    let table = DistinctRows(words: stride / 8, capacity: 1 << 15)
    let codes = Buffer(byteCount: Self.chunkRows * stride)
    let classes = Buffer(SIMD2<Double>.self, count: Self.chunkRows)
    var first = range.lowerBound
    while first < range.upperBound {
      let chunk = first..<min(first + Self.chunkRows, range.upperBound)
      write(chunk, codes.pointer(UInt8.self), classes.pointer(SIMD2<Double>.self))
      table.add(
        UnsafePointer(codes.pointer(UInt8.self)),
        UnsafePointer(classes.pointer(SIMD2<Double>.self)), 0..<chunk.count)
      first = chunk.upperBound
    }
    return table
  }

  /// Writes the rows at `range` from the beginning of `codes` and `classes`.
  private func write(
    _ range: Range<Int>, _ codes: UnsafeMutablePointer<UInt8>,
    _ classes: UnsafeMutablePointer<SIMD2<Double>>
  ) {
    let featureCount = columns.borders.count
    let stride = stride
    if featureCount < stride { codes.initialize(repeating: 0, count: range.count * stride) }
    for feature in 0..<featureCount {
      columns.withCodes(of: feature) { column in
        var at = feature
        if let rows {
          rows.withUnsafeBufferPointer { rows in
            for place in range {
              codes[at] = column[Int(rows[place])]
              at &+= stride
            }
          }
        } else {
          for row in range {
            codes[at] = column[row]
            at &+= stride
          }
        }
      }
    }
    for place in range {
      let row = rows.map { Int($0[place]) } ?? place
      let weight = weights?[row] ?? 1
      classes[place - range.lowerBound] = labels[row] == 0 ? SIMD2(weight, 0) : SIMD2(0, weight)
    }
  }
}
