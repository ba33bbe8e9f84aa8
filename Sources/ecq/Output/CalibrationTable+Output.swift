import ML
import Query

extension CalibrationTable {
  /// A row a bin that has rows.
  var table: SmallTable {
    var table = SmallTable(
      fields: ["bin", "rows"].map { Field(name: $0, type: .bigint) }
        + ["mean_probability", "rate"].map { Field(name: $0, type: .double) })
    for (place, bin) in bins.enumerated() {
      table.rows.append([
        .int64(Int64(place + 1)), .int64(Int64(bin.rowCount)), .double(bin.meanProbability),
        .double(bin.rate),
      ])
    }
    return table
  }
}
