import ColStore

/// Features that stay in their store and are decoded when they are asked for.
public struct StoredFeatures: FeatureSource {
  public let names: [String]
  public let rowCount: Int
  private let source: any RowSource
  private let threads: Int

  /// - Throws: ``ModelError`` where there is no such column, one is named twice, or one is neither
  ///   numeric nor boolean.
  public init(
    _ source: any RowSource, columns names: [String], threads: Int = availableProcessors
  ) throws(ModelError) {
    let indices = try ColumnLookup(columns: source.columns).featureIndices(names)
    self.names = indices.map { source.columns[$0].name }
    self.source = source
    self.threads = threads
    rowCount = source.morsels.reduce(0) { $0 + $1.rowCount }
    try requireNumberedRows(rowCount)
  }

  public func column(at feature: Int) throws(ModelError) -> FeatureColumn {
    try FeatureMatrix(source, columns: [names[feature]], threads: threads).columns[0]
  }
}
