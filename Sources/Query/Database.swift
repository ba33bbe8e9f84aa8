import ColStore

/// How statements are run.
public struct QueryOptions: Sendable {
  public var threads: Int = availableProcessors
  /// Rows of a batch; results do not depend on it.
  public var batchRows: Int = 16_384
  /// Bytes of private memory that operators may hold; nil: no limit.
  public var memoryLimit: Int?
  /// Whether precomputed statistics may stand in for rows.
  public var usesBlockAnswers: Bool = true

  public init() {}
}

/// Tables by name, and the door for SQL text.
public final class Database: Sendable {
  public let options: QueryOptions

  public init(options: QueryOptions) { self.options = options }
}
