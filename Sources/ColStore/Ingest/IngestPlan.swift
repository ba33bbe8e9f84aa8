/// How one column is ingested.
struct ColumnPlan: Sendable {
  let name: String
  let type: DataType
  /// Whether values are kept once and rows hold codes.
  var usesDictionary: Bool
  /// The dictionary column whose value determines this column's in (nearly) every row.
  var parent: Int?
  /// Whether a value that does not fit the type makes its row malformed; else it shows that the
  /// type was inferred too narrow.
  var isTypeSettled = false

  init(
    name: String, type: DataType, usesDictionary: Bool, parent: Int? = nil,
    isTypeSettled: Bool = false
  ) {
    self.name = name
    self.type = type
    self.usesDictionary = usesDictionary
    self.parent = parent
    self.isTypeSettled = isTypeSettled
  }

  func makeParser() -> ColumnParser {
    if usesDictionary { return DictionaryParser(type: type) }
    switch type.physical {
    case .string: return TextParser(type: type)
    case .int128: return WideParser(type: type)
    default: return type == .null ? TextParser(type: type) : WordParser(type: type)
    }
  }
}

/// How a table is ingested: found in its first rows, and right for any rows.
struct IngestPlan: Sendable {
  var columns: [ColumnPlan]
  /// The column whose equal values are brought together within each row group.
  var clusterColumn: Int?

  /// Rows of a row group: as many as can be where equal values are brought together in it, else a
  /// few blocks, and fewer where rows are wide, so that memory stays bounded.
  var rowGroupRows: Int {
    if clusterColumn != nil { return clusteredRowGroupRows }
    let blocks = (1 << 22) / (max(columns.count, 1) * blockRowsMax)
    return min(min(max(blocks, 1), 4) * blockRowsMax, clusteredRowGroupRows)
  }

  /// What ``rowGroupRows`` is once the rows are clustered.
  var clusteredRowGroupRows: Int {
    min(rowGroupRowsMax, max(1024, (1 << 25) / max(columns.count, 1)))
  }
}
