import ColStore

/// GROUP BY the clustering column, alone or among other keys, morsel by morsel.
///
/// Within a row group the rows of a code lie together. So in each morsel
///
/// 1. groups are found: of the clustering column alone they are the runs of its rows, without a table;
///    with other keys, a table of the morsel's groups stays in the cache;
/// 2. groups that cannot occur in another morsel are finished and go on to the next step at once;
/// 3. rows of the others (of the first and the last cluster of the morsel, and of codes that several
///    row groups have) are gathered in a table, whose groups come out when all morsels are done.
struct ClusteredAggregateSource: BatchSource {
  private(set) var input: Pipeline
  private let clusters: Clusters
  /// Groups by the same keys the rows of groups that morsels share.
  private let sharedSink: AggregateSink
  private var shared = SharedGroups()

  /// So many codes that several row groups have are always few enough for a table.
  private static let sharedCodesMax = 1 << 16

  /// The clustering column of the input.
  struct Clusters {
    let column: Int
    let dictionary: Vector
    /// The codes that several row groups have.
    let several: CodeSet
  }

  /// Nil where the input does not come from a table that is clustered by a key, or the aggregates
  /// depend on the order of rows.
  init?(_ sink: AggregateSink) throws(QueryError) {
    let input = sink.input
    guard input.source.lateTaskCount == 0, sink.keys.count == 1 || !sink.hasFewGroups,
      sink.keys.allSatisfy(\.isDeterministic),
      !sink.aggregates.contains(where: { $0.needsOrder || !$0.isDeterministic || $0.mayOverflow }),
      let column = sink.keys.lazy.compactMap(\.bareColumn).first(where: {
        input.facts($0).clusters != nil
      })
    else { return nil }
    let facts = input.facts(column)
    guard let table = facts.clusters, let dictionary = facts.dictionary, dictionary.type != .double
    else { return nil }
    do throws(StoreError) {
      guard let several = try table.codesOfSeveralRowGroups(),
        several.count <= max(dictionary.count / 8, Self.sharedCodesMax)
      else { return nil }
      clusters = Clusters(column: column, dictionary: dictionary, several: several)
    } catch { throw QueryError(.storage, error.description) }
    self.input = input
    sharedSink = sink.hashing
  }

  var taskCount: Int { input.source.taskCount + 1 }
  var lateTaskCount: Int { 1 }

  func scannedRows(ofTask task: Int) -> Int {
    task < input.source.taskCount ? input.source.scannedRows(ofTask: task) : 0
  }

  func repeated() -> (any BatchSource)? {
    guard let source = input.source.repeated() else { return nil }
    var again = self
    again.input = input.over(source)
    again.shared = SharedGroups()
    return again
  }

  func makeScanner(_ context: QueryContext) -> any BatchScanner {
    Scanner(source: self, context: context)
  }

  /// The groups that morsels share by their keys, so that their order tells nothing of the workers.
  private func ordered(_ batch: Batch) -> Batch {
    let keys = batch.columns.prefix(sharedSink.keys.count).map {
      SortColumn(vector: $0, descending: false, nullsFirst: true)
    }
    return SortOrder.rows(keys, count: batch.rowCount).narrow(batch)
  }

  /// What is known of the output's columns.
  func facts(_ column: Int) -> ColumnFacts {
    if column < sharedSink.keys.count, sharedSink.keys[column].bareColumn == clusters.column {
      return ColumnFacts(dictionary: clusters.dictionary, range: nil)
    }
    return sharedSink.facts(column)
  }

  /// What each worker has of the groups that morsels share.
  private final class SharedGroups: @unchecked Sendable {
    private var states: [AggregateSink.WorkerState] = []
    private let lock = WorkLock()

    func add(_ state: AggregateSink.WorkerState) { lock.withLock { states.append(state) } }

    func take() -> [AggregateSink.WorkerState] {
      lock.withLock {
        defer { states = [] }
        return states
      }
    }
  }

  private final class Scanner: BatchScanner {
    private let source: ClusteredAggregateSource
    private let context: QueryContext
    private let evaluator: Evaluator
    private let scanner: any BatchScanner
    private var sharedState: AggregateSink.WorkerState?
    private let numbers = GrowingBuffer()

    init(source: ClusteredAggregateSource, context: QueryContext) {
      self.source = source
      self.context = context
      evaluator = Evaluator(context)
      scanner = source.input.source.makeScanner(context)
    }

    func scan(task: Int, _ emit: (Batch) throws(QueryError) -> Bool) throws(QueryError) {
      if task == source.taskCount - 1 {
        let states = source.shared.take()
        if states.isEmpty { return }
        let batch = try source.sharedSink.merge(states)
        if batch.rowCount > 0 { _ = try emit(source.ordered(batch)) }
        return
      }
      let (sink, clusters) = (source.sharedSink, source.clusters)
      let groups: any MorselGroups =
        sink.keys.count == 1
        ? ClusterGroups(clusters, sink, evaluator, numbers: numbers)
        : TableGroups(clusters, sink, evaluator)
      try source.input.runTask(task, scanner, evaluator) { batch throws(QueryError) in
        if batch.rowCount > 0 {
          try groups.add(batch) { rows throws(QueryError) in try share(rows) }
        }
        return true
      }
      let own = try groups.finish { rows throws(QueryError) in try share(rows) }
      _ = try own.emit(inPiecesOf: context.options.batchRows, emit)
    }

    /// Adds rows of groups that other morsels may have too.
    private func share(_ batch: Batch) throws(QueryError) {
      let state: AggregateSink.WorkerState
      if let known = sharedState {
        state = known
      } else {
        state = source.sharedSink.makeState()
        sharedState = state
        source.shared.add(state)
      }
      try source.sharedSink.consume(batch, state, evaluator)
    }
  }
}

/// The groups of one morsel. What is perhaps not all of a group goes to `share`.
protocol MorselGroups: AnyObject {
  typealias Share = (Batch) throws(QueryError) -> Void

  func add(_ batch: Batch, share: Share) throws(QueryError)
  /// The groups that no other morsel has.
  func finish(share: Share) throws(QueryError) -> Batch
}

enum MorselOrder {
  static var error: QueryError {
    QueryError(.storage, "the rows of a row group are not in the order of their clusters")
  }
}
