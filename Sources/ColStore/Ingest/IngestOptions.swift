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
  public var dialect = CSVDialect()
  public var clustering = Clustering.automatic
  /// The types of columns that are not to be inferred.
  public var schema: [ColumnDescription]?
  /// Loaded files, by the path or the name in the ledger, whose rows the new ones replace.
  public var replaced: [String] = []
  /// Asked now and then: true ends the ingest, and leaves the store as it was.
  public var isCancelled: (@Sendable () -> Bool)?
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
  /// Rows that were added.
  public let rowCount: Int
  /// Rows that the store has now.
  public let totalRowCount: Int
  public let rejectedCount: Int
  /// Bytes of the files as they lie on disk.
  public let bytesRead: Int
  /// The store's size.
  public let storeBytes: Int
  /// What the user should know, a sentence each.
  public let notes: [String]
}
