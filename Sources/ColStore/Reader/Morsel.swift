/// The unit of scanning: one block of rows of one row group, decoded column by column.
public struct Morsel: Hashable, Sendable {
  public let rowGroup: Int
  /// The block within the row group.
  public let block: Int
  /// Rows in the block, at most ``blockRowsMax``.
  public let rowCount: Int

  public init(rowGroup: Int, block: Int, rowCount: Int) {
    self.rowGroup = rowGroup
    self.block = block
    self.rowCount = rowCount
  }
}

/// A column of a morsel.
struct BlockPlace: Hashable {
  private let column: Int
  private let rowGroup: Int
  private let block: Int

  init(_ column: Int, _ morsel: Morsel) {
    self.init(column, rowGroup: morsel.rowGroup, block: morsel.block)
  }

  init(_ column: Int, rowGroup: Int, block: Int = 0) {
    self.column = column
    self.rowGroup = rowGroup
    self.block = block
  }
}

/// The most rows in a block; every block of a row group but its last has as many.
public let blockRowsMax = 65_536

/// The most rows in a row group.
public let rowGroupRowsMax = 16 * blockRowsMax

/// What is known of one column in one morsel without decoding it.
public struct ZoneMap: Sendable {
  /// The smallest and largest values that are not NULL (and not NaN); nil where unknown.
  public let minimum: Value?
  public let maximum: Value?
  public let nullCount: Int

  public init(minimum: Value?, maximum: Value?, nullCount: Int) {
    self.minimum = minimum
    self.maximum = maximum
    self.nullCount = nullCount
  }
}
