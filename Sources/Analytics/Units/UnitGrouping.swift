import ColStore
import Query
import Synchronization

/// Takes units one after the other, for one worker.
protocol UnitConsumer: AnyObject {
  /// Units of a part of the input follow. Parts are numbered in store order, those whose rows lay
  /// apart last.
  func begin(part: Int)
  /// One unit's events, in the order of their times, at least one.
  ///
  /// - Parameter order: Where the unit comes in the store, where that was asked for: what
  ///   ``reserve()`` said, or the place of its first row.
  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ rows: Range<Int>
  ) throws(QueryError)
  /// A unit of this place in the part comes later; the number of the place.
  func reserve() -> Int
  /// The part's units are over.
  func end() throws(QueryError)
}

extension UnitConsumer {
  func begin(part: Int) {}
  func reserve() -> Int { 0 }
  func end() throws(QueryError) {}
}

/// Brings the rows of each unit together and hands the units to consumers, one a worker.
///
/// 1. Where the input is a table that is clustered by the unit, a unit's rows lie together in its
///    row group: most units are handed on straight from the decoded columns. Rows of units that may
///    go on in another task are set aside.
/// 2. All other rows are set aside: scattered to partitions by unit, in as many passes over the
///    input as keep them in memory.
/// 3. Each partition is put in order in a core's cache, and its units are handed on.
struct UnitGrouping<Consumer: UnitConsumer> {
  let source: EventSource
  /// Whether units are told where in the store they come.
  let needsOrder: Bool
  let context: QueryContext

  /// Bytes that rows set aside may take.
  private var budget: Int {
    let most = 640 << 20
    return max(16 << 20, min(most, (context.options.memoryLimit ?? .max) / 3))
  }

  struct Outcome {
    let consumers: [Consumer]
    let leftOut: LeftOut
    /// The latest time of all rows; nil where there is none.
    let lastTime: Int64?
    /// How many parts have rows that lay together; those behind had been set aside.
    let clusteredParts: Int
  }

  func run(_ make: (Int) -> Consumer) throws(QueryError) -> Outcome {
    let workers = max(1, context.options.threads)
    let consumers = (0..<workers).map(make)
    let readers = (0..<workers).map { _ in EventReader(source) }
    var parts = 0
    if let table = source.clusters, let several = try Self.shared(table), fits(several) {
      parts = try runClustered(several, consumers, readers)
    } else {
      try runScattered(consumers, readers)
    }
    var leftOut = LeftOut()
    for reader in readers { leftOut += reader.leftOut }
    let last = readers.map(\.lastTime).max() ?? .min
    return Outcome(
      consumers: consumers, leftOut: leftOut, lastTime: last == .min ? nil : last,
      clusteredParts: parts)
  }

  /// Whether the rows of these units may wait in memory, if they have as many as others.
  private func fits(_ units: CodeSet) -> Bool {
    let rowsOfUnit = Double(source.input.rowLimit ?? 0) / Double(max(1, source.unit.count))
    let rowBytes = EventPartitions.rowBytes(source.layout, hasOrder: true)
    return Double(units.count) * rowsOfUnit * Double(rowBytes) <= Double(budget)
  }

  private static func shared(_ table: any RowSource) throws(QueryError) -> CodeSet? {
    do throws(StoreError) { return try table.codesOfSeveralRowGroups() } catch {
      throw QueryError(.storage, error.description)
    }
  }

  // MARK: Rows that lie together

  private func runClustered(
    _ several: CodeSet, _ consumers: [Consumer], _ readers: [EventReader]
  ) throws(QueryError) -> Int {
    let division = EventPartitions.Division(
      units: 0..<source.unit.count, rows: (source.input.rowLimit ?? 0) / 32)
    // Rows come from tasks in any order: their places tell which of a unit's are the first.
    let aside = consumers.map { _ in EventPartitions(source.layout, division, hasOrder: true) }
    let workers = min(consumers.count, source.input.workers(context))
    let scans = Unshared(
      (0..<workers).map {
        ClusteredUnits(
          consumer: consumers[$0], reader: readers[$0], aside: aside[$0], several: several,
          layout: source.layout)
      })
    try source.input.run(
      context, workers: workers, sharing: .anyOrder,
      endTask: { worker, _ throws(QueryError) in try scans[worker].endTask() },
      consume: { worker, task, batch throws(QueryError) in
        try scans[worker].consume(batch, task: task)
        return true
      })
    let parts = source.input.source.taskCount
    try handOn(aside, division, consumers, firstPart: parts)
    return parts
  }

  // MARK: Rows that lie anywhere

  private func runScattered(
    _ consumers: [Consumer], _ readers: [EventReader]
  ) throws(QueryError) {
    let rows = source.input.rowLimit ?? 1 << 22
    // Filters may leave few rows: only where they do not, several passes are made.
    if try runPass(0, of: 1, rows: rows, consumers, readers, firstPart: 0) != nil { return }
    let bytes = rows * EventPartitions.rowBytes(source.layout, hasOrder: needsOrder)
    let passes = max(2, min((bytes + budget - 1) / budget, source.unit.count))
    var part = 0
    for pass in 0..<passes {
      // What is left out is counted once.
      let reading = pass == 0 ? readers : consumers.map { _ in EventReader(source) }
      for reader in reading { reader.reset() }
      let parts = try runPass(
        pass, of: passes, rows: rows / passes, consumers, reading, firstPart: part)
      part += parts ?? 0
    }
  }

  /// Sets aside the rows of a share of the units, and hands those units on.
  ///
  /// - Returns: How many parts there were; nil where, in a single pass, the rows were too many.
  private func runPass(
    _ pass: Int, of passes: Int, rows: Int, _ consumers: [Consumer], _ readers: [EventReader],
    firstPart: Int
  ) throws(QueryError) -> Int? {
    let units = source.unit.count * pass / passes..<source.unit.count * (pass + 1) / passes
    let division = EventPartitions.Division(units: units, isPart: passes > 1, rows: rows)
    let aside = Unshared(
      consumers.map { _ in EventPartitions(source.layout, division, hasOrder: needsOrder) })
    let workers = min(consumers.count, source.input.workers(context))
    let scans = Unshared(
      (0..<workers).map { ScatteredRows(reader: readers[$0], aside: aside[$0]) })
    let share = passes > 1 ? Int.max : budget / workers
    let isTooMuch = Atomic<Bool>(false)
    try source.input.run(
      context, workers: workers, sharing: .ranges,
      consume: { worker, task, batch throws(QueryError) in
        scans[worker].consume(batch, task: task)
        if aside[worker].byteCount <= share { return true }
        isTooMuch.store(true, ordering: .relaxed)
        return false
      })
    if isTooMuch.load(ordering: .relaxed) { return nil }
    try handOn(aside.all, division, consumers, firstPart: firstPart)
    return division.count
  }

  /// Hands the units of all partitions to the consumers.
  private func handOn(
    _ aside: [EventPartitions], _ division: EventPartitions.Division, _ consumers: [Consumer],
    firstPart: Int
  ) throws(QueryError) {
    defer {
      if aside.contains(where: { $0.byteCount > 16 << 20 }) { returnFreedMemory() }
    }
    let counter = WorkCounter(count: division.count)
    let shared = Unshared(consumers)
    let rows = Unshared(aside)
    do {
      try runWorkers(min(consumers.count, division.count)) { worker in
        let sorter = UnitSorter(source.layout)
        let consumer = shared[worker]
        while let partition = counter.next() {
          do throws(QueryError) {
            try context.check()
            EventPartitions.units(rows.all, partition: partition, sorter)
            consumer.begin(part: firstPart + partition)
            try sorter.forEachUnit {
              unit, order, events, rows throws(QueryError) in
              try consumer.consume(unit, order: order, events, rows)
            }
            try consumer.end()
          } catch {
            counter.cancel()
            throw error
          }
        }
      }
    } catch {
      throw (error as? QueryError) ?? QueryError(.storage, "\(error)")
    }
  }
}

/// Scatters the rows of batches, for one worker.
private final class ScatteredRows {
  private let reader: EventReader
  private let aside: EventPartitions
  private var task = -1
  private var row: UInt64 = 0

  init(reader: EventReader, aside: EventPartitions) {
    self.reader = reader
    self.aside = aside
  }

  func consume(_ batch: Batch, task: Int) {
    if task != self.task {
      self.task = task
      row = UInt64(task) << 32
    }
    reader.read(batch)
    let (first, last) = (aside.division.units.lowerBound, aside.division.units.upperBound)
    let units = reader.units
    let lanes = reader.lanes
    let isAll = reader.kept == nil && !aside.division.isPart
    for index in 0..<batch.rowCount {
      let unit = Int(units[index])
      if isAll || (unit >= first && unit < last && (reader.kept.map { $0[index] != 0 } ?? true)) {
        aside.append(units[index], order: row &+ UInt64(index), lanes, index)
      }
    }
    row += UInt64(batch.rowCount)
  }
}
