import ColStore

/// What a model learns from: one column of doubles a feature, all of the same rows.
///
/// A missing value is NaN; DECIMAL is its value, a boolean 0 or 1. Eight bytes a row and feature.
public struct FeatureMatrix: Sendable {
  public let columns: [FeatureColumn]
  public let rowCount: Int

  public var names: [String] { columns.map(\.name) }

  init(columns: [FeatureColumn], rowCount: Int) {
    precondition(columns.allSatisfy { $0.rowCount == rowCount }, "columns have the same rows")
    self.columns = columns
    self.rowCount = rowCount
  }

  /// One value; for single rows, not for loops over many.
  public subscript(row row: Int, column column: Int) -> Double { columns[column][row] }
}
