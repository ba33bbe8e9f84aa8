import ColStore
import Query

/// Computes the sessions of the units that a worker gets.
final class SessionCollector: UnitConsumer {
  /// Units are users, and a new session starts after that many microseconds without an event.
  private let gap: Int64?
  private var features: SessionFeatures
  private let rows = WideRows(width: SessionTable.width)
  private let keeper: PartKeeper
  private var part = 0
  /// Before which row of the part each session comes that is found later.
  private var reserved: [Int] = []
  private var parts: [SessionPart] = []

  init(_ source: EventSource, gap: Int64?, keeper: PartKeeper) {
    self.gap = gap
    self.keeper = keeper
    features = SessionFeatures(source)
  }

  func begin(part: Int) {
    self.part = part
    rows.removeAll()
    reserved = []
  }

  func reserve() -> Int {
    reserved.append(rows.count)
    return reserved.count - 1
  }

  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ range: Range<Int>
  ) throws(QueryError) {
    guard let gap else { return try add(unit, order, events, range) }
    var start = range.lowerBound
    for row in range where row > start {
      let (pause, overflow) = events.times[row].subtractingReportingOverflow(events.times[row - 1])
      if overflow || pause > gap {
        try add(unit, order, events, start..<row)
        start = row
      }
    }
    try add(unit, order, events, start..<range.upperBound)
  }

  private func add(
    _ unit: UInt32, _ order: UInt64, _ events: EventLanes, _ range: Range<Int>
  ) throws(QueryError) {
    let row = rows.append()
    try features.write(unit, events, range, to: row, of: rows.columns)
    rows.columns[SessionTable.orderColumn][row] = Int64(bitPattern: order)
  }

  func end() throws(QueryError) {
    guard rows.count > 0 || !reserved.isEmpty else { return }
    parts.append(
      SessionPart(number: part, columns: try keeper.keep(rows.narrowed()), reserved: reserved))
  }

  /// Gives all parts away.
  func takeParts() -> [SessionPart] {
    defer { parts = [] }
    return parts
  }
}
