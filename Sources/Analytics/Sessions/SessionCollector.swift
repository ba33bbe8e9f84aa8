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
  private var parts: [(part: Int, columns: [NarrowColumn])] = []

  init(_ source: EventSource, gap: Int64?, keeper: PartKeeper) {
    self.gap = gap
    self.keeper = keeper
    features = SessionFeatures(source)
  }

  func begin(part: Int) {
    self.part = part
    rows.removeAll()
  }

  func reserve() -> Int {
    let row = rows.append()
    rows.columns[SessionField.unit.rawValue][row] = SessionTable.missing
    return row
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
    if rows.count > 0 { parts.append((part, try keeper.keep(rows.narrowed()))) }
  }

  /// Gives all parts away.
  func takeParts() -> [(part: Int, columns: [NarrowColumn])] {
    defer { parts = [] }
    return parts
  }
}

/// All sessions of an input, in parts.
final class SessionTable: Sendable {
  /// The fields, and where the session comes in the store.
  static let width = SessionField.allCases.count + 1
  static let orderColumn = SessionField.allCases.count
  /// In place of a unit: a row that another part may have something for.
  static let missing: Int64 = -1

  let parts: Workers<[NarrowColumn]>

  init(
    _ outcome: UnitGrouping<SessionCollector>.Outcome, _ context: QueryContext
  ) throws(QueryError) {
    var found = outcome.consumers.flatMap { $0.takeParts() }
    found.sort { $0.part < $1.part }
    let late = found.filter { $0.part >= outcome.clusteredParts }.map(\.columns)
    if outcome.clusteredParts == 0 {
      parts = Workers(late)
      return
    }
    found.removeLast(late.count)
    let patches = try SessionTable.patches(late, parts: outcome.clusteredParts)
    let numbers = found.map(\.part)
    // A part is let go as soon as what is made of it is there.
    let slots = Slots(found.map(\.columns))
    found = []
    let keeper = PartKeeper(context)
    try inParallel(numbers.count, threads: context.options.threads) { index throws(QueryError) in
      guard let columns = slots[index] else { return }
      slots[index] = nil
      slots[index] = try keeper.keep(SessionTable.patched(columns, patches[numbers[index]]))
    }
    parts = Workers(slots.all)
  }

  /// The sessions whose rows were set aside, by the part that they belong to.
  private static func patches(
    _ late: [[NarrowColumn]], parts: Int
  ) throws(QueryError) -> Workers<WideRows?> {
    var patches: [WideRows?] = Array(repeating: nil, count: parts)
    let rows = WideRows(width: width)
    for columns in late {
      try rows.load(columns)
      for row in 0..<rows.count {
        let part = Int(rows.columns[orderColumn][row] >> 32)
        let target = patches[part] ?? WideRows(width: width)
        patches[part] = target
        let place = target.append()
        for column in 0..<width { target.columns[column][place] = rows.columns[column][row] }
      }
    }
    return Workers(patches)
  }

  /// A part with what belongs into its missing rows; rows that stay missing are dropped.
  private static func patched(
    _ columns: [NarrowColumn], _ patch: WideRows?
  ) throws(QueryError) -> [NarrowColumn] {
    let rows = WideRows(width: width)
    try rows.load(columns)
    if let patch {
      for source in 0..<patch.count {
        let place = Int(UInt32(truncatingIfNeeded: patch.columns[orderColumn][source]))
        for column in 0..<width { rows.columns[column][place] = patch.columns[column][source] }
      }
    }
    let units = rows.columns[SessionField.unit.rawValue]
    let kept = WideRows(width: width)
    kept.reserve(rows.count)
    for row in 0..<rows.count where units[row] != missing {
      let place = kept.append()
      for column in 0..<width { kept.columns[column][place] = rows.columns[column][row] }
      // Parts in order, and their rows in order, say it all.
      kept.columns[orderColumn][place] = 0
    }
    return kept.narrowed()
  }
}
