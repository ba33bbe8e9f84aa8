import ColStore
import Synchronization

/// Features that stay in their store and are decoded when they are asked for.
public struct StoredFeatures: FeatureSource {
  public let names: [String]
  public let rowCount: Int
  /// The texts of categorical features, by feature.
  public let categories: [Int: [String]]
  private let source: any RowSource
  private let bindings: [FeatureBinding]
  private let threads: Int

  /// The most texts of a column that becomes features.
  private static let textsMax = 1000

  /// - Parameter names: Columns; one of texts becomes a feature for each text, or, with
  ///   `nativeCategories`, one categorical feature.
  /// - Throws: ``ModelError`` where there is no such column, or its type does not fit.
  public init(
    _ source: any RowSource, columns names: [String], nativeCategories: Bool = false,
    threads: Int = availableProcessors
  ) throws(ModelError) {
    let lookup = ColumnLookup(columns: source.columns)
    var features: [String] = []
    var categories: [Int: [String]] = [:]
    for name in names {
      let column = try lookup.index(of: name, as: "features")
      guard source.columns[column].type == .varchar else {
        features.append(source.columns[column].name)
        continue
      }
      let limit = nativeCategories ? BinBorders.codesMax - 1 : Self.textsMax
      guard let texts = try TextKernels.distinct(source, column: column, limit: limit) else {
        throw ModelError(
          "the feature \"\(source.columns[column].name)\" has more than \(limit) different texts")
      }
      if nativeCategories {
        categories[features.count] = texts
        features.append(source.columns[column].name)
      } else {
        features += texts.map { "\(source.columns[column].name)=\($0)" }
      }
    }
    try self.init(source, features: features, categories: categories, threads: threads)
  }

  /// - Parameter features: Names as a model has them.
  init(
    _ source: any RowSource, features: [String], categories: [Int: [String]], threads: Int
  ) throws(ModelError) {
    self.source = source
    self.threads = threads
    self.categories = categories
    names = features
    bindings = try FeatureBinding.bind(features, categories: categories, columns: source.columns)
    rowCount = source.morsels.reduce(0) { $0 + $1.rowCount }
    try requireNumberedRows(rowCount)
  }

  public func column(at feature: Int) throws(ModelError) -> FeatureColumn {
    let binding = bindings[feature]
    let scan = ColumnScan(source, columns: [binding.column], threads: threads)
    let buffer = Buffer.large(Double.self, count: rowCount)
    let missing = Mutex(0)
    try scan.run { _, rows, firstRow in
      let found = binding.write(rows, into: buffer.pointer(Double.self) + firstRow)
      if found > 0 { missing.withLock { $0 += found } }
    }
    return FeatureColumn(
      name: names[feature], rowCount: rowCount, missingCount: missing.withLock { $0 },
      buffer: buffer)
  }

  /// Calls `body(features of all rows of a morsel, one column after another; number of the first
  /// row; rows)` for every morsel, from many threads at once.
  func forEachMorsel(
    _ body: @Sendable (UnsafeMutablePointer<Double>, Int, Int) -> Void
  ) throws(ModelError) {
    let morsels = source.morsels
    var first = 0
    let firsts = morsels.map { morsel in
      defer { first += morsel.rowCount }
      return first
    }
    let work = WorkCounter(count: morsels.count)
    do {
      try runWorkers(max(1, min(threads, morsels.count))) { _ in
        let reader = source.makeReader()
        while let ticket = work.next() {
          let morsel = morsels[ticket]
          let cells = Buffer(Double.self, count: morsel.rowCount * bindings.count)
          for (feature, binding) in bindings.enumerated() {
            let vector = try reader.read(column: binding.column, of: morsel)
            _ = binding.write(
              vector, into: cells.pointer(Double.self) + feature * morsel.rowCount)
          }
          body(cells.pointer(Double.self), firsts[ticket], morsel.rowCount)
        }
      }
    } catch {
      work.cancel()
      throw ModelError("the data cannot be read: \(error)")
    }
  }
}
