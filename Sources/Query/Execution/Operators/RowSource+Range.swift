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
      guard case .int64(let minimum)? = zone.minimum, case .int64(let maximum)? = zone.maximum
      else { return nil }
      low = min(low, minimum)
      high = max(high, maximum)
    }
    return low <= high ? low...high : nil
  }
}
