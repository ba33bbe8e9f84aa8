/// What zone maps tell of a column's values.
public struct ColumnBounds: Sendable {
  /// The least and the greatest value of integers, decimals and times; nil where a block does not tell,
  /// or no row has a value.
  public let words: ClosedRange<Int64>?
  /// Whether every row is known to have a value.
  public let isNeverNull: Bool
}

extension RowSource {
  /// As the zone maps of all morsels tell.
  func boundsOfMorsels(ofColumn column: Int) -> ColumnBounds {
    var isKnown = columns[column].type.physical == .int64
    var isNeverNull = true
    var (low, high) = (Int64.max, Int64.min)
    for morsel in morsels {
      guard let zone = zoneMap(ofColumn: column, in: morsel) else {
        return ColumnBounds(words: nil, isNeverNull: false)
      }
      isNeverNull = isNeverNull && zone.nullCount == 0
      if !isKnown || zone.nullCount == morsel.rowCount { continue }
      guard let words = zone.words else {
        isKnown = false
        continue
      }
      low = min(low, words.lowerBound)
      high = max(high, words.upperBound)
    }
    return ColumnBounds(words: isKnown && low <= high ? low...high : nil, isNeverNull: isNeverNull)
  }
}

extension ZoneMap {
  /// The least and the greatest word of a column of integers, decimals or times.
  public var words: ClosedRange<Int64>? {
    guard case .int64(let least) = minimum, case .int64(let greatest) = maximum, least <= greatest
    else { return nil }
    return least...greatest
  }
}
