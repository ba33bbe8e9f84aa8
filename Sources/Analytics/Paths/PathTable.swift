import ColStore
import Query

/// Counts the ways through units, for one worker.
final class PathCollector: UnitConsumer {
  /// The states of a path, and whether there were more.
  struct Path: Hashable {
    let states: [UInt32]
    let isCut: Bool
  }

  private let length: Int
  private(set) var counts: [Path: Int] = [:]

  init(length: Int) { self.length = length }

  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ rows: Range<Int>
  ) throws(QueryError) {
    let shown = rows.prefix(length)
    let states = UnsafeBufferPointer(
      start: events.lane(0) + shown.lowerBound, count: shown.count)
    counts[Path(states: Array(states), isCut: shown.count < rows.count), default: 0] += 1
  }
}

/// All paths, as rows.
struct PathTable {
  private let names: StateNames
  private let counts: [PathCollector.Path: Int]

  init(_ collectors: [PathCollector], _ states: CodedColumn) {
    names = StateNames(states)
    var counts: [PathCollector.Path: Int] = [:]
    for collector in collectors { counts.merge(collector.counts) { $0 + $1 } }
    self.counts = counts
  }

  /// The most frequent paths first.
  func columns(top: Int?) -> [Vector] {
    let total = counts.values.reduce(0, +)
    var rows = counts.sorted { left, right in
      if left.value != right.value { return left.value > right.value }
      if left.key.states != right.key.states {
        return left.key.states.lexicographicallyPrecedes(right.key.states)
      }
      return !left.key.isCut && right.key.isCut
    }
    if let top { rows = Array(rows.prefix(top)) }
    return [
      .texts(rows.map { text($0.key) }),
      .build(.bigint, count: rows.count) { Int64(rows[$0].value) },
      .build(.bigint, count: rows.count) { _ in Int64(total) },
      .build(.double, count: rows.count) { Double(rows[$0].value) / Double(total) },
    ]
  }

  private func text(_ path: PathCollector.Path) -> String {
    let states = path.states.map { names[Int($0)] }
    return ([StateNames.start] + states + [path.isCut ? "…" : StateNames.end])
      .joined(separator: " > ")
  }
}
