import ColStore

extension RowSource {
  /// The least and the greatest value of a column of 64-bit integers, as zone maps tell; nil where
  /// one is missing, or no row has a value.
  func range(ofColumn column: Int) -> ClosedRange<Int64>? {
    guard columns[column].type.physical == .int64 else { return nil }
    var low = Int64.max
    var high = Int64.min
    for morsel in morsels {
      guard let zone = zoneMap(ofColumn: column, in: morsel) else { return nil }
      if zone.nullCount == morsel.rowCount { continue }
      guard let words = zone.words else { return nil }
      low = min(low, words.lowerBound)
      high = max(high, words.upperBound)
    }
    return low <= high ? low...high : nil
  }
}

extension ZoneMap {
  /// The least and the greatest word of a column of integers, decimals or times.
  var words: ClosedRange<Int64>? {
    guard case .int64(let least) = minimum, case .int64(let greatest) = maximum, least <= greatest
    else { return nil }
    return least...greatest
  }
}
