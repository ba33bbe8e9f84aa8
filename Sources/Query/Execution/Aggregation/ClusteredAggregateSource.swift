import ColStore

/// GROUP BY the clustering column, morsel by morsel, without a table of groups.
///
/// Within a row group the rows of a code lie together. So in each morsel
///
/// 1. runs of rows are the groups, numbered 0, 1, 2 …, with states that stay in the cache;
/// 2. groups that cannot occur in another morsel are finished and go on to the next step at once;
/// 3. rows of the others (the first and the last group of the morsel, and codes that several row
///    groups have) are also gathered in a table, whose groups come out when all morsels are done.
struct ClusteredAggregateSource: BatchSource {
  private(set) var input: Pipeline
  /// The input column that is grouped by.
  let key: Int
  let aggregates: [CompiledAggregate]
  private let dictionary: Vector
  private let several: CodeSet
  /// Groups by the same key the rows of groups that morsels share.
  private let sharedSink: AggregateSink
  private var shared = SharedGroups()

  /// Nil where the input does not come from a table that is clustered by the key, or the aggregates
  /// depend on the order of rows.
  init?(
    input: Pipeline, keys: [CompiledExpression], aggregates: [CompiledAggregate],
    context: QueryContext
  ) throws(QueryError) {
    guard keys.count == 1, let key = keys[0].bareColumn,
      !aggregates.contains(where: \.needsOrder), input.source.lateTaskCount == 0
    else { return nil }
    let facts = input.facts(key)
    guard let table = facts.clusters, let dictionary = facts.dictionary, dictionary.type != .double
    else { return nil }
    do throws(StoreError) {
      guard let several = try table.codesOfSeveralRowGroups() else { return nil }
      self.several = several
    } catch { throw QueryError(.storage, error.description) }
    self.input = input
    self.key = key
    self.dictionary = dictionary
    sharedSink = AggregateSink(
      input: input, keys: keys, aggregates: aggregates, context: context, alwaysHashes: true)
    self.aggregates = sharedSink.aggregates
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

  /// What is known of the output's columns.
  func facts(_ column: Int) -> ColumnFacts {
    column == 0 ? ColumnFacts(dictionary: dictionary, range: nil) : .none
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
        if batch.rowCount > 0 { _ = try emit(batch) }
        return
      }
      let groups = MorselGroups(source.dictionary)
      let states = source.sharedSink.makeStates(groupLimit: nil)
      try source.input.runTask(task, scanner, evaluator) { batch throws(QueryError) in
        try consume(batch, groups, states)
        return true
      }
      guard groups.count > 0 else { return }
      if !groups.isLastShared(source.several) {
        for rows in groups.rowsOfLast { try share(rows) }
      }
      try finish(groups, states, emit)
    }

    private func consume(
      _ batch: Batch, _ groups: MorselGroups, _ states: [AggregateState]
    ) throws(QueryError) {
      let count = batch.rowCount
      let rowGroups = numbers.room(count + 8)
      let runs = try groups.number(batch, column: source.key, into: rowGroups)
      for (aggregate, own) in zip(source.aggregates, states) {
        own.accumulator.resize(to: groups.count)
        try aggregate.update(own, batch, .runs(runs), evaluator)
      }
      let kept = groups.sharedRows(runs, several: source.several, count: count)
      if kept.count > 0 { try share(kept.narrow(batch)) }
      groups.holdLast(batch, runs)
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

    private func finish(
      _ groups: MorselGroups, _ states: [AggregateState],
      _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) {
      let own = groups.ownGroups(several: source.several)
      if own.count == 0 { return }
      var columns = [groups.keys]
      for (aggregate, state) in zip(source.aggregates, states) {
        do throws(QueryError) {
          columns.append(try state.accumulator.finish(count: groups.count))
        } catch { throw error.located(at: aggregate.position) }
      }
      let all = Batch(columns: columns, rowCount: groups.count)
      let first = Int(own.pointer[0])
      let isUnbroken = Int(own.pointer[own.count - 1]) == first + own.count - 1
      let batch = isUnbroken ? all.slice(offset: first, count: own.count) : own.narrow(all)
      _ = try batch.emit(inPiecesOf: context.options.batchRows, emit)
    }
  }
}

/// The groups of one morsel: runs of equal codes, which ascend.
private final class MorselGroups {
  private let dictionary: Vector
  private let codes = GrowingBuffer()
  private(set) var count = 0
  /// The rows of the last group so far, which perhaps goes on in the next morsel.
  private(set) var rowsOfLast: [Batch] = []
  private let runEnds = GrowingBuffer()
  private let index: DictionaryIndex

  init(_ dictionary: Vector) {
    self.dictionary = dictionary
    index = DictionaryIndex(dictionary)
  }

  /// The keys of all groups.
  var keys: Vector {
    let copy = Buffer(UInt32.self, count: count)
    copy.pointer(UInt32.self).update(from: codes.pointer, count: count)
    return Vector(
      codes: UnsafePointer(copy.pointer(UInt32.self)), count: count, dictionary: dictionary,
      owners: [copy])
  }

  /// Writes the group of each row to `rowGroups`, which has room for eight rows more, and returns
  /// the batch's runs.
  func number(
    _ batch: Batch, column: Int, into rowGroups: UnsafeMutablePointer<UInt32>
  ) throws(QueryError) -> GroupRuns {
    let rows = batch.rowCount
    let vector = batch.columns[column]
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
    guard isOrdered else {
      throw QueryError(.storage, "the rows of a row group are not in the order of their clusters")
    }
    return GroupRuns(
      groups: UnsafePointer(rowGroups), ends: UnsafePointer(ends), runCount: runs,
      areClusters: true)
  }

  /// The batch's rows whose groups are the morsel's first, or of a code that several row groups have.
  func sharedRows(
    _ runs: GroupRuns, several: CodeSet, count rows: Int
  ) -> Selection {
    let buffer = Buffer(UInt32.self, count: rows)
    let output = buffer.pointer(UInt32.self)
    let codes = codes.pointer
    let bits = several.bits
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
  func holdLast(_ batch: Batch, _ runs: GroupRuns) {
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
  func ownGroups(several: CodeSet) -> Selection {
    let buffer = Buffer(UInt32.self, count: count)
    let output = buffer.pointer(UInt32.self)
    let codes = codes.pointer
    var found = 0
    var group = 1
    while group < count - 1 {
      output[found] = UInt32(truncatingIfNeeded: group)
      found &+= several.contains(codes[group]) ? 0 : 1
      group += 1
    }
    return Selection(buffer, count: found)
  }

  /// Whether the last group's rows were shared as those of another kind.
  func isLastShared(_ several: CodeSet) -> Bool {
    count == 1 || several.contains(codes.pointer[count - 1])
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
