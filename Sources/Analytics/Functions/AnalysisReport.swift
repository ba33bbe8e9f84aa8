import Query
import Synchronization

/// What an analysis says of itself besides its rows.
public final class AnalysisReport: Sendable {
  private struct State {
    var leftOut = LeftOut()
    var smallCells = 0
  }

  private let state = Mutex(State())

  public init() {}

  func add(_ leftOut: LeftOut) { state.withLock { $0.leftOut += leftOut } }

  /// Takes note of rates and means, by how many units each is of.
  func addCells(_ sizes: some Sequence<Int>) {
    let small = sizes.count { $0 > 0 && $0 < Self.smallCellBound }
    state.withLock { $0.smallCells += small }
  }

  /// Rates and means of fewer units than this may be chance.
  public static let smallCellBound = 30

  /// The rows that did not count.
  public var leftOut: LeftOut { state.withLock { $0.leftOut } }
  /// How many rates and means are of fewer than ``smallCellBound`` units.
  public var smallCells: Int { state.withLock { $0.smallCells } }
}

/// All table functions of this library, for SQL.
public let analysisFunctions: [any TableFunction] = [
  SessionsFunction(), UsersFunction(), RFMFunction(), FunnelFunction(), RetentionFunction(),
  SegmentsFunction(), PathsFunction(),
]
