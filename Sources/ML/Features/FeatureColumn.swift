import ColStore

/// One feature of all rows, as doubles that lie one after another.
public struct FeatureColumn: Sendable {
  public let name: String
  public let rowCount: Int
  /// Rows whose value is missing: NULL or NaN in the data, NaN here.
  public let missingCount: Int
  private let buffer: Buffer

  /// Takes over a buffer of `rowCount` doubles that nobody writes to any more.
  init(name: String, rowCount: Int, missingCount: Int, buffer: Buffer) {
    precondition(buffer.byteCount >= rowCount * 8, "the buffer holds all rows")
    self.name = name
    self.rowCount = rowCount
    self.missingCount = missingCount
    self.buffer = buffer
  }

  /// Lends all values, in row order, for the length of `body`.
  public func withValues<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Double>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try withExtendedLifetime(buffer) { () throws(Failure) in
      try body(UnsafeBufferPointer(start: buffer.pointer(Double.self), count: rowCount))
    }
  }

  /// One value; for single rows, not for loops over many.
  public subscript(row: Int) -> Double {
    precondition(row >= 0 && row < rowCount, "a row of the column")
    return buffer.pointer(Double.self)[row]
  }
}
