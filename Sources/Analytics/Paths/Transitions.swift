import ColStore
import Query

/// Counts of lengths of time, of which the median is wanted: bounded by the distinct lengths.
struct SpanCounts {
  private static let smallSeconds = 4096
  /// How many spans are of so many whole seconds.
  private var seconds: [UInt32] = []
  private var others: [Int64: Int] = [:]
  private(set) var count = 0

  mutating func add(_ span: Int64, times: Int = 1) {
    count += times
    let (whole, rest) = span.quotientAndRemainder(dividingBy: UTC.second)
    guard rest == 0, whole >= 0, whole < SpanCounts.smallSeconds, times < 1 << 31 else {
      others[span, default: 0] += times
      return
    }
    if seconds.isEmpty { seconds = Array(repeating: 0, count: SpanCounts.smallSeconds) }
    let (sum, overflow) = seconds[Int(whole)].addingReportingOverflow(UInt32(times))
    if overflow { others[span, default: 0] += times } else { seconds[Int(whole)] = sum }
  }

  mutating func merge(_ other: SpanCounts) {
    for (whole, number) in other.seconds.enumerated() where number > 0 {
      add(Int64(whole) * UTC.second, times: Int(number))
    }
    for (span, number) in other.others { add(span, times: number) }
  }

  /// In seconds; of an even number of spans, the mean of the middle two.
  var medianSeconds: Double? {
    guard count > 0 else { return nil }
    var all = others
    for (whole, number) in seconds.enumerated() where number > 0 {
      all[Int64(whole) * UTC.second, default: 0] += Int(number)
    }
    let sorted = all.sorted { $0.key < $1.key }
    func span(_ place: Int) -> Double {
      var left = place
      for (span, number) in sorted {
        if left < number { return Double(span) }
        left -= number
      }
      return 0
    }
    return (span((count - 1) / 2) + span(count / 2)) / 2 / Double(UTC.second)
  }
}

/// Counts what follows what, for one worker.
final class TransitionCollector: UnitConsumer {
  /// One state more for the start, one for the end.
  private let width: Int
  private(set) var counts: [Int: Int] = [:]
  private(set) var spans: [Int: SpanCounts] = [:]
  private var dense: [(count: Int, spans: SpanCounts)]

  init(states: Int) {
    width = states + 2
    dense = width <= 64 ? Array(repeating: (0, SpanCounts()), count: width * width) : []
  }

  func consume(
    _ unit: UInt32, order: UInt64, _ events: EventLanes, _ rows: Range<Int>
  ) throws(QueryError) {
    let states = events.lane(0)
    count(from: width - 2, to: Int(states[rows.lowerBound]), span: nil)
    for row in rows.dropFirst() {
      count(
        from: Int(states[row - 1]), to: Int(states[row]),
        span: events.times[row] &- events.times[row - 1])
    }
    count(from: Int(states[rows.upperBound - 1]), to: width - 1, span: nil)
  }

  private func count(from: Int, to: Int, span: Int64?) {
    let pair = from * width + to
    if dense.isEmpty {
      counts[pair, default: 0] += 1
      if let span { spans[pair, default: SpanCounts()].add(span) }
    } else {
      dense[pair].count += 1
      if let span { dense[pair].spans.add(span) }
    }
  }

  func end() {
    for pair in dense.indices where dense[pair].count > 0 {
      counts[pair, default: 0] += dense[pair].count
      dense[pair].count = 0
    }
  }

  /// The spans of a pair.
  func spans(_ pair: Int) -> SpanCounts? { dense.isEmpty ? spans[pair] : dense[pair].spans }
}

/// The transition matrix, as rows.
struct TransitionTable {
  private let names: StateNames
  private let counts: [Int: Int]
  private let totals: [Int: Int]
  private let collectors: [TransitionCollector]

  init(_ collectors: [TransitionCollector], _ states: CodedColumn) {
    names = StateNames(states)
    self.collectors = collectors
    var counts: [Int: Int] = [:]
    for collector in collectors { counts.merge(collector.counts) { $0 + $1 } }
    self.counts = counts
    var totals: [Int: Int] = [:]
    for (pair, count) in counts { totals[pair / (names.count + 2), default: 0] += count }
    self.totals = totals
  }

  /// How many transitions there are from the state of each row.
  var cellSizes: [Int] { counts.keys.map { totals[$0 / (names.count + 2)] ?? 0 } }

  /// The most frequent transitions first.
  func columns(top: Int?) -> [Vector] {
    let width = names.count + 2
    var pairs = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if let top { pairs = Array(pairs.prefix(top)) }
    func total(_ row: Int) -> Int { totals[pairs[row].key / width] ?? 0 }
    return [
      .texts(pairs.map { names[$0.key / width] }), .texts(pairs.map { names[$0.key % width] }),
      .build(.bigint, count: pairs.count) { Int64(pairs[$0].value) },
      .build(.bigint, count: pairs.count) { Int64(total($0)) },
      .build(.double, count: pairs.count) { Double(pairs[$0].value) / Double(total($0)) },
      .buildNullable(.double, count: pairs.count) { (row: Int) -> Double? in
        var spans = SpanCounts()
        for collector in collectors {
          if let own = collector.spans(pairs[row].key) { spans.merge(own) }
        }
        return spans.medianSeconds
      },
    ]
  }
}
