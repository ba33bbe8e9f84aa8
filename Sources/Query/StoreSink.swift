import ColStore

/// Writes a result as a store, which appears, or is replaced, once the result has ended.
final class StoreSink: ResultSink {
  private let path: String
  private let replaces: Bool
  private let threads: Int
  private var writer: StoreWriter?

  private let clustering: Clustering

  init(
    path: String, replaces: Bool, clustering: Clustering = .automatic, threads: Int
  ) {
    self.clustering = clustering
    self.path = path
    self.replaces = replaces
    self.threads = threads
  }

  var rowCount: Int { writer?.rowCount ?? 0 }

  /// Names are made unique as in JSON: a repeated one gets `_1`, `_2`, …
  func begin(schema: [Field]) throws {
    var used: Set<String> = []
    let columns = schema.map { field in
      var name = field.name
      var suffix = 0
      while !used.insert(name.lowercased()).inserted {
        suffix += 1
        name = "\(field.name)_\(suffix)"
      }
      return ColumnDescription(name: name, type: field.type)
    }
    writer = try StoreWriter(
      columns: columns, path: path, replaces: replaces, clustering: clustering, threads: threads)
  }

  func consume(_ batch: Batch) throws { try writer?.append(batch.columns) }

  func end() throws { try writer?.finish() }
}
