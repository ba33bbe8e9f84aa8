import ColStore
import Synchronization

/// Where the batches of a pipeline come from: numbered tasks, whose batches in task order are the
/// relation's rows in order.
package protocol BatchSource: Sendable {
  var taskCount: Int { get }
  /// How many rows there are; nil where that is not known.
  var rowCount: Int? { get }
  /// How many of the last tasks wait until all others have ended.
  var lateTaskCount: Int { get }
  func makeScanner(_ context: QueryContext) -> any BatchScanner
  /// Rows of a table that the task looks at, for those who wait.
  func scannedRows(ofTask task: Int) -> Int
  /// The same source, to be run from its start, whatever a run before has come to; nil where it can
  /// be run once only.
  func repeated() -> (any BatchSource)?
}

extension BatchSource {
  package var rowCount: Int? { nil }
  package var lateTaskCount: Int { 0 }
  package func scannedRows(ofTask task: Int) -> Int { 0 }
  package func repeated() -> (any BatchSource)? { nil }
}

/// Runs tasks of a source for one worker.
package protocol BatchScanner: AnyObject {
  /// Hands the task's batches to `emit`, none of them empty, until that returns false.
  func scan(
    task: Int, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError)
}

/// A step that turns a batch into others without looking at more than one: filter, project, probe.
protocol StreamOperator: Sendable {
  /// Hands on what becomes of `batch`; returns false once no more is wanted.
  func process(
    _ batch: Batch, _ evaluator: Evaluator, _ emit: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool
}

/// What is known of an output column of a pipeline before any row is seen.
package struct ColumnFacts: Sendable {
  /// Every dictionary vector of the column has this dictionary, whose entries are distinct.
  package var dictionary: Vector?
  /// All values that are not NULL lie in this range (64-bit integers only).
  package var range: ClosedRange<Int64>?
  /// No value is NULL.
  package var isNeverNull = false
  /// The table that has this column as its clustering column, where each task has the rows of a
  /// morsel or some of them, in order.
  package var clusters: (any RowSource)?

  package static let none = ColumnFacts()

  /// The same of rows that have another order, or are cut into other tasks.
  var ofMovedRows: ColumnFacts {
    var facts = self
    facts.clusters = nil
    return facts
  }
}

/// A source and the steps that its batches go through on the way to a sink.
package struct Pipeline: Sendable {
  package let source: any BatchSource
  let operators: [any StreamOperator]
  package let types: [DataType]
  /// Facts of column i; looked up only where somebody asks.
  package let facts: @Sendable (Int) -> ColumnFacts
  /// The most rows that can come out; nil where that is unknown.
  package let rowLimit: Int?
  /// Set while a statement is profiled.
  private(set) var trace: PipelineTrace?

  init(
    source: any BatchSource, operators: [any StreamOperator] = [], types: [DataType],
    rowLimit: Int? = nil, trace: PipelineTrace? = nil,
    facts: @escaping @Sendable (Int) -> ColumnFacts = { _ in .none }
  ) {
    self.source = source
    self.operators = operators
    self.types = types
    self.facts = facts
    self.rowLimit = rowLimit
    self.trace = trace
  }

  /// The rows of `batches`.
  init(
    _ batches: [Batch], types: [DataType], _ context: QueryContext,
    facts: @escaping @Sendable (Int) -> ColumnFacts = { _ in .none }
  ) {
    let source = BatchesSource(
      batches.filter { $0.rowCount > 0 }, batchRows: context.options.batchRows)
    self.init(source: source, types: types, rowLimit: source.rowCount, facts: facts)
  }

  /// The same rows, held in memory.
  func held(_ context: QueryContext) throws(QueryError) -> Pipeline {
    if operators.isEmpty, source is BatchesSource { return self }
    return Pipeline(try collect(context), types: types, context) { facts($0).ofMovedRows }
  }

  /// The same pipeline, of which a profile sees nothing.
  private var untraced: Pipeline {
    var pipeline = self
    pipeline.trace = nil
    return pipeline
  }

  /// The same pipeline, whose output so far is that of the plan's node `node`.
  func traced(_ node: OperatorProfile, _ profile: PlanProfile) -> Pipeline {
    var traced = self
    traced.trace = (trace ?? PipelineTrace(profile)).adding(node, place: operators.count)
    return traced
  }

  /// The same steps over `source`, whose rows are some of those of this pipeline's.
  func over(_ source: any BatchSource) -> Pipeline {
    Pipeline(
      source: source, operators: operators, types: types, rowLimit: rowLimit, trace: trace,
      facts: facts)
  }

  /// The same pipeline, to be run from its start, whatever a run before has come to; nil where it can
  /// be run once only.
  var repeated: Pipeline? { source.repeated().map { over($0) } }

  func appending(
    _ step: any StreamOperator, types: [DataType], addsRows: Bool = false,
    facts: @escaping @Sendable (Int) -> ColumnFacts
  ) -> Pipeline {
    Pipeline(
      source: source, operators: operators + [step], types: types,
      rowLimit: addsRows ? nil : rowLimit, trace: trace, facts: facts)
  }

  /// The columns `columns`, in that order.
  func keeping(
    _ columns: [Int], facts: @escaping @Sendable (Int) -> ColumnFacts
  ) -> Pipeline {
    appending(
      ProjectOperator(
        expressions: columns.map { CompiledExpression(column: $0, type: types[$0]) }),
      types: columns.map { types[$0] }, facts: facts)
  }

  /// The same of which only these columns are read.
  func reading(_ columns: [Int]) -> Pipeline {
    guard operators.isEmpty, let scan = source as? ScanSource else { return self }
    return over(scan.reading(Set(columns)))
  }

  /// Whether nothing is done yet to the rows of a table's scan.
  var isBareScan: Bool { operators.isEmpty && source is ScanSource }

  /// The rows for which `predicate` holds, as soon as that can be told.
  func filtered(by predicate: CompiledExpression) -> Pipeline {
    if operators.isEmpty, let scan = source as? ScanSource, !predicate.canFail {
      return over(scan.filtered(by: predicate))
    }
    return appending(FilterOperator(predicate: predicate), types: types, facts: facts)
  }

  /// How tasks are shared out among workers.
  package enum Sharing {
    /// Each worker takes the next task: for sinks that do not care.
    case anyOrder
    /// Each worker has one range of tasks, in worker order: what workers gather is in store order
    /// when it is put together in worker order, and never depends on timing.
    case ranges
  }

  /// Runs all tasks. `consume` is called on `workers` threads with the worker, the task and each
  /// batch; it returns false to stop everything. `endTask` follows the last batch of a task.
  package func run(
    _ context: QueryContext, workers: Int, sharing: Sharing,
    endTask: (@Sendable (_ worker: Int, _ task: Int) throws(QueryError) -> Void)? = nil,
    onFailure: (@Sendable () -> Void)? = nil,
    consume: @Sendable (_ worker: Int, _ task: Int, Batch) throws(QueryError) -> Bool
  ) throws(QueryError) {
    let prompt = source.taskCount - source.lateTaskCount
    let counter = WorkCounter(count: prompt)
    let stopped = Atomic<Bool>(false)
    let evaluator = Evaluator(context)
    let clock = context.profile.flatMap { $0.isTimed ? $0.clock : nil }
    let owner = clock?.current
    try Pipeline.onWorkers(workers) { worker throws(QueryError) in
      if worker > 0 { clock?.hand(to: owner) }
      defer { if worker > 0 { clock?.hand(to: nil) } }
      do throws(QueryError) {
        let scanner = source.makeScanner(context)
        func run(_ task: Int) throws(QueryError) {
          try context.check()
          try runTask(task, scanner, evaluator) { batch throws(QueryError) in
            if stopped.load(ordering: .relaxed) { return false }
            let wantsMore = try consume(worker, task, batch)
            if !wantsMore { stopped.store(true, ordering: .relaxed) }
            return wantsMore
          }
          try endTask?(worker, task)
          context.didScan(rows: source.scannedRows(ofTask: task))
          if clock != nil { context.profile?.sampleNowAndThen() }
          try context.check()
        }
        switch sharing {
        case .anyOrder:
          while !stopped.load(ordering: .relaxed), let task = counter.next() { try run(task) }
        case .ranges:
          let range = prompt * worker / workers..<prompt * (worker + 1) / workers
          for task in range where !stopped.load(ordering: .relaxed) { try run(task) }
        }
      } catch {
        stopped.store(true, ordering: .relaxed)
        counter.cancel()
        onFailure?()
        throw error
      }
    }
    // The last worker has the last tasks, as in store order.
    let scanner = source.makeScanner(context)
    do {
      for task in prompt..<source.taskCount where !stopped.load(ordering: .relaxed) {
        try runTask(task, scanner, evaluator) { batch throws(QueryError) in
          let wantsMore = try consume(workers - 1, task, batch)
          if !wantsMore { stopped.store(true, ordering: .relaxed) }
          return wantsMore
        }
        try endTask?(workers - 1, task)
      }
    } catch {
      onFailure?()
      throw error
    }
  }

  /// Runs `body` on all workers, whose errors are all of one type.
  static func onWorkers(
    _ workers: Int, _ body: @Sendable (Int) throws(QueryError) -> Void
  ) throws(QueryError) {
    do {
      try runWorkers(workers) { worker in try body(worker) }
    } catch let error as QueryError {
      throw error
    } catch {
      throw QueryError(.storage, "\(error)")
    }
  }

  /// Runs one task through all steps; `consume` returns false once no more is wanted.
  func runTask(
    _ task: Int, _ scanner: any BatchScanner, _ evaluator: Evaluator,
    _ consume: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) {
    guard let trace else {
      return try scanner.scan(task: task) { batch throws(QueryError) in
        try push(batch, from: 0, evaluator, consume)
      }
    }
    let sink = trace.begin()
    try scanner.scan(task: task) { batch throws(QueryError) in
      try push(batch, from: 0, evaluator, trace, sink: sink, consume)
    }
    trace.end(sink)
  }

  /// As the other, and notes what each node hands on, and whose time it is.
  private func push(
    _ batch: Batch, from index: Int, _ evaluator: Evaluator, _ trace: PipelineTrace,
    sink: OperatorProfile?, _ consume: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    let isLast = index == operators.count
    let giver = trace.handOver(batch, place: index, to: isLast ? sink : nil)
    defer { trace.end(giver) }
    if isLast { return try consume(batch) }
    try evaluator.cancellation.check()
    return try operators[index].process(batch, evaluator) { next throws(QueryError) in
      try push(next, from: index + 1, evaluator, trace, sink: sink, consume)
    }
  }

  private func push(
    _ batch: Batch, from index: Int, _ evaluator: Evaluator,
    _ consume: (Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Bool {
    if index == operators.count { return try consume(batch) }
    try evaluator.cancellation.check()
    return try operators[index].process(batch, evaluator) { next throws(QueryError) in
      try push(next, from: index + 1, evaluator, consume)
    }
  }

  /// Runs a few tasks, far apart, of which a profile sees nothing; `consume` is called with the number
  /// of the sample and each batch, until it returns false for that sample. Returns how many there are.
  func runSamples(
    _ context: QueryContext, consume: (_ sample: Int, Batch) throws(QueryError) -> Bool
  ) throws(QueryError) -> Int {
    let pipeline = untraced
    let scanner = source.makeScanner(context)
    let evaluator = Evaluator(context)
    let tasks = source.taskCount - source.lateTaskCount
    let samples = min(4, tasks)
    for sample in 0..<samples {
      try context.check()
      let task = tasks * (2 * sample + 1) / (2 * samples)
      try pipeline.runTask(task, scanner, evaluator) { batch throws(QueryError) in
        try consume(sample, batch)
      }
    }
    return samples
  }

  /// Workers that are worth starting: no more than there are tasks.
  package func workers(_ context: QueryContext) -> Int {
    max(1, min(context.options.threads, source.taskCount))
  }

  /// All output batches in order; `rowsWanted` stops early.
  package func collect(_ context: QueryContext, rowsWanted: Int = .max) throws(QueryError)
    -> [Batch]
  {
    let collector = BatchCollector(taskCount: source.taskCount)
    let workers = rowsWanted == .max ? workers(context) : min(workers(context), 2)
    try run(
      context, workers: workers, sharing: .anyOrder,
      endTask: { _, task in collector.end(task) },
      consume: { _, task, batch in collector.add(batch, task: task) < rowsWanted })
    return collector.batches
  }

  /// The output batches in order, until `wantsMore`, which is told of each batch's rows, says no.
  func collect(
    _ context: QueryContext, while wantsMore: @Sendable (Int) -> Bool
  ) throws(QueryError) -> [Batch] {
    let collector = BatchCollector(taskCount: source.taskCount)
    try run(
      context, workers: workers(context), sharing: .anyOrder,
      consume: { _, task, batch in
        _ = collector.add(batch, task: task)
        return wantsMore(batch.rowCount)
      })
    return collector.batches
  }
}

/// Collects batches by task, and counts the rows of the leading finished tasks.
private final class BatchCollector: Sendable {
  private struct State {
    var byTask: [Int: [Batch]] = [:]
    var ended: Set<Int> = []
    /// Tasks below this one have ended; their rows and those so far of this one are counted.
    var leading = 0
    var leadingRows = 0
  }

  private let state = Mutex(State())
  private let taskCount: Int

  init(taskCount: Int) { self.taskCount = taskCount }

  /// Returns the rows that are certain to come first in order.
  func add(_ batch: Batch, task: Int) -> Int {
    state.withLock { state in
      state.byTask[task, default: []].append(batch)
      if task == state.leading { state.leadingRows += batch.rowCount }
      return state.leadingRows
    }
  }

  func end(_ task: Int) {
    state.withLock { state in
      state.ended.insert(task)
      while state.ended.contains(state.leading) {
        state.ended.remove(state.leading)
        state.leading += 1
        state.leadingRows += state.byTask[state.leading]?.reduce(0) { $0 + $1.rowCount } ?? 0
      }
    }
  }

  var batches: [Batch] {
    state.withLock { state in
      state.byTask.keys.sorted().flatMap { state.byTask[$0] ?? [] }
    }
  }
}

/// Batches at hand, as a source.
struct BatchesSource: BatchSource {
  let batches: [Batch]
  /// Rows of one batch that go out at a time.
  let batchRows: Int
  private let starts: [(batch: Int, offset: Int)]

  init(_ batches: [Batch], batchRows: Int) {
    self.batches = batches
    self.batchRows = batchRows
    // A task takes more than a batch's worth of rows, so that workers seldom meet at the counter.
    var starts: [(Int, Int)] = []
    for (index, batch) in batches.enumerated() {
      var offset = 0
      while offset < batch.rowCount {
        starts.append((index, offset))
        offset += blockRowsMax
      }
    }
    self.starts = starts
  }

  var taskCount: Int { starts.count }

  var rowCount: Int? { batches.reduce(0) { $0 + $1.rowCount } }

  func repeated() -> (any BatchSource)? { self }

  func makeScanner(_ context: QueryContext) -> any BatchScanner { Scanner(source: self) }

  private final class Scanner: BatchScanner {
    private let source: BatchesSource

    init(source: BatchesSource) { self.source = source }

    func scan(
      task: Int, _ emit: (Batch) throws(QueryError) -> Bool
    ) throws(QueryError) {
      let (index, start) = source.starts[task]
      let batch = source.batches[index]
      let end = min(start + blockRowsMax, batch.rowCount)
      var offset = start
      while offset < end {
        let count = min(source.batchRows, end - offset)
        if try !emit(batch.slice(offset: offset, count: count)) { return }
        offset += count
      }
    }
  }
}
