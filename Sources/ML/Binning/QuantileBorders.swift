extension BinBorders {
  /// Cuts at the quantiles of the rows, as XGBoost's `hist` has them: every distinct value is a bin
  /// of its own where there are no more than bins; a cut is the least value of the bin above it.
  ///
  /// - Parameter binsMax: At most 256; one fewer where values are missing and 256 are asked for.
  static func quantiles(of column: ValueCounts, binsMax: Int) -> BinBorders {
    let hasMissing = column.missing > 0
    let binsMax = max(1, min(binsMax, codesMax - (hasMissing ? 1 : 0)))
    let values = column.values
    var cuts: [Double] = []
    if values.count <= binsMax {
      cuts = Array(values.dropFirst())
    } else {
      let total = column.total
      var below = 0
      var next = 1
      for place in values.indices {
        // The first value at or past a quantile starts a bin; quantiles it skips are gone.
        if place > 0 && below * binsMax >= next * total {
          cuts.append(values[place])
          while below * binsMax >= next * total { next += 1 }
        }
        below += column.counts[place]
      }
    }
    return BinBorders(
      cuts: cuts.filter(\.isFinite), side: .belowCut, hasMissing: hasMissing,
      minimum: values.first ?? .nan, maximum: values.last ?? .nan)
  }
}
