import ColStore
import Synchronization

extension RowSplit {
  /// Tests with the latest rows: all of the training part is earlier than all of the test part.
  ///
  /// Rows of one time stay together, on the side that brings the test part nearer to its share.
  ///
  /// - Parameter column: A TIMESTAMP or DATE without NULLs.
  /// - Throws: ``ModelError`` where there is no such column, it is of another type or has NULLs, all
  ///   rows have one time, the share is not in 0…1, or the data cannot be read.
  public static func byTime(
    _ source: any RowSource, column name: String, testShare: Double = defaultTestShare,
    threads: Int = availableProcessors
  ) throws(ModelError) -> RowSplit {
    let times = try self.times(source, name, threads)
    let testCount = try testCount(of: times.count, share: testShare)
    let boundary = valueInOrder(times.count - testCount, of: times)
    var later = 0
    var equal = 0
    for time in times {
      if time > boundary { later &+= 1 } else if time == boundary { equal &+= 1 }
    }
    let from = later + equal
    // `from` rows are at least as many as wanted, `later` rows are fewer.
    let takesBoundary = from < times.count && (later == 0 || from - testCount <= testCount - later)
    guard takesBoundary || later > 0 else {
      throw ModelError("all rows have one \"\(name)\", so none is earlier than others")
    }
    return try RowSplit(times.count) { row in
      takesBoundary ? times[row] >= boundary : times[row] > boundary
    }
  }

  private static func times(
    _ source: any RowSource, _ name: String, _ threads: Int
  ) throws(ModelError) -> [Int64] {
    let index = try ColumnLookup(columns: source.columns).index(of: name, as: "time split")
    let column = source.columns[index]
    guard column.type == .timestamp || column.type == .date else {
      throw ModelError(
        "\"\(column.name)\" is \(column.type); rows are parted by a TIMESTAMP or DATE")
    }
    let scan = ColumnScan(source, columns: [index], threads: threads)
    let buffer = Buffer(Int64.self, count: scan.rowCount)
    let nullCount = Mutex(0)
    try scan.run { _, rows, firstRow in
      let times = buffer.pointer(Int64.self) + firstRow
      let values = rows.pointer(Int64.self)
      var nulls = 0
      for row in 0..<rows.count {
        let position = rows.position(of: row)
        times[row] = values[position]
        if let validity = rows.validity, validity[position] == 0 { nulls += 1 }
      }
      if nulls > 0 { nullCount.withLock { $0 += nulls } }
    }
    let nulls = nullCount.withLock { $0 }
    guard nulls == 0 else {
      throw ModelError(
        "\"\(column.name)\" is NULL in \(nulls) of \(scan.rowCount) rows; leave them out")
    }
    return Array(
      UnsafeBufferPointer(start: buffer.pointer(Int64.self), count: scan.rowCount))
  }
}
