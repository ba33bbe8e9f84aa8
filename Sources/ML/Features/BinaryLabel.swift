import ColStore
import Synchronization

/// The class of every row: what a classifier learns to predict.
public struct BinaryLabel: Sendable {
  public let name: String
  /// 1 for a row of the positive class, 0 for others.
  public let values: [UInt8]
  public let positives: Int

  public var negatives: Int { values.count - positives }

  private struct Findings {
    var nullCount = 0
    /// The lowest row whose value is neither 0 nor 1.
    var other: (row: Int, value: Double)?
    var positives = 0
  }

  /// Reads a boolean column, or a numeric one of zeros and ones, all rows in store order.
  ///
  /// - Throws: ``ModelError`` where there is no such column, it is of another type, a row is NULL or
  ///   neither 0 nor 1, or the data cannot be read.
  public init(
    _ source: any RowSource, column name: String, threads: Int = availableProcessors
  ) throws(ModelError) {
    let index = try ColumnLookup(columns: source.columns).index(of: name, as: "label")
    let column = source.columns[index]
    guard NumericKernels.accepts(column.type) else {
      throw ModelError(
        "the label \"\(column.name)\" is \(column.type); a label is BOOLEAN, or 0 and 1")
    }
    let scan = ColumnScan(source, columns: [index], threads: threads)
    let classes = Buffer(UInt8.self, count: scan.rowCount)
    let findings = Mutex(Findings())
    try scan.run { _, rows, firstRow in
      let found = Self.classify(rows, firstRow, into: classes.pointer(UInt8.self) + firstRow)
      findings.withLock { known in
        known.nullCount += found.nullCount
        known.positives += found.positives
        if let other = found.other, other.row < known.other?.row ?? .max { known.other = other }
      }
    }
    let found = findings.withLock { $0 }
    guard found.nullCount == 0 else {
      throw ModelError(
        "the label \"\(column.name)\" is NULL in \(found.nullCount) of \(scan.rowCount) rows; "
          + "leave them out")
    }
    if let other = found.other {
      throw ModelError(
        "the label \"\(column.name)\" is \(other.value) in row \(other.row); a label is 0 or 1")
    }
    self.name = column.name
    values = Array(
      UnsafeBufferPointer(start: classes.pointer(UInt8.self), count: scan.rowCount))
    positives = found.positives
  }

  private static func classify(
    _ rows: Vector, _ firstRow: Int, into classes: UnsafeMutablePointer<UInt8>
  ) -> Findings {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(rows.count, 1)) { memory in
      var found = Findings()
      guard let values = memory.baseAddress else { return found }
      found.nullCount = NumericKernels.write(rows, into: values)
      for row in 0..<rows.count {
        let value = values[row]
        classes[row] = value == 1 ? 1 : 0
        found.positives &+= Int(classes[row])
        if value != 0 && value != 1 && !value.isNaN && found.other == nil {
          found.other = (firstRow + row, value)
        }
      }
      return found
    }
  }
}
