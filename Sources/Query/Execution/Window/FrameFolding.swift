import ColStore

/// Aggregates over frames without holes, whose cost does not grow with the frames.
///
/// Counts and exact sums are differences of running totals. The extremes of frames that only move on
/// are at the head of a queue (Lemire 2006, monotonic wedge). Sums of DOUBLE, which would not
/// survive a difference, follow frames that only grow, and are added up anew for others.
struct FrameFolding {
  private enum Kind {
    case count
    case exact(SumFinish)
    case double(isAverage: Bool)
    case extreme(isMaximum: Bool)
  }

  private let kind: Kind
  /// The argument in window order; nil for count(*).
  private let values: Vector?
  /// For each place whether its row counts: it passes the filter, and its value is not NULL.
  private let counts: [Bool]

  /// Nil for other aggregates. Arguments and filter are in window order.
  init?(_ aggregate: CompiledAggregate, _ arguments: [Vector], _ passes: Vector?, count: Int) {
    guard !aggregate.isDistinct, aggregate.orderBy.isEmpty, arguments.count <= 1 else {
      return nil
    }
    let type = arguments.first?.type.physical
    switch (aggregate.overload.name, type) {
    case ("count", _): kind = .count
    case ("sum", .double), ("avg", .double):
      kind = .double(isAverage: aggregate.overload.name == "avg")
    case ("sum", .int64), ("avg", .int64):
      guard let finish = SumFinish(aggregate.overload) else { return nil }
      kind = .exact(finish)
    case ("min", _), ("max", _): kind = .extreme(isMaximum: aggregate.overload.name == "max")
    default: return nil
    }
    // Coded texts are ordered faster than others.
    values = type == .string ? arguments.first : arguments.first?.flat()
    var counts = [Bool](repeating: true, count: count)
    if let values, values.mayHaveNulls {
      for place in 0..<count where values.isNull(place) { counts[place] = false }
    }
    if let passes {
      let holds = Rows<UInt8>(passes)
      for place in 0..<count where holds.isNull(place) || holds[place] != 1 {
        counts[place] = false
      }
    }
    self.counts = counts
  }

  /// The result of each place, in window order; nil where the frames do not suit.
  func results(of frames: WindowFrames) throws(QueryError) -> Vector? {
    switch kind {
    case .count:
      let totals = runningCounts()
      let output = FlatBuilder<Int64>(count: counts.count)
      for place in counts.indices {
        output[place] = totals[frames.end[place]] - totals[frames.start[place]]
      }
      return output.finish(.bigint)
    case .exact(let finish): return try exactSums(frames, finish)
    case .double(let isAverage): return doubleSums(frames, isAverage)
    case .extreme(let isMaximum): return extremes(frames, isMaximum)
    }
  }

  /// How many rows count before each place, and in all.
  private func runningCounts() -> [Int64] {
    var total: Int64 = 0
    var totals: [Int64] = [0]
    totals.reserveCapacity(counts.count + 1)
    for isCounted in counts {
      total += isCounted ? 1 : 0
      totals.append(total)
    }
    return totals
  }

  private func exactSums(_ frames: WindowFrames, _ finish: SumFinish) throws(QueryError) -> Vector?
  {
    guard let values else { return nil }
    let word = values.pointer(Int64.self)
    var total: Int128 = 0
    var totals: [Int128] = [0]
    totals.reserveCapacity(counts.count + 1)
    for place in counts.indices {
      if counts[place] { total &+= Int128(word[place]) }
      totals.append(total)
    }
    let rows = runningCounts()
    return try finish.vector(
      count: counts.count,
      sums: { totals[frames.end[$0]] &- totals[frames.start[$0]] },
      counts: { rows[frames.end[$0]] - rows[frames.start[$0]] })
  }

  private func doubleSums(_ frames: WindowFrames, _ isAverage: Bool) -> Vector? {
    guard let values else { return nil }
    let number = values.pointer(Double.self)
    var output = FlatBuilder<Double>(count: counts.count)
    var sum = 0.0
    var rows = 0
    var (from, to) = (0, 0)
    for place in counts.indices {
      let (start, end) = (frames.start[place], frames.end[place])
      if start != from || end < to { (sum, rows, from, to) = (0, 0, start, start) }
      while to < end {
        if counts[to] {
          sum += number[to]
          rows += 1
        }
        to += 1
      }
      if rows == 0 {
        output.setNull(place, filler: 0)
      } else {
        output[place] = isAverage ? sum / Double(rows) : sum
      }
    }
    return output.finish(.double)
  }

  private func extremes(_ frames: WindowFrames, _ isMaximum: Bool) -> Vector? {
    guard let values else { return nil }
    let ranks = ranks(values)
    let flat = values.flat()
    // Later in the order is better.
    func rank(_ place: Int) -> Int64 { isMaximum ? ranks[place] : ~ranks[place] }
    let joined = Vector.concatenate(
      [flat, Vector.nulls(values.type, count: 1).flat()], type: values.type)
    let found = Buffer(UInt32.self, count: counts.count)
    let output = found.pointer(UInt32.self)
    // Places from `head` on, whose values fall.
    var queue: [Int] = []
    var head = 0
    var (from, to) = (0, 0)
    for place in counts.indices {
      let (start, end) = (frames.start[place], frames.end[place])
      if start >= end {
        output[place] = UInt32(counts.count)
        continue
      }
      guard start >= from, end >= to else { return nil }
      if start >= to {
        queue.removeAll(keepingCapacity: true)
        (head, to) = (0, start)
      }
      from = start
      while to < end {
        if counts[to] {
          let new = rank(to)
          while queue.count > head, let last = queue.last, rank(last) < new { queue.removeLast() }
          queue.append(to)
        }
        to += 1
      }
      while head < queue.count, queue[head] < start { head += 1 }
      output[place] = UInt32(head < queue.count ? queue[head] : counts.count)
    }
    return withExtendedLifetime((found, values)) {
      Vector.gather(
        values: joined, at: UnsafePointer(output), count: counts.count, keeping: joined)
    }
  }

  /// For each place a number by which values are ordered, NaN being the greatest of DOUBLE.
  private func ranks(_ values: Vector) -> [Int64] {
    switch values.type.physical {
    case .int64:
      return Array(UnsafeBufferPointer(start: values.pointer(Int64.self), count: counts.count))
    case .double:
      let numbers = values.pointer(Double.self)
      return counts.indices.map { DoubleKey.ordered(numbers[$0]) }
    default:
      let order = SortOrder.rows(
        [SortColumn(vector: values, descending: false, nullsFirst: true)], count: counts.count)
      var ranks = [Int64](repeating: 0, count: counts.count)
      for index in 1..<max(order.count, 1) {
        let (before, place) = (Int(order.pointer[index - 1]), Int(order.pointer[index]))
        let isEqual = RowComparison.compare(values, before, values, place) == 0
        ranks[place] = ranks[before] + (isEqual ? 0 : 1)
      }
      return ranks
    }
  }
}
