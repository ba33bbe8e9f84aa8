import ColStore
import Query

/// Finds the units of clustered tasks, for one worker.
///
/// A unit that ends within a batch is handed on in place. The last one of a batch is kept until its
/// rest has come. The first and the last of a task, and those of several row groups, are set aside.
final class ClusteredUnits<Consumer: UnitConsumer> {
  private let consumer: Consumer
  private let reader: EventReader
  private let aside: EventPartitions
  private let several: CodeSet
  /// The unit that the last batch ended with.
  private let pending: EventBuffer
  private var pendingUnit: UInt32?
  /// A unit's rows that count, and those in the order of their times.
  private let tidy: EventBuffer
  private let sorted: EventBuffer
  private let numbers = GrowingOrder()
  private var task: Int?
  private var isFirst = true

  init(
    consumer: Consumer, reader: EventReader, aside: EventPartitions, several: CodeSet,
    layout: EventLayout
  ) {
    self.consumer = consumer
    self.reader = reader
    self.aside = aside
    self.several = several
    pending = EventBuffer(layout)
    tidy = EventBuffer(layout)
    sorted = EventBuffer(layout)
  }

  func consume(_ batch: Batch, task: Int) throws(QueryError) {
    if self.task == nil {
      self.task = task
      isFirst = true
      consumer.begin(part: task)
    }
    reader.read(batch)
    let count = batch.rowCount
    let units = reader.units
    let lanes = reader.lanes
    var start = 0
    while start < count {
      let unit = units[start]
      var end = start + 1
      while end < count && units[end] == unit { end += 1 }
      if unit == pendingUnit {
        pending.append(lanes, start..<end, kept: reader.kept)
      } else {
        try finishPending(isLast: false)
        if end == count {
          pendingUnit = unit
          pending.append(lanes, start..<end, kept: reader.kept)
        } else {
          try finish(unit, lanes, start..<end, kept: reader.kept, isLast: false)
        }
      }
      start = end
    }
  }

  func endTask() throws(QueryError) {
    try finishPending(isLast: true)
    if task != nil { try consumer.end() }
    task = nil
  }

  private func finishPending(isLast: Bool) throws(QueryError) {
    guard let unit = pendingUnit else { return }
    pendingUnit = nil
    if pending.count > 0 {
      try finish(unit, pending.lanes, 0..<pending.count, kept: nil, isLast: isLast)
    } else {
      isFirst = false
    }
    pending.removeAll()
  }

  private func finish(
    _ unit: UInt32, _ lanes: EventLanes, _ rows: Range<Int>, kept: UnsafePointer<UInt8>?,
    isLast: Bool
  ) throws(QueryError) {
    var (lanes, rows) = (lanes, rows)
    let isApart = isFirst || isLast || several.contains(unit)
    isFirst = false
    if let kept, rows.contains(where: { kept[$0] == 0 }) {
      tidy.removeAll()
      tidy.append(lanes, rows, kept: kept)
      if tidy.count == 0 { return }
      (lanes, rows) = (tidy.lanes, 0..<tidy.count)
    }
    let place = UInt64(task ?? 0) << 32
    if isApart {
      let order = place | UInt64(consumer.reserve())
      for row in rows { aside.append(unit, order: order, lanes, row) }
      return
    }
    if lanes.isSorted(rows) { return try consumer.consume(unit, order: place, lanes, rows) }
    try withSorted(lanes, rows) { sorted, rows throws(QueryError) in
      try consumer.consume(unit, order: place, sorted, rows)
    }
  }

  private func withSorted(
    _ lanes: EventLanes, _ rows: Range<Int>,
    _ body: (EventLanes, Range<Int>) throws(QueryError) -> Void
  ) throws(QueryError) {
    let order = numbers.room(rows.count)
    lanes.sort(rows, into: order)
    sorted.removeAll()
    sorted.append(lanes, ordered: UnsafeBufferPointer(start: order, count: rows.count))
    try body(sorted.lanes, 0..<rows.count)
  }
}

/// Room for row numbers that is used again.
final class GrowingOrder {
  private var buffer = Buffer(byteCount: 0)

  func room(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    if buffer.byteCount < count * 4 { buffer = Buffer(UInt32.self, count: count * 2) }
    return buffer.pointer(UInt32.self)
  }
}
