import ColStore

/// Rows of features as they are, with their classes and weights: what linear models are trained on.
struct RawRows: Sendable {
  let features: FeatureMatrix
  /// The rows of `features` that are meant; nil: all.
  let rows: [UInt32]?
  /// Of every row of `features`.
  let labels: [UInt8]
  let weights: [Double]?

  var count: Int { rows?.count ?? features.rowCount }

  /// x: the weight of the row's negatives; y: of its positives.
  func classes(of place: Int) -> SIMD2<Double> {
    let row = rows.map { Int($0[place]) } ?? place
    let weight = weights?[row] ?? 1
    return labels[row] == 0 ? SIMD2(weight, 0) : SIMD2(0, weight)
  }

  /// In how many parts equal rows are looked for side by side: whatever the threads, so that the
  /// result is the same.
  private static let parts = 4
  private static let sampleRows = 1 << 14

  /// The distinct rows with the weights of all that equal them, in the order in which they first
  /// occur; nil where that does not pay.
  func distinct(threads: Int) throws(ModelError) -> DistinctRows? {
    let step = max(1, count / Self.sampleRows)
    let sample = Array(stride(from: 0, to: count, by: step))
    let few = table(sample.count) { sample[$0] }
    if count > sample.count && Double(few.count) > 0.75 * Double(sample.count) { return nil }
    let parts = count > 1 << 18 ? Self.parts : 1
    let found = try inParallel(parts, threads: threads) { part in
      let first = count * part / parts
      return table(count * (part + 1) / parts - first) { first + $0 }
    }
    let all = found[0]
    for other in found.dropFirst() { all.add(other) }
    return Double(all.count) < 0.5 * Double(count) ? all : nil
  }

  /// The distinct ones among `count` rows.
  private func table(_ count: Int, _ place: (Int) -> Int) -> DistinctRows {
    let words = features.columns.count
    let table = DistinctRows(words: words, capacity: 1 << 14)
    let chunkRows = 1 << 12
    let keys = Buffer(UInt64.self, count: chunkRows * words)
    let classes = Buffer(SIMD2<Double>.self, count: chunkRows)
    var first = 0
    while first < count {
      let size = min(chunkRows, count - first)
      for (word, column) in features.columns.enumerated() {
        column.withValues { values in
          let keys = keys.pointer(UInt64.self)
          for offset in 0..<size {
            let at = place(first + offset)
            let value = values[rows.map { Int($0[at]) } ?? at]
            // All that is missing is equal, and so are both zeros.
            keys[offset &* words &+ word] = (value.isNaN ? Double.nan : value + 0).bitPattern
          }
        }
      }
      for offset in 0..<size {
        classes.pointer(SIMD2<Double>.self)[offset] = self.classes(of: place(first + offset))
      }
      table.add(
        UnsafePointer(keys.pointer(UInt8.self)),
        UnsafePointer(classes.pointer(SIMD2<Double>.self)), 0..<size)
      first += size
    }
    return table
  }
}
