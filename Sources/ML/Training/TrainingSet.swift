/// What tree models are trained on: rows of coded features.
struct TrainingSet: Sendable {
  let names: [String]
  let rows: BinnedRows
  /// Rows that say when to stop early; nil without early stopping.
  let validation: BinnedRows?
  /// How many rows of the data each distinct row stands for; nil: one each.
  let rowCounts: [UInt32]?

  /// - Parameter training: The rows to train on; nil: all.
  init(
    _ features: any FeatureSource, labels: [UInt8], training: [UInt32]?, validation: [UInt32]?,
    weights: [Double]?, binning: BinnedColumns.Binning, groups: Bool, threads: Int
  ) throws(ModelError) {
    let columns = try BinnedColumns(
      features, training: training, binning: binning, threads: threads)
    names = columns.names
    // Of rows with weights of their own it would no longer be known how many there are.
    let rows = try BinnedRows.picking(
      columns, rows: training, labels: labels, weights: weights,
      groups: groups && weights == nil, threads: threads)
    guard rows.totals.x > 0, rows.totals.y > 0 else {
      throw ModelError(
        "all training rows are \(rows.totals.y > 0 ? "positive" : "negative"); "
          + "a classifier needs rows of both classes")
    }
    self.rows = rows
    if let validation {
      self.validation = try BinnedRows.picking(
        columns, rows: validation, labels: labels, weights: weights,
        groups: groups && weights == nil, threads: threads)
    } else {
      self.validation = nil
    }
    rowCounts =
      rows.count == rows.originalCount
      ? nil
      : (0..<rows.count).map { row in
        UInt32(truncatingIfNeeded: Int(rows.weights[row].x + rows.weights[row].y))
      }
  }
}
