import ColStore

/// A few thousand rows of an operator's output, column by column.
public struct Batch: Sendable {
  public let columns: [Vector]
  public let rowCount: Int

  public init(columns: [Vector], rowCount: Int) {
    self.columns = columns
    self.rowCount = rowCount
  }
}
