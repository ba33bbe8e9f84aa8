import Glibc

/// Which rows of a row group lie together.
public enum Clustering: Equatable, Sendable {
  /// Those with equal values of the column that makes the store smallest, if any does.
  case automatic
  /// Those with equal values of this column.
  case column(String)
  /// None: rows keep the order of the input.
  case inputOrder
}

/// How CSV files are ingested.
public struct IngestOptions: Sendable {
  public var threads = availableProcessors
  public var clustering = Clustering.automatic
  public var dialect = CSVDialect()
  /// Where malformed rows go; without it the first one is an error.
  public var rejectsPath: String?

  public init() {}
}

/// How far an ingest has come.
public struct IngestProgress: Sendable {
  /// Of the files as they lie on disk.
  public let bytesRead: Int
  public let rowCount: Int
}

/// What an ingest did.
public struct IngestReport: Sendable {
  public let rowCount: Int
  public let rejectedCount: Int
  /// Bytes of the files as they lie on disk.
  public let bytesRead: Int
  /// The store's size.
  public let storeBytes: Int
  /// What the user should know, a sentence each.
  public let notes: [String]
}

/// Loads CSV files into a store.
public enum Ingest {
  /// Makes the store at `path` of all rows of `files`, which are matched by column name.
  ///
  /// The store appears when all is done; an error leaves what was there before.
  public static func run(
    files: [String], into path: String, options: IngestOptions = IngestOptions(),
    progress: (@Sendable (IngestProgress) -> Void)? = nil
  ) throws(StoreError) -> IngestReport {
    guard access(path, F_OK) != 0 else {
      throw StoreError("exists already; appending to a store is not supported yet", at: path)
    }
    let table = try InputTable(files: files, dialect: options.dialect)
    var (plan, notes) = try table.planner.plan(types: nil, clustering: options.clustering)
    // After one pass over everything the types are known; a second pass then fits.
    for attempt in 0..<3 {
      let file = try StoreFile(creating: path)
      let pipeline = try IngestPipeline(
        plan: plan, layouts: table.layouts, files: files, options: options,
        typesAreFixed: attempt == 2, file: file, report: progress)
      var footer = try pipeline.run()
      if !pipeline.widening.isEmpty {
        notes += pipeline.widening.notes
        plan = try table.planner.plan(
          types: pipeline.widening.widenedTypes, clustering: options.clustering
        ).plan
        continue
      }
      for index in footer.columns.indices where footer.columns[index].type == .null {
        footer.columns[index].type = .varchar
      }
      try file.commit(footer)
      return IngestReport(
        rowCount: pipeline.totals.rowCount, rejectedCount: pipeline.totals.rejectedCount,
        bytesRead: table.byteCount, storeBytes: file.end, notes: notes)
    }
    throw StoreError("the types of the columns cannot be settled", at: path)
  }
}
