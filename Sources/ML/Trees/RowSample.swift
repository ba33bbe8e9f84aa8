import ColStore

/// Draws of rows for one tree, counted by distinct row and class.
struct RowSample: Sendable {
  let rows: BinnedRows
  /// Row · 2 + class of every row of the data; nil where distinct rows are few and are drawn as such,
  /// and where no rows were put together.
  private let cells: [UInt32]?

  init(_ rows: BinnedRows) {
    self.rows = rows
    let isFew = rows.count * 16 < rows.originalCount
    if isFew || rows.count == rows.originalCount {
      cells = nil
    } else {
      var cells: [UInt32] = []
      cells.reserveCapacity(rows.originalCount)
      for row in 0..<rows.count {
        let weight = rows.weights[row]
        for _ in 0..<Int(weight.x) { cells.append(UInt32(truncatingIfNeeded: row * 2)) }
        for _ in 0..<Int(weight.y) { cells.append(UInt32(truncatingIfNeeded: row * 2 + 1)) }
      }
      self.cells = cells
    }
  }

  /// Writes how often the rows of each class come up in as many draws with replacement as there are
  /// rows: multinomial counts.
  func bootstrap(seed: UInt64, into counts: UnsafeMutablePointer<SIMD2<Double>>) {
    var random = SplitMix64(seed: seed)
    counts.initialize(repeating: .zero, count: rows.count)
    if let cells {
      counts.withMemoryRebound(to: Double.self, capacity: rows.count * 2) { counts in
        for _ in 0..<cells.count {
          counts[Int(cells[random.next(below: cells.count)])] += 1
        }
      }
      return
    }
    if rows.count == rows.originalCount {
      for _ in 0..<rows.count {
        let row = random.next(below: rows.count)
        counts[row] += rows.weights[row]
      }
      return
    }
    var draws = rows.originalCount
    var left = Double(rows.originalCount)
    for row in 0..<rows.count {
      let weight = rows.weights[row]
      let negatives = random.nextBinomial(draws, weight.x / left)
      draws -= negatives
      left -= weight.x
      let positives = left > 0 ? random.nextBinomial(draws, weight.y / left) : 0
      draws -= positives
      left -= weight.y
      counts[row] = SIMD2(Double(negatives), Double(positives))
    }
  }

  /// Writes how many of each distinct row's rows are kept, each with probability `share`: binomial
  /// counts; of rows with weights of their own, all of the weight or nothing.
  func subsample(_ share: Double, seed: UInt64, into counts: UnsafeMutablePointer<SIMD2<Double>>) {
    var random = SplitMix64(seed: seed)
    let isDistinct = rows.count < rows.originalCount
    for row in 0..<rows.count {
      let weight = rows.weights[row]
      if isDistinct {
        counts[row] = SIMD2(
          Double(random.nextBinomial(Int(weight.x), share)),
          Double(random.nextBinomial(Int(weight.y), share)))
      } else {
        counts[row] = random.nextUnit() < share ? weight : .zero
      }
    }
  }
}
