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
  fileprivate struct Clusters {
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
      !sink.aggregates.contains(where: { $0.needsOrder || !$0.isDeterministic }),
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
private protocol MorselGroups: AnyObject {
  typealias Share = (Batch) throws(QueryError) -> Void

  func add(_ batch: Batch, share: Share) throws(QueryError)
  /// The groups that no other morsel has.
  func finish(share: Share) throws(QueryError) -> Batch
}

/// The groups of several keys, in a table.
private final class TableGroups: MorselGroups {
  private let clusters: ClusteredAggregateSource.Clusters
  private let sink: AggregateSink
  private let evaluator: Evaluator
  private let state: AggregateSink.WorkerState
  private let index: DictionaryIndex
  private var firstCode: UInt32?
  private var lastCode: UInt32 = 0
  /// Rows of the last cluster so far, which perhaps goes on in the next morsel.
  private var heldRows: [Batch] = []

  init(
    _ clusters: ClusteredAggregateSource.Clusters, _ sink: AggregateSink, _ evaluator: Evaluator
  ) {
    self.clusters = clusters
    self.sink = sink
    self.evaluator = evaluator
    state = sink.makeState()
    index = DictionaryIndex(clusters.dictionary)
  }

  func add(_ batch: Batch, share: Share) throws(QueryError) {
    let count = batch.rowCount
    let vector = batch.columns[clusters.column]
    let found =
      vector.dictionary === clusters.dictionary ? nil : index.codes(of: vector, count: count)
    guard let codes = found.map({ UnsafePointer($0.pointer(UInt32.self)) }) ?? vector.codes
    else { preconditionFailure("the clustering column is coded") }
    let first = firstCode ?? codes[0]
    if firstCode == nil { lastCode = first }
    firstCode = first
    if codes[0] != lastCode { try consumeHeld() }
    let last = codes[count - 1]
    let buffers = (
      own: Buffer(UInt32.self, count: count), shared: Buffer(UInt32.self, count: count)
    )
    let (own, shared) = (buffers.own.pointer(UInt32.self), buffers.shared.pointer(UInt32.self))
    var (ownCount, sharedCount) = (0, 0)
    var tail = count
    while tail > 0 && codes[tail - 1] == last { tail -= 1 }
    var before = lastCode
    var isOrdered = true
    for row in 0..<tail {
      let code = codes[row]
      isOrdered = isOrdered && before <= code
      before = code
      let isShared = code == first || clusters.several.contains(code)
      own[ownCount] = UInt32(truncatingIfNeeded: row)
      shared[sharedCount] = UInt32(truncatingIfNeeded: row)
      ownCount &+= isShared ? 0 : 1
      sharedCount &+= isShared ? 1 : 0
    }
    guard isOrdered, before <= last else { throw MorselOrder.error }
    // Another cluster follows the one whose rows are held, so that it is known whole.
    if tail > 0 { try consumeHeld() }
    let rest = batch.slice(offset: tail, count: count - tail)
    if last == first || clusters.several.contains(last) {
      try share(rest)
    } else {
      heldRows.append(rest)
    }
    lastCode = last
    if sharedCount > 0 { try share(Selection(buffers.shared, count: sharedCount).narrow(batch)) }
    if ownCount > 0 {
      let rows = Selection(buffers.own, count: ownCount)
      try sink.consume(ownCount == count ? batch : rows.narrow(batch), state, evaluator)
    }
    withExtendedLifetime((found, vector)) {}
  }

  private func consumeHeld() throws(QueryError) {
    for rows in heldRows { try sink.consume(rows, state, evaluator) }
    heldRows = []
  }

  func finish(share: Share) throws(QueryError) -> Batch {
    for rows in heldRows { try share(rows) }
    return try sink.merge([state])
  }
}

/// The groups of the clustering column alone: runs of equal codes, which ascend.
private final class ClusterGroups: MorselGroups {
  private let clusters: ClusteredAggregateSource.Clusters
  private let aggregates: [CompiledAggregate]
  private let states: [AggregateState]
  private let evaluator: Evaluator
  /// Room that is there for one morsel after another.
  private let numbers: GrowingBuffer
  private let codes = GrowingBuffer()
  private var count = 0
  /// The rows of the last group so far, which perhaps goes on in the next morsel.
  private var rowsOfLast: [Batch] = []
  private let runEnds = GrowingBuffer()
  private let index: DictionaryIndex

  init(
    _ clusters: ClusteredAggregateSource.Clusters, _ sink: AggregateSink, _ evaluator: Evaluator,
    numbers: GrowingBuffer
  ) {
    self.clusters = clusters
    aggregates = sink.aggregates
    states = sink.makeStates(groupLimit: nil)
    self.evaluator = evaluator
    self.numbers = numbers
    index = DictionaryIndex(clusters.dictionary)
  }

  func add(_ batch: Batch, share: Share) throws(QueryError) {
    let runs = try number(batch, into: numbers.room(batch.rowCount + 8))
    for (aggregate, own) in zip(aggregates, states) {
      own.accumulator.resize(to: count)
      try aggregate.update(own, batch, .runs(runs), evaluator)
    }
    let kept = sharedRows(runs, count: batch.rowCount)
    if kept.count > 0 { try share(kept.narrow(batch)) }
    holdLast(batch, runs)
  }

  func finish(share: Share) throws(QueryError) -> Batch {
    guard count > 0 else { return Batch(columns: [], rowCount: 0) }
    if !isLastShared { for rows in rowsOfLast { try share(rows) } }
    let own = ownGroups
    if own.count == 0 { return Batch(columns: [], rowCount: 0) }
    var columns = [keys]
    for (aggregate, state) in zip(aggregates, states) {
      do throws(QueryError) {
        columns.append(try state.accumulator.finish(count: count))
      } catch { throw error.located(at: aggregate.position) }
    }
    let all = Batch(columns: columns, rowCount: count)
    let first = Int(own.pointer[0])
    let isUnbroken = Int(own.pointer[own.count - 1]) == first + own.count - 1
    return isUnbroken ? all.slice(offset: first, count: own.count) : own.narrow(all)
  }

  /// The keys of all groups.
  private var keys: Vector {
    let copy = Buffer(UInt32.self, count: count)
    copy.pointer(UInt32.self).update(from: codes.pointer, count: count)
    return Vector(
      codes: UnsafePointer(copy.pointer(UInt32.self)), count: count,
      dictionary: clusters.dictionary,
      owners: [copy])
  }

  /// Writes the group of each row to `rowGroups`, which has room for eight rows more, and returns
  /// the batch's runs.
  private func number(
    _ batch: Batch, into rowGroups: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> GroupRuns {
    let rows = batch.rowCount
    let vector = batch.columns[clusters.column]
    let dictionary = clusters.dictionary
    let ends = runEnds.room(rows + 1)
    let known = codes.room(count + rows + 1, keeping: count)
    var runs = 0
    var row = 0
    var isOrdered = true
    func open(_ code: UInt32) {
      if count > 0 && known[count - 1] == code { return }
      isOrdered = isOrdered && (count == 0 || known[count - 1] < code)
      known[count] = code
      count += 1
    }
    if vector.dictionary === dictionary, let window = vector.runs {
      for run in window.indices {
        open(window.runs.codes[run])
        let end = window.end(run)
        // Eight rows at a time: what is written too much is overwritten by the next run.
        let group = SIMD8(repeating: UInt32(truncatingIfNeeded: count - 1))
        repeat {
          UnsafeMutableRawPointer(rowGroups + row).storeBytes(of: group, as: SIMD8<UInt32>.self)
          row += 8
        } while row < end
        row = end
        ends[runs] = UInt32(truncatingIfNeeded: end)
        runs += 1
      }
    } else {
      let found = vector.dictionary === dictionary ? nil : index.codes(of: vector, count: rows)
      guard let source = found.map({ UnsafePointer($0.pointer(UInt32.self)) }) ?? vector.codes
      else { preconditionFailure("the clustering column is coded") }
      while row < rows {
        open(source[row])
        let group = UInt32(truncatingIfNeeded: count - 1)
        let code = source[row]
        while row < rows && source[row] == code {
          rowGroups[row] = group
          row += 1
        }
        ends[runs] = UInt32(truncatingIfNeeded: row)
        runs += 1
      }
      withExtendedLifetime((found, vector)) {}
    }
    guard isOrdered else { throw MorselOrder.error }
    return GroupRuns(
      groups: UnsafePointer(rowGroups), ends: UnsafePointer(ends), runCount: runs,
      areClusters: true)
  }

  /// The batch's rows whose groups are the morsel's first, or of a code that several row groups have.
  private func sharedRows(_ runs: GroupRuns, count rows: Int) -> Selection {
    let buffer = Buffer(UInt32.self, count: rows)
    let output = buffer.pointer(UInt32.self)
    let codes = codes.pointer
    let bits = clusters.several.bits
    var found = 0
    var start = 0
    for run in 0..<runs.runCount {
      let end = Int(runs.ends[run])
      let group = Int(runs.groups[start])
      let code = codes[group]
      if group == 0 || bits[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1 {
        for row in start..<end {
          output[found] = UInt32(truncatingIfNeeded: row)
          found += 1
        }
      }
      start = end
    }
    return Selection(buffer, count: found)
  }

  /// Remembers the rows of the last group, and forgets those of the one before.
  private func holdLast(_ batch: Batch, _ runs: GroupRuns) {
    guard batch.rowCount > 0 else { return }
    let last = runs.groups[batch.rowCount - 1]
    var start = batch.rowCount - 1
    while start > 0 && runs.groups[start - 1] == last { start -= 1 }
    if start > 0 || runs.groups[0] != lastHeld { rowsOfLast = [] }
    lastHeld = last
    rowsOfLast.append(batch.slice(offset: start, count: batch.rowCount - start))
  }

  private var lastHeld: UInt32 = 0

  /// The groups that no other morsel has.
  private var ownGroups: Selection {
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    let codes = codes.pointer
    var found = 0
    var group = 1
    while group < count - 1 {
      output[found] = UInt32(truncatingIfNeeded: group)
      found &+= clusters.several.contains(codes[group]) ? 0 : 1
      group += 1
    }
    return Selection(buffer, count: found)
  }

  /// Whether the last group's rows were shared as those of another kind.
  private var isLastShared: Bool {
    count == 1 || clusters.several.contains(codes.pointer[count - 1])
  }
}

private enum MorselOrder {
  static var error: QueryError {
    QueryError(.storage, "the rows of a row group are not in the order of their clusters")
  }
}

/// Room for numbers that is reused and grows.
private final class GrowingBuffer {
  private var buffer = Buffer(byteCount: 0)

  var pointer: UnsafeMutablePointer<UInt32> { buffer.pointer(UInt32.self) }

  /// Room for `count` numbers, the first `kept` of them as they are.
  func room(_ count: Int, keeping kept: Int = 0) -> UnsafeMutablePointer<UInt32> {
    if buffer.byteCount < count * 4 {
      let larger = Buffer(UInt32.self, count: count * 2)
      larger.pointer(UInt32.self).update(from: pointer, count: kept)
      buffer = larger
    }
    return pointer
  }
}
