import Query
import Synchronization

/// What an analysis says of itself besides its rows.
public final class AnalysisReport: Sendable {
  private let state = Mutex(LeftOut())

  public init() {}

  func add(_ leftOut: LeftOut) { state.withLock { $0 += leftOut } }

  /// The rows that did not count.
  public var leftOut: LeftOut { state.withLock { $0 } }
}

/// All table functions of this library, for SQL.
public let analysisFunctions: [any TableFunction] = [
  SessionsFunction(), UsersFunction(), RFMFunction(), FunnelFunction(), RetentionFunction(),
  SegmentsFunction(), PathsFunction(),
]
