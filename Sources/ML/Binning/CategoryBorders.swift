extension BinBorders {
  /// Each category code is a bin of its own, the most frequent ones first; those beyond `binsMax`
  /// and unknown ones count as missing.
  static func categories(of column: ValueCounts, binsMax: Int) -> BinBorders {
    let byRows = column.values.indices.sorted {
      (column.counts[$1], $0) < (column.counts[$0], $1)
    }
    let kept = byRows.prefix(min(binsMax, codesMax - 1))
      .map { column.values[$0] }.filter { $0 >= 0 && $0 < 0x1p31 }
    return BinBorders(
      cuts: [], side: .atMostCut, hasMissing: true, minimum: column.values.first ?? .nan,
      maximum: column.values.last ?? .nan, categories: kept.map { Int($0) })
  }

  func writeCategories(
    _ values: UnsafeBufferPointer<Double>, into codes: UnsafeMutablePointer<UInt8>
  ) {
    var bins: [Int: UInt8] = [:]
    for (bin, category) in (categories ?? []).enumerated() { bins[category] = UInt8(bin) }
    let missing = UInt8(truncatingIfNeeded: missingCode)
    for row in values.indices {
      let value = values[row]
      codes[row] = value >= 0 && value < 0x1p31 ? bins[Int(value)] ?? missing : missing
    }
  }
}
