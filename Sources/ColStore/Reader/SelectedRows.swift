/// Some rows of a morsel, ascending.
public final class SelectedRows: Sendable {
  public let count: Int
  private let buffer: Buffer

  /// The first `count` numbers of `buffer`, 32 bits each.
  public init(_ buffer: Buffer, count: Int) {
    self.buffer = buffer
    self.count = count
  }

  public var rows: UnsafePointer<UInt32> { UnsafePointer(buffer.pointer(UInt32.self)) }
  /// The memory of ``rows``.
  public var memory: Buffer { buffer }
}

/// Which rows of a morsel a condition holds for.
public enum RowChoice: Sendable {
  case nothing
  case all
  case rows(SelectedRows)

  /// `rows` of `total`, none and all told apart.
  static func of(_ rows: Buffer, count: Int, total: Int) -> RowChoice {
    count == 0 ? .nothing : count == total ? .all : .rows(SelectedRows(rows, count: count))
  }
}
