import ColStore

/// Aggregates whose cost does not grow with the frames.
///
/// Counts and exact sums are differences of running totals. The extremes of frames that only move on
/// are at the head of a queue (Lemire 2006, monotonic wedge). Sums of DOUBLE, which would not
/// survive a difference, follow frames that only grow. All others are put together of the nodes of a tree
/// (Leis et al. 2015, segment trees).
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

  /// The result of each place, in window order.
  func results(
    of frames: WindowFrames, _ partitions: WindowPartitions
  ) throws(QueryError) -> Vector {
    let pieces = FramePieces(frames: frames, partitions: partitions)
    switch kind {
    case .count:
      let totals = runningCounts()
      let output = FlatBuilder<Int64>(count: counts.count)
      for place in counts.indices {
        output[place] = pieces.sum(place) { totals[$0.upperBound] - totals[$0.lowerBound] }
      }
      return output.finish(.bigint)
    case .exact(let finish): return try exactSums(pieces, finish)
    case .double(let isAverage):
      return doubleSums(frames, isAverage) ?? doubleSums(pieces, isAverage)
    case .extreme(let isMaximum):
      let ranks = ranks(values ?? Vector(.bigint, [])).map { isMaximum ? $0 : ~$0 }
      return rows(at: extremes(frames, ranks) ?? extremes(pieces, ranks))
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

  private func exactSums(
    _ pieces: FramePieces, _ finish: SumFinish
  ) throws(QueryError) -> Vector {
    let values = values ?? Vector(.bigint, [])
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
      sums: { pieces.sum($0) { totals[$0.upperBound] &- totals[$0.lowerBound] } },
      counts: { pieces.sum($0) { rows[$0.upperBound] - rows[$0.lowerBound] } })
  }

  /// Nil where frames do more than grow.
  private func doubleSums(_ frames: WindowFrames, _ isAverage: Bool) -> Vector? {
    guard let values, !frames.hasExclusion else { return nil }
    let number = values.pointer(Double.self)
    var output = FlatBuilder<Double>(count: counts.count)
    // Frames that begin anew cost their rows, as often as that happens.
    var added = 0
    var sum = 0.0
    var rows = 0
    var (from, to) = (0, 0)
    for place in counts.indices {
      let (start, end) = (frames.start[place], frames.end[place])
      if start != from || end < to { (sum, rows, from, to) = (0, 0, start, start) }
      added += end - to
      if added > FrameFolding.addedMax * counts.count { return nil }
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

  /// So many rows are added up for each place before a tree is worth its making.
  private static let addedMax = 16

  private func doubleSums(_ pieces: FramePieces, _ isAverage: Bool) -> Vector {
    let values = values ?? Vector(.double, [])
    let number = values.pointer(Double.self)
    let tree = FoldTree(counts.indices.map { counts[$0] ? number[$0] : 0 }, neutral: 0, +)
    let rows = runningCounts()
    var output = FlatBuilder<Double>(count: counts.count)
    for place in counts.indices {
      let count = pieces.sum(place) { rows[$0.upperBound] - rows[$0.lowerBound] }
      if count == 0 {
        output.setNull(place, filler: 0)
        continue
      }
      let sum = pieces.of(place).reduce(0) { $0 + tree.fold($1) }
      output[place] = isAverage ? sum / Double(count) : sum
    }
    return withExtendedLifetime(values) { output.finish(.double) }
  }

  /// The places whose values are the results; that behind the last where there is none.
  private func extremes(_ pieces: FramePieces, _ ranks: [Int64]) -> [Int] {
    let none = counts.count
    func better(_ left: Int, _ right: Int) -> Int {
      if left == none || right == none { return min(left, right) }
      return ranks[right] > ranks[left] ? right : left
    }
    let tree = FoldTree(
      counts.indices.map { counts[$0] ? $0 : none }, neutral: none, better)
    return counts.indices.map { place in
      pieces.of(place).reduce(none) { better($0, tree.fold($1)) }
    }
  }

  private func rows(at places: [Int]) -> Vector {
    let values = values ?? Vector(.bigint, [])
    let joined = Vector.concatenate(
      [values.flat(), Vector.nulls(values.type, count: 1).flat()], type: values.type)
    return places.map { UInt32($0) }.withUnsafeBufferPointer { places in
      guard let base = places.baseAddress else { return Vector(values.type, []) }
      return Vector.gather(values: joined, at: base, count: places.count, keeping: joined)
    }
  }

  /// As the other; nil where frames do more than move on. Later ranks are better.
  private func extremes(_ frames: WindowFrames, _ ranks: [Int64]) -> [Int]? {
    if frames.hasExclusion { return nil }
    var output = [Int](repeating: counts.count, count: counts.count)
    // Places from `head` on, whose values fall.
    var queue: [Int] = []
    var head = 0
    var (from, to) = (0, 0)
    for place in counts.indices {
      let (start, end) = (frames.start[place], frames.end[place])
      if start >= end { continue }
      guard start >= from, end >= to else { return nil }
      if start >= to {
        queue.removeAll(keepingCapacity: true)
        (head, to) = (0, start)
      }
      from = start
      while to < end {
        if counts[to] {
          while queue.count > head, let last = queue.last, ranks[last] < ranks[to] {
            queue.removeLast()
          }
          queue.append(to)
        }
        to += 1
      }
      while head < queue.count, queue[head] < start { head += 1 }
      if head < queue.count { output[place] = queue[head] }
    }
    return output
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

/// The frames of all places, in pieces where something is taken out of them.
private struct FramePieces {
  let frames: WindowFrames
  let partitions: WindowPartitions

  func of(_ place: Int) -> [Range<Int>] {
    frames.hasExclusion
      ? frames.pieces(place, partitions) : [frames.start[place]..<frames.end[place]]
  }

  @inline(__always)
  func sum<Number: AdditiveArithmetic>(_ place: Int, _ ofPiece: (Range<Int>) -> Number) -> Number {
    guard frames.hasExclusion else {
      return ofPiece(frames.start[place]..<frames.end[place])
    }
    return frames.pieces(place, partitions).reduce(.zero) { $0 + ofPiece($1) }
  }
}

/// What elements of any range come to, in logarithmic time.
private struct FoldTree<Element> {
  /// Node i is made of nodes 2i and 2i + 1; the leaves are the last half.
  private var nodes: [Element]
  private let count: Int
  private let neutral: Element
  private let combine: (Element, Element) -> Element

  init(
    _ leaves: [Element], neutral: Element, _ combine: @escaping (Element, Element) -> Element
  ) {
    count = leaves.count
    self.neutral = neutral
    self.combine = combine
    nodes = Array(repeating: neutral, count: leaves.count) + leaves
    for node in stride(from: count - 1, to: 0, by: -1) {
      nodes[node] = combine(nodes[2 * node], nodes[2 * node + 1])
    }
  }

  func fold(_ range: Range<Int>) -> Element {
    var (left, right) = (range.lowerBound + count, range.upperBound + count)
    var (before, behind) = (neutral, neutral)
    while left < right {
      if left & 1 == 1 {
        before = combine(before, nodes[left])
        left += 1
      }
      if right & 1 == 1 {
        right -= 1
        behind = combine(nodes[right], behind)
      }
      left /= 2
      right /= 2
    }
    return combine(before, behind)
  }
}
