import ColStore
import Synchronization

extension FeatureMatrix {
  /// Reads the columns of those names from `source`, all rows in store order, with many threads.
  ///
  /// - Throws: ``ModelError`` where there is no such column, one is named twice, one is neither
  ///   numeric nor boolean, or the data cannot be read.
  public init(
    _ source: any RowSource, columns names: [String], threads: Int = availableProcessors
  ) throws(ModelError) {
    let indices = try ColumnLookup(columns: source.columns).featureIndices(names)
    let scan = ColumnScan(source, columns: indices, threads: threads)
    try requireNumberedRows(scan.rowCount)
    let buffers = indices.map { _ in Buffer(Double.self, count: scan.rowCount) }
    let missing = Mutex([Int](repeating: 0, count: indices.count))
    try scan.run { place, rows, firstRow in
      let found = NumericKernels.write(
        rows, into: buffers[place].pointer(Double.self) + firstRow)
      if found > 0 { missing.withLock { $0[place] += found } }
    }
    let counts = missing.withLock { $0 }
    self.init(
      columns: indices.indices.map { place in
        FeatureColumn(
          name: source.columns[indices[place]].name, rowCount: scan.rowCount,
          missingCount: counts[place], buffer: buffers[place])
      }, rowCount: scan.rowCount)
  }
}
