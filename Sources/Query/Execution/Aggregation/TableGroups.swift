import ColStore

/// The groups of several keys, in a table.
final class TableGroups: MorselGroups {
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
