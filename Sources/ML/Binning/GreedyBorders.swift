extension BinBorders {
  /// Cuts as LightGBM makes them: values with more rows than a bin should have get a bin of their
  /// own, the others share the rest evenly; zero always has its own; cuts lie half-way between
  /// values.
  ///
  /// - Parameter binsMax: At most 256, the one of missing values included.
  static func greedy(of column: ValueCounts, binsMax: Int, rowsPerBinMin: Int = 3) -> BinBorders {
    let hasMissing = column.missing > 0
    let binsMax = max(2, min(binsMax, codesMax)) - (hasMissing ? 1 : 0)
    let values = column.values
    let zero = 1.0000000180025095e-35
    let firstZero = values.firstIndex { $0 >= -zero } ?? values.count
    let firstPositive = values.firstIndex { $0 > zero } ?? values.count
    let negatives = column.counts[..<firstZero].reduce(0, +)
    let zeros = column.counts[firstZero..<firstPositive].reduce(0, +)
    let positives = column.total - negatives - zeros
    var cuts: [Double] = []
    if negatives > 0 {
      let share = Double(negatives) / Double(max(negatives + positives, 1))
      let bins = max(1, Int(share * Double(binsMax - 1)))
      cuts = greedyCuts(column, 0..<firstZero, bins, rowsPerBinMin) + [-zero]
    }
    if positives > 0 {
      let bins = binsMax - 1 - cuts.count
      if bins > 0 {
        let above = greedyCuts(column, firstPositive..<values.count, bins, rowsPerBinMin)
        cuts += [zero] + above
      }
    }
    // A bin below or at zero that no row can be in is no bin.
    if negatives == 0 && zeros == 0 { cuts.removeAll { $0 == zero } }
    if positives == 0 && zeros == 0 { cuts.removeAll { $0 == -zero } }
    return BinBorders(
      cuts: Array(cuts.filter(\.isFinite).prefix(binsMax - 1)), side: .atMostCut,
      hasMissing: hasMissing, minimum: values.first ?? .nan, maximum: values.last ?? .nan)
  }

  /// The inner cuts of one sign's values.
  private static func greedyCuts(
    _ column: ValueCounts, _ range: Range<Int>, _ binsMax: Int, _ rowsPerBinMin: Int
  ) -> [Double] {
    let (values, counts) = (column.values, column.counts)
    var cuts: [Double] = []
    func cut(between low: Double, and high: Double) {
      let middle = (low + high) / 2
      let cut = middle.isFinite ? middle.nextUp : low.nextUp
      if let last = cuts.last, cut <= last.nextUp { return }
      cuts.append(cut)
    }
    if range.count <= binsMax {
      var rows = 0
      for place in range.dropLast() {
        rows += counts[place]
        if rows >= rowsPerBinMin {
          cut(between: values[place], and: values[place + 1])
          rows = 0
        }
      }
      return cuts
    }
    let total = counts[range].reduce(0, +)
    let binsMax = max(1, min(binsMax, total / max(rowsPerBinMin, 1)))
    let mean = Double(total) / Double(binsMax)
    var binsLeft = binsMax
    var rowsLeft = total
    func isBig(_ place: Int) -> Bool { Double(counts[place]) >= mean }
    for place in range where isBig(place) {
      binsLeft -= 1
      rowsLeft -= counts[place]
    }
    var size = Double(rowsLeft) / Double(max(binsLeft, 1))
    var rows = 0
    var made = 0
    for place in range.dropLast() {
      let big = isBig(place)
      if !big { rowsLeft -= counts[place] }
      rows += counts[place]
      let isFull =
        big || Double(rows) >= size || (isBig(place + 1) && Double(rows) >= max(1, size * 0.5))
      guard isFull else { continue }
      cut(between: values[place], and: values[place + 1])
      made += 1
      if made >= binsMax - 1 { break }
      rows = 0
      if !big {
        binsLeft -= 1
        size = Double(rowsLeft) / Double(max(binsLeft, 1))
      }
    }
    return cuts
  }
}
