import ColStore

/// The groups of the clustering column alone: runs of equal codes, which ascend.
final class ClusterGroups: MorselGroups {
  private let clusters: ClusteredAggregateSource.Clusters
  private let aggregates: [CompiledAggregate]
  private let states: [AggregateState]
  private let evaluator: Evaluator
  /// Room that is there for one morsel after another.
  private let numbers: GrowingBuffer
  /// The code of each group. Group 0 takes what other morsels may have too: rows of the first cluster,
  /// and of codes that several row groups have. Nobody asks for its results.
  private let codes = GrowingBuffer()
  private var count = 1
  /// The code of the last row so far (-1: there is none), and its group.
  private var lastCode: Int64 = -1
  private var lastGroup: UInt32 = 0
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
    let groupOfLast = lastGroup
    let runs = try number(batch, into: numbers.room(batch.rowCount + 8))
    let stretches = StretchBatch(batch, runs, aggregates)
    for (aggregate, own) in zip(aggregates, states) {
      own.accumulator.resize(to: count)
      if let stretches, let weighted = own.accumulator as? any WeightedAccumulator,
        try stretches.update(weighted, aggregate, evaluator)
      {
        continue
      }
      try aggregate.update(own, batch, .runs(runs), evaluator)
    }
    let shared = sharedRows(runs)
    if shared.count > 0 { try share(shared.narrow(batch)) }
    if lastGroup != groupOfLast { rowsOfLast = [] }
    if lastGroup != 0 { rowsOfLast.append(rows(ofGroup: lastGroup, batch, runs)) }
  }

  func finish(share: Share) throws(QueryError) -> Batch {
    for rows in rowsOfLast { try share(rows) }
    let own = lastGroup == 0 ? 1..<count : 1..<count - 1
    guard !own.isEmpty else { return Batch(columns: [], rowCount: 0) }
    var columns = [keys]
    for (aggregate, state) in zip(aggregates, states) {
      do throws(QueryError) {
        columns.append(try state.accumulator.finish(count: count))
      } catch { throw error.located(at: aggregate.position) }
    }
    return Batch(columns: columns, rowCount: count).slice(
      offset: own.lowerBound, count: own.count)
  }

  /// The keys of all groups.
  private var keys: Vector {
    let copy = Buffer(UInt32.self, count: count)
    copy.pointer(UInt32.self)[0] = 0
    (copy.pointer(UInt32.self) + 1).update(from: codes.pointer + 1, count: count - 1)
    return Vector(
      codes: UnsafePointer(copy.pointer(UInt32.self)), count: count,
      dictionary: clusters.dictionary, owners: [copy])
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
    let several = clusters.several.bits
    var (last, group, count) = (lastCode, lastGroup, count)
    var runs = 0
    var row = 0
    var isOrdered = true
    @inline(__always)
    func open(_ code: UInt32) {
      if last == Int64(code) { return }
      isOrdered = isOrdered && last < Int64(code)
      let isShared = last < 0 || several[Int(code >> 6)] >> UInt64(code & 63) & 1 == 1
      last = Int64(code)
      group = isShared ? 0 : UInt32(truncatingIfNeeded: count)
      known[count] = code
      count += isShared ? 0 : 1
    }
    if vector.dictionary === dictionary, let window = vector.runs {
      for run in window.indices {
        open(window.runs.codes[run])
        let end = window.end(run)
        // Eight rows at a time: what is written too much is overwritten by the next run.
        let groups = SIMD8(repeating: group)
        repeat {
          UnsafeMutableRawPointer(rowGroups + row).storeBytes(of: groups, as: SIMD8<UInt32>.self)
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
        let code = source[row]
        open(code)
        while row < rows && source[row] == code {
          rowGroups[row] = group
          row += 1
        }
        ends[runs] = UInt32(truncatingIfNeeded: row)
        runs += 1
      }
      withExtendedLifetime((found, vector)) {}
    }
    (lastCode, lastGroup, self.count) = (last, group, count)
    guard isOrdered else { throw MorselOrder.error }
    return GroupRuns(
      groups: UnsafePointer(rowGroups), ends: UnsafePointer(ends), runCount: runs,
      areClusters: true)
  }

  /// The batch's rows of group 0.
  private func sharedRows(_ runs: GroupRuns) -> Selection {
    var rows: [UInt32] = []
    var start: UInt32 = 0
    for run in 0..<runs.runCount {
      let end = runs.ends[run]
      if runs.groups[Int(start)] == 0 { rows += start..<end }
      start = end
    }
    return Selection(rows)
  }

  /// The batch's rows of its last group.
  private func rows(ofGroup group: UInt32, _ batch: Batch, _ runs: GroupRuns) -> Batch {
    var start = batch.rowCount
    while start > 0 && runs.groups[start - 1] == group { start -= 1 }
    return batch.slice(offset: start, count: batch.rowCount - start)
  }
}

/// Room for numbers that is reused and grows.
final class GrowingBuffer {
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
