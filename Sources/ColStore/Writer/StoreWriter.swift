import Synchronization

/// Writes rows that come in batches of vectors to a new store: the results of queries and
/// analyses, and what is saved of a damaged store.
///
/// Rows are encoded by threads of the writer's own while more are appended. The store appears when
/// ``finish()`` returns; without it nothing does.
public final class StoreWriter: @unchecked Sendable {
  private let columns: [ColumnDescription]
  private let path: String
  private let replaces: Bool
  private let threads: Int
  private let clustering: Clustering

  /// Rows that are not yet handed on; the first of them are the sample that the plan is made from.
  private var waiting: [VectorRowChunk] = []
  private var current: [[Vector]] = []
  private var currentRows = 0
  private var waitingRows = 0
  private var nextIndex = 0
  private var encoding: Encoding?
  public private(set) var rowCount = 0

  /// - Throws: ``StoreError`` where a column is of a type that a store cannot hold.
  public init(
    columns: [ColumnDescription], path: String, replaces: Bool,
    clustering: Clustering = .automatic, threads: Int = availableProcessors
  ) throws(StoreError) {
    for column in columns where !column.type.isStorable {
      throw StoreError(
        "column \(column.name) is of type \(column.type), which a store cannot hold", at: path)
    }
    self.columns = columns
    self.path = path
    self.replaces = replaces
    self.clustering = clustering
    self.threads = threads
  }

  deinit { encoding?.abandon() }

  /// Appends rows: one vector a column, all with the same number of rows.
  ///
  /// The vectors may be kept for a while, with all that they keep alive.
  public func append(_ batch: [Vector]) throws(StoreError) {
    guard let count = batch.first?.count, count > 0 else { return }
    rowCount += count
    current.append(batch)
    currentRows += count
    let wanted =
      encoding == nil ? VectorRowChunk.rowsOfSample : VectorRowChunk.rowsWanted
    if currentRows >= wanted { try closeChunk() }
  }

  private func closeChunk() throws(StoreError) {
    guard currentRows > 0 else { return }
    let chunk = VectorRowChunk(index: nextIndex, batches: current, rowCount: currentRows)
    nextIndex += 1
    current = []
    currentRows = 0
    if let encoding { return try encoding.append(chunk) }
    waiting.append(chunk)
    waitingRows += chunk.rowCount
    if waitingRows >= sampleRows { try start() }
  }

  private func start() throws(StoreError) {
    let sample = columns.map { DictionaryParser(type: $0.type) }
    try waiting.first?.parse(parsers: sample, threads: threads)
    let planner = StructurePlanner(
      chunks: waiting, sample: sample, place: path, threads: threads)
    let plan = try planner.plan(
      columns.map { .type($0.type == .null ? .varchar : $0.type, isSettled: true) },
      names: columns.map(\.name), clustering: clustering)
    let encoding = Encoding(
      plan: plan, file: try StoreFile(creating: path, replaces: replaces), threads: threads)
    self.encoding = encoding
    for chunk in waiting { try encoding.append(chunk) }
    waiting = []
  }

  /// Encodes what is left and makes the store visible.
  public func finish() throws(StoreError) {
    try closeChunk()
    if encoding == nil { try start() }
    try encoding?.finish()
  }

  /// Rows that the plan is made from: more where a clustering is to be found in them.
  private var sampleRows: Int {
    let chunks = clustering == .automatic ? StructurePlanner.sampleChunksMax : 1
    return chunks * VectorRowChunk.rowsOfSample
  }
}

/// The pipeline of a ``StoreWriter``, on threads of its own, fed through a queue.
private final class Encoding: @unchecked Sendable {
  private let file: StoreFile
  private let state: StoreState
  private let queue: RowChunkQueue
  private let pipeline: IngestPipeline
  private let threads: Int
  private let outcome = Mutex<Result<[StoreFooter.RowGroup], StoreError>>(.success([]))
  private var thread: Thread?

  init(plan: IngestPlan, file: StoreFile, threads: Int) {
    self.file = file
    self.threads = threads
    state = StoreState(plan: plan)
    queue = RowChunkQueue(capacity: threads + 1)
    pipeline = IngestPipeline(state: state, source: queue, file: file, threads: threads)
    thread = Thread { [self] in
      let result = Result { () throws(StoreError) in try pipeline.run() }
      outcome.withLock { $0 = result }
      // Whoever still appends must not wait for a pipeline that has failed.
      queue.close()
    }
    if thread == nil {
      outcome.withLock { $0 = .failure(StoreError("no thread can be started")) }
      queue.close()
    }
  }

  /// Ends the threads where nobody waits for what they make.
  func abandon() { queue.close() }

  func append(_ chunk: VectorRowChunk) throws(StoreError) {
    guard queue.append(chunk) else {
      _ = try outcome.withLock { outcome throws(StoreError) in try outcome.get() }
      preconditionFailure("rows are not appended after the end")
    }
  }

  func finish() throws(StoreError) {
    queue.close()
    thread?.join()
    thread = nil
    var footer = StoreFooter()
    footer.rowGroups = try outcome.withLock { outcome throws(StoreError) in try outcome.get() }
    footer.clusterColumn = state.plan.clusterColumn
    footer.columns = try state.writeColumns(
      to: file, keeping: [], threads: threads)
    try file.commit(footer)
  }
}
