import ColStore
import Query

/// How many units came how far, and how long they took, by the breakdown's value.
final class FunnelCounts {
  private let stepCount: Int
  private let groupCount: Int
  /// Steps may come in any order: what lies between two of them is told in the order of time.
  private let sortsTimes: Bool
  /// Units whose level is exactly k + 1, for each group.
  private var levels: [Int]
  /// For steps from the second: microseconds since the step before, and the group.
  private var spans: [[(group: UInt32, span: Int64)]]
  private var times: [Int64] = []

  init(stepCount: Int, groupCount: Int, sortsTimes: Bool) {
    self.stepCount = stepCount
    self.groupCount = groupCount
    self.sortsTimes = sortsTimes
    levels = Array(repeating: 0, count: stepCount * groupCount)
    spans = Array(repeating: [], count: stepCount)
  }

  init(merging parts: [FunnelCounts]) {
    stepCount = parts[0].stepCount
    groupCount = parts[0].groupCount
    sortsTimes = parts[0].sortsTimes
    levels = parts[0].levels
    spans = parts[0].spans
    for part in parts.dropFirst() {
      for index in levels.indices { levels[index] += part.levels[index] }
      for step in 0..<stepCount { spans[step] += part.spans[step] }
    }
  }

  func add(level: Int, group: Int, time: (Int) -> Int64) {
    levels[group * stepCount + level - 1] += 1
    guard level > 1 else { return }
    times.removeAll(keepingCapacity: true)
    for step in 1...level { times.append(time(step)) }
    if sortsTimes { times.sort() }
    for step in 1..<level {
      spans[step].append((UInt32(group), times[step] &- times[step - 1]))
    }
  }

  /// How many units of a group came to each step at least.
  private func reached(_ group: Int) -> [Int] {
    var counts = Array(levels[group * stepCount..<(group + 1) * stepCount])
    for step in (0..<stepCount - 1).reversed() { counts[step] += counts[step + 1] }
    return counts
  }

  /// What the rates of each row are of: how many units came to the step before.
  var cellSizes: [Int] {
    (0..<groupCount).flatMap { group in
      let reached = reached(group)
      return reached.prefix(1) + reached.dropLast()
    }
  }

  /// One row a step, or a group and step; groups with most units first.
  func columns(steps: [String], breakdown: CodedColumn?) -> [Vector] {
    let reached = (0..<groupCount).map(reached)
    var groups = Array(0..<groupCount)
    if breakdown != nil {
      groups = groups.filter { reached[$0][0] > 0 }
        .sorted { (reached[$1][0], $0) < (reached[$0][0], $1) }
    }
    let durations = spans.map { FunnelDurations($0, groupCount: groupCount) }
    let rows = groups.flatMap { group in (0..<stepCount).map { (group: group, step: $0) } }
    let count = rows.count
    var result: [Vector] = []
    if let breakdown {
      let codes = Buffer(UInt32.self, count: count)
      for (row, place) in rows.enumerated() {
        codes.pointer(UInt32.self)[row] = UInt32(place.group)
      }
      result.append(breakdown.vector(codes, count: count))
    }
    func units(_ row: Int) -> Int { reached[rows[row].group][rows[row].step] }
    func before(_ row: Int) -> Int { reached[rows[row].group][max(0, rows[row].step - 1)] }
    func first(_ row: Int) -> Int { reached[rows[row].group][0] }
    func rate(_ part: Int, _ whole: Int) -> Double? {
      whole == 0 ? nil : Double(part) / Double(whole)
    }
    func duration(_ row: Int) -> FunnelDurations.Summary? {
      durations[rows[row].step].summaries[rows[row].group]
    }
    result += [
      .build(.bigint, count: count) { Int64(rows[$0].step + 1) },
      .texts(rows.map { steps[$0.step] }),
      .build(.bigint, count: count) { Int64(units($0)) },
      .build(.bigint, count: count) { Int64(before($0)) },
      .buildNullable(.double, count: count) { rate(units($0), before($0)) },
      .build(.bigint, count: count) { Int64(first($0)) },
      .buildNullable(.double, count: count) { rate(units($0), first($0)) },
      .buildNullable(.double, count: count) { duration($0)?.median },
      .buildNullable(.double, count: count) { duration($0)?.mean },
    ]
    return result
  }
}

/// The median and the mean of the time to a step, for each group.
struct FunnelDurations {
  struct Summary {
    /// In seconds; of an even number of spans, the mean of the middle two.
    let median: Double
    let mean: Double
  }

  private(set) var summaries: [Int: Summary] = [:]

  init(_ spans: [(group: UInt32, span: Int64)], groupCount: Int) {
    let sorted =
      groupCount == 1
      ? spans.sorted { $0.span < $1.span }
      : spans.sorted { ($0.group, $0.span) < ($1.group, $1.span) }
    var start = 0
    while start < sorted.count {
      let group = sorted[start].group
      var end = start
      var sum: Int128 = 0
      while end < sorted.count && sorted[end].group == group {
        sum += Int128(sorted[end].span)
        end += 1
      }
      let (low, high) = (sorted[(start + end - 1) / 2].span, sorted[(start + end) / 2].span)
      summaries[Int(group)] = Summary(
        median: (Double(low) + Double(high)) / 2 / Double(UTC.second),
        mean: Double(sum) / Double(end - start) / Double(UTC.second))
      start = end
    }
  }
}
