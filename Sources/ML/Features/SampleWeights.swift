import ColStore

/// A weight for every row, from a column.
public enum SampleWeights {
  /// - Throws: ``ModelError`` where there is no such column, or a weight is NULL, negative or not
  ///   finite.
  public static func read(
    _ source: any RowSource, column name: String, threads: Int = availableProcessors
  ) throws(ModelError) -> [Double] {
    let column = try FeatureMatrix(source, columns: [name], threads: threads).columns[0]
    let weights = column.withValues { Array($0) }
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0 < 1e12) }) {
      throw ModelError(
        "the weight \"\(column.name)\" of row \(row) is \(weights[row]), not a number from 0")
    }
    return weights
  }
}
