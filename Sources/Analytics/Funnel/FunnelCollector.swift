import ColStore
import Query

/// Matches one unit after the other, for one worker.
final class FunnelCollector: UnitConsumer {
  private let matcher: FunnelMatcher
  private let stepCount: Int
  private let stepBits: UInt32
  private let hasBreakdown: Bool
  private let conditionLane: Int
  private let droppedAt: Int?
  private var events: [FunnelEvent] = []
  private var part = 0
  let counts: FunnelCounts
  private(set) var dropped: [(part: Int, units: DroppedUnits)] = []
  private var list = DroppedUnits()

  init(_ funnel: FunnelOperator, _ source: EventSource) {
    matcher = FunnelMatcher(funnel.rules)
    stepCount = funnel.steps.count
    stepBits = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(stepCount)) - 1)
    hasBreakdown = funnel.breakdown != nil
    conditionLane = source.layout.conditionLane
    droppedAt = funnel.droppedAt
    counts = FunnelCounts(
      stepCount: stepCount, groupCount: source.coded.first?.count ?? 1,
      sortsTimes: funnel.rules.order == .any)
  }

  func begin(part: Int) {
    self.part = part
    list = DroppedUnits()
  }

  func consume(
    _ unit: UInt32, order: UInt64, _ lanes: EventLanes, _ rows: Range<Int>
  ) throws(QueryError) {
    let bits = lanes.lane(conditionLane)
    // Most units never come to the first step, or do nothing else.
    var any: UInt32 = 0
    for row in rows { any |= bits[row] }
    guard any & 1 != 0 else { return }
    read(lanes, bits, rows)
    let level = events.withUnsafeBufferPointer { matcher.match($0.span) }
    guard level > 0 else { return }
    let group = hasBreakdown ? firstStepGroup(lanes, bits, rows) : 0
    if let droppedAt {
      guard level == droppedAt else { return }
      var (first, last) = (matcher.step(1).time, matcher.step(1).time)
      for step in 1...level {
        first = min(first, matcher.step(step).time)
        last = max(last, matcher.step(step).time)
      }
      list.add(unit: unit, group: group, first: first, last: last)
      return
    }
    counts.add(level: level, group: Int(group)) { matcher.step($0).time }
  }

  func end() { if list.count > 0 { dropped.append((part, list)) } }

  /// The unit's events as the matcher takes them.
  private func read(_ lanes: EventLanes, _ bits: UnsafePointer<UInt32>, _ rows: Range<Int>) {
    events.removeAll(keepingCapacity: true)
    var isSorted = true
    for row in rows {
      let time = lanes.times[row]
      let word = bits[row]
      let isExcluded = word & ~stepBits != 0
      if isExcluded || word == 0 {
        append(time, isExcluded ? FunnelEvent.exclusion : FunnelEvent.noStep, row, &isSorted)
      }
      var steps = word & stepBits
      while steps != 0 {
        append(time, Int32(steps.trailingZeroBitCount) + 1, row, &isSorted)
        steps &= steps - 1
      }
    }
    if !isSorted { events.withUnsafeMutableBufferPointer { FunnelEvent.sort($0) } }
  }

  @inline(__always)
  private func append(_ time: Int64, _ step: Int32, _ row: Int, _ isSorted: inout Bool) {
    let event = FunnelEvent(time: time, step: step, row: UInt32(truncatingIfNeeded: row))
    if let last = events.last, FunnelEvent.precedes(event, last) { isSorted = false }
    events.append(event)
  }

  /// The breakdown's value at the unit's first event of step 1.
  private func firstStepGroup(
    _ lanes: EventLanes, _ bits: UnsafePointer<UInt32>, _ rows: Range<Int>
  ) -> UInt32 {
    lanes.lane(0)[rows.first { bits[$0] & 1 != 0 } ?? rows.lowerBound]
  }
}

/// Units that came to a step and no further.
struct DroppedUnits {
  private var units: [UInt32] = []
  private var groups: [UInt32] = []
  private var first: [Int64] = []
  private var last: [Int64] = []

  var count: Int { units.count }

  mutating func add(unit: UInt32, group: UInt32, first: Int64, last: Int64) {
    units.append(unit)
    groups.append(group)
    self.first.append(first)
    self.last.append(last)
  }

  func columns(_ unit: CodedColumn, _ breakdown: CodedColumn?, keeping places: [Int]) -> [Vector] {
    func coded(_ codes: [UInt32], _ column: CodedColumn) -> Vector {
      let buffer = Buffer(UInt32.self, count: codes.count)
      for (row, code) in codes.enumerated() { buffer.pointer(UInt32.self)[row] = code }
      return column.vector(buffer, count: codes.count)
    }
    var all = [coded(units, unit)]
    if let breakdown { all.append(coded(groups, breakdown)) }
    all.append(.build(.timestamp, count: count) { first[$0] })
    all.append(.build(.timestamp, count: count) { last[$0] })
    return (places.isEmpty ? [0] : places).map { all[$0] }
  }
}
